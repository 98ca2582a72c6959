// A distributor who learns that his shipments take longer to unload says so in his settings, and starts again.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { demo, EXAMPLE, kabinet, order, promiseOf, reconfigured } from '../lib/demo.mjs';

let server;
after(() => server?.end('SIGKILL'));

test('a longer receipt buffer re-plans what was promised, and says so', async () => {
    server = await demo();
    const placed = await order(await server.login('employee@demo'), { lines: [{ sku: EXAMPLE, qty: '100' }] });
    assert.equal(placed.json.status, 'confirmed');
    server = await reconfigured(server, { settings: promiseOf('receipt_buffer_days: 3, settle_minutes: 0') });
    const { data } = server;
    const employee = await server.login('employee@demo');
    const { json } = await employee.get(`/api/v1/orders/${placed.json.id}`);
    assert.ok(json.timeline.some((event) => event.code === 'promise_worse'), JSON.stringify(json.timeline));
    await server.end();
    const check = kabinet('db', 'check', '--data', data);
    assert.equal(check.status, 0, check.stdout);
});
