// Edits of an order: who came second is told so, what the rule says is told, and texts touch nothing else.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterEach, test } from 'node:test';

import { ask, demo, EXAMPLE, kabinet, order, ROOT, serve } from '../lib/demo.mjs';

const SQL = path.join(ROOT, `build/obj/${process.env.MODE ?? 'release'}/sim/sql`);

const servers = [];
const started = async (promise) => {
    const server = await promise;
    servers.push(server);
    return server;
};
afterEach(async () => {
    await Promise.all(servers.map((server) => server.end()));
    for (const { data } of servers.splice(0)) {
        const check = kabinet('db', 'check', '--data', data);
        assert.equal(check.status, 0, check.stdout + check.stderr);
    }
});

test('two employees race edits of one revision: one wins, the other is told that the order changed', async () => {
    const server = await started(demo());
    const people = await Promise.all(['head', 'employee'].map((name) => server.login(`${name}@demo`)));
    const { json: placed } = await order(people[1], { lines: [{ sku: EXAMPLE, qty: '10' }] });
    const address = `/api/v1/orders/${placed.id}`;
    for (let rev = 1; rev <= 10; rev += 1) {
        const headers = { 'If-Match': `"${rev}"` };
        const answers = await Promise.all(people.map((client, index) =>
            client.patch(address, rev % 2 ? { lines: [{ sku: EXAMPLE, qty: String(20 * (index + 1) + rev) }] } : { comment: `${rev} ${index}` }, { headers })));
        assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 412]);
        const [won] = answers.filter((answer) => answer.status === 200);
        const [lost] = answers.filter((answer) => answer.status === 412);
        assert.equal(lost.json.detail, 'заказ изменился, пока вы его правили; откройте его заново');
        assert.equal(won.headers.etag, `"${rev + 1}"`);
        const { json: stored } = await people[0].get(address);
        assert.deepEqual([stored.lines[0].qty, stored.comment], [won.json.lines[0].qty, won.json.comment]);
    }
});

test('a comment is changed without a word to the rule, and 1C gets it', async () => {
    const server = await started(demo());
    const employee = await server.login('employee@demo');
    const { json: placed } = await order(employee, { lines: [{ sku: EXAMPLE, qty: '132' }], comment: 'первый' });
    const changed = await employee.patch(`/api/v1/orders/${placed.id}`, { comment: 'второй', reference: 'Б-7' });
    assert.equal(changed.status, 200, changed.text);
    assert.deepEqual([changed.json.status, changed.json.comment, changed.json.reference], ['review', 'второй', 'Б-7']);
    assert.deepEqual([changed.json.held_until, changed.json.reasons, changed.json.lines], [placed.held_until, placed.reasons, placed.lines]);
    assert.deepEqual(changed.json.timeline.map((event) => event.text).slice(2), ['Изменён комментарий или номер заказа у дилера']);
    assert.equal(changed.text, (await employee.get(`/api/v1/orders/${placed.id}`)).text);
});

test('what placing and editing answer is byte for byte what reading answers', async () => {
    const server = await started(demo());
    const [employee, ural] = await Promise.all(['employee', 'ural'].map((name) => server.login(`${name}@demo`)));
    const tile = { sku: 'CV-6060-01', qty: '216' };
    for (const [client, lines] of [
        [employee, [{ sku: EXAMPLE, qty: '60' }, { sku: 'CV-6060-01', qty: '1.44' }, { sku: EXAMPLE, qty: '3', date: '2026-04-20' }]],
        [ural, [tile]],
        [employee, [{ sku: EXAMPLE, qty: '300' }, { sku: 'CV-6060-01', qty: '1.44' }]],
    ]) {
        const placed = await order(client, { lines, comment: 'как есть' });
        assert.equal(placed.status, 201, placed.text);
        const address = `/api/v1/orders/${placed.json.id}`;
        assert.equal((await client.get(address)).text, placed.text);
        const edited = await client.patch(address, { lines: [...lines.slice(1), { sku: 'CV-6060-01', qty: '2.88' }] });
        assert.equal(edited.status, 200, edited.text);
        assert.equal((await client.get(address)).text, edited.text);
    }
});

test('an edit over the credit limit goes to the manager with the reason, and comes back without it', async () => {
    const made = await started(demo());
    await made.end();
    const limit = (kopecks) => {
        const done = spawnSync(SQL, [path.join(made.data, 'novus/kabinet.db'), `UPDATE contract SET credit_limit = ${kopecks}, limited = 1; UPDATE dealer SET rev = rev + 1`], { encoding: 'utf8' });
        assert.equal(done.status, 0, done.stderr);
    };
    let server = Object.assign(await started(serve(made.data)), { data: made.data });
    let employee = await server.login('employee@demo');
    const { json: placed } = await order(employee, { lines: [{ sku: EXAMPLE, qty: '100' }] });
    assert.equal(placed.status, 'confirmed');
    const again = async (kopecks) => {
        await server.end();
        limit(kopecks);
        server = Object.assign(await started(serve(made.data)), { data: made.data });
        employee = await server.login('employee@demo');
    };
    const edit = async (qty) => (await employee.patch(`/api/v1/orders/${placed.id}`, { lines: [{ sku: EXAMPLE, qty }] })).json;
    await again(100);
    const over = await edit('90');
    assert.deepEqual([over.status, over.lines[0].promised, over.reasons[0].code], ['review', '90.000', 'credit_limit']);
    assert.equal(over.timeline.at(-1).text, `Заказ передан менеджеру на проверку: ${over.reasons[0].text}`);
    assert.ok(over.held_until);
    // The goods are its own meanwhile.
    assert.equal((await ask(employee, [{ sku: EXAMPLE, qty: '31' }])).json.lines[0].promised, '30.000');
    await again(5_000_000_000);
    const back = await edit('80');
    assert.deepEqual([back.status, back.held_until, back.reasons], ['confirmed', null, []]);
    assert.equal(back.timeline.at(-1).text, 'Заказ подтверждён автоматически');
});
