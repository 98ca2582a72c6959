// Every route in every role, and nobody reads a byte of another dealer's. The routes come from the contract as served;
// what each must answer is written here by hand.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ask, DATE, demo, EXAMPLE, key, order, reconfigured } from '../lib/demo.mjs';
import { receiptId } from '../lib/feeds.mjs';

const ROLES = ['nobody', 'employee', 'colleague', 'head', 'rival', 'manager', 'admin'];

// Status by role, in the order of ROLES, for a request that is right but for who sends it. Where an order is named it is
// one that employee@demo has just placed.
const EXPECTED = {
    session_create: [401, 401, 401, 401, 401, 401, 401], // with a wrong password
    session_delete: [401, 204, 204, 204, 204, 204, 204],
    me_get: [401, 200, 200, 200, 200, 200, 200],
    portal_get: [200, 200, 200, 200, 200, 200, 200],
    group_list: [401, 200, 200, 200, 200, 200, 200],
    item_list: [401, 200, 200, 200, 200, 200, 200],
    item_get: [401, 200, 200, 200, 200, 200, 200],
    item_availability: [401, 200, 200, 200, 200, 200, 200],
    promise_ask: [401, 200, 200, 200, 200, 403, 403],
    order_list: [401, 200, 200, 200, 200, 200, 200],
    order_create: [401, 201, 201, 201, 201, 403, 403],
    order_get: [401, 200, 200, 200, 404, 200, 200],
    order_change: [401, 200, 403, 200, 404, 200, 403],
    order_cancel: [401, 200, 403, 200, 404, 200, 403],
    hold_list: [401, 200, 200, 200, 200, 403, 403],
    hold_create: [401, 201, 201, 201, 201, 403, 403],
    hold_release: [401, 200, 403, 200, 404, 403, 403], // of employee@demo's hold
    change_list: [401, 200, 200, 200, 200, 200, 200],
    revision_list: [401, 403, 403, 403, 403, 403, 200],
    policy_reload: [401, 403, 403, 403, 403, 403, 200],
    policy_rollback: [401, 403, 403, 403, 403, 403, 200],
    replan_preview: [401, 403, 403, 403, 403, 200, 200],
    openapi_get: [200, 200, 200, 200, 200, 200, 200],
};

// What is asked of each operation. <id> is an order's, a hold's or the example item's.
const lines = [{ sku: EXAMPLE, qty: '1' }];
const BODIES = {
    session_create: (role) => ({ login: `${role}@demo`, password: 'wrong' }), // each at its own door, or it would close,
    promise_ask: () => ({ date: DATE, lines }),
    order_create: (role) => ({ date: DATE, lines, comment: canary(role) }),
    order_change: () => ({ comment: canary('employee') }),
    order_cancel: () => undefined,
    policy_reload: () => ({ why: 'доступ' }),
    policy_rollback: () => ({ revision: 1 }),
    replan_preview: () => ({ receipts: [{ id: receiptId(server.data), date: DATE }] }),
    hold_create: (role) => ({ offer: offers[role] }),
};
// A text that only the role's own dealer may ever read.
const canary = (role) => `канарейка-${role === 'rival' ? 'соперник' : 'пример'}-9f3a`;
const OTHERS = { employee: 'соперник-9f3a', colleague: 'соперник-9f3a', head: 'соперник-9f3a', rival: 'пример-9f3a' };

let server;
let item;
let operations;
const clients = {};

before(async () => {
    server = await demo();
    for (const role of ROLES) clients[role] = role === 'nobody' ? server.client() : await server.login(`${role}@demo`);
    const { json: contract } = await clients.nobody.get('/api/v1/openapi.json');
    operations = Object.entries(contract.paths).flatMap(([path, methods]) => Object.entries(methods)
        .map(([method, operation]) => ({ method: method.toUpperCase(), path: `/api/v1${path}`, id: operation.operationId })));
    item = (await clients.employee.get(`/api/v1/items?q=${EXAMPLE}`)).json.items[0].id;
});
after(() => server?.end());

const place = async (role) => {
    const placed = await order(clients[role], { lines, comment: canary(role), reference: canary(role) });
    assert.equal(placed.status, 201, placed.text);
    return placed.json.id;
};

// What is offered to a role, or, to those who get no offers, to employee@demo: some of the example item, while it lasts.
const offers = {};
const offerAsk = async (role) => {
    const asker = ['employee', 'colleague', 'head', 'rival'].includes(role) ? role : 'employee';
    const { json } = await ask(clients[asker], [{ sku: EXAMPLE, qty: '60' }], { date: '2026-04-10' });
    return json.lines[0].offers.find(({ kind }) => kind === 'less').id;
};
const hold = async (role) => {
    const held = await clients[role].post('/api/v1/holds', { offer: await offerAsk(role) });
    assert.equal(held.status, 201, held.text);
    return held.json.id;
};

// A refusal or an answer must not hold what belongs to the other dealer.
const nothingForeign = (role, answer, what) => {
    if (OTHERS[role]) assert.ok(!answer.text.includes(OTHERS[role]), `${role} reads the other dealer's text in ${what}`);
};

test('the table here names every operation of the contract', () => {
    assert.deepEqual(operations.map((operation) => operation.id).sort(), Object.keys(EXPECTED).sort());
});

test('every route answers every role as it must, and leaks nothing', async () => {
    await place('rival');
    for (const operation of operations) {
        for (const [index, role] of ROLES.entries()) {
            // It would end what the others use.
            const asking = operation.id === 'session_delete' && role !== 'nobody' ? await server.login(`${role}@demo`) : clients[role];
            if (operation.id === 'hold_create') offers[role] = await offerAsk(role);
            const id = operation.path.startsWith('/api/v1/orders/') ? await place('employee')
                : operation.path.startsWith('/api/v1/holds/') ? await hold('employee') : item;
            const path = operation.path.replace('{id}', encodeURIComponent(id));
            const answer = await asking.request(operation.method, path, {
                body: BODIES[operation.id]?.(role),
                headers: operation.id === 'order_create' ? { 'Idempotency-Key': key() } : {},
            });
            assert.equal(answer.status, EXPECTED[operation.id][index], `${operation.id} as ${role}: ${answer.text}`);
            nothingForeign(role, answer, operation.id);
            if (operation.id === 'hold_create' && answer.status === 201) await clients[role].request('DELETE', `/api/v1/holds/${answer.json.id}`);
            if (operation.id === 'hold_release') await clients.head.request('DELETE', `/api/v1/holds/${id}`);
            if (operation.id.startsWith('order_')) await clients.head.post(`/api/v1/orders/${id}/cancel`);
        }
    }
});

test('an order that is not there, and an id that is none, look like another dealer\'s', async () => {
    const ids = ['01890a5d-ac96-774b-bcce-b302099a8057', 'x', '1', '%27%20OR%201=1', '..%2e', 'я'];
    for (const role of ROLES.slice(1)) {
        for (const id of ids) {
            const answer = await clients[role].get(`/api/v1/orders/${encodeURI(id)}`);
            assert.ok([400, 404].includes(answer.status), `${role} ${id}: ${answer.status}`);
        }
    }
    const foreign = await clients.rival.get(`/api/v1/orders/${await place('employee')}`);
    const missing = await clients.rival.get(`/api/v1/orders/${ids[0]}`);
    assert.deepEqual({ ...foreign.json, instance: '' }, { ...missing.json, instance: '' });
});

test('a dealer\'s lists and searches hold nothing of the other dealer', async () => {
    const id = await place('employee');
    await place('rival');
    for (const role of ['employee', 'colleague', 'head', 'rival']) {
        for (const path of ['/api/v1/orders?limit=200', `/api/v1/orders?q=${encodeURIComponent('канарейка')}`, '/api/v1/changes?since=0', '/api/v1/me']) {
            nothingForeign(role, await clients[role].get(path), path);
        }
    }
    const { json } = await clients.rival.get('/api/v1/changes?since=0');
    assert.ok(json.changes.every((change) => change.id !== id));
});

test('staff poll the changes of all dealers', async () => {
    const { next } = (await clients.manager.get('/api/v1/changes')).json;
    const placed = [await place('employee'), await place('rival')];
    const { json } = await clients.manager.get(`/api/v1/changes?since=${next}`);
    assert.deepEqual(json.changes.map(({ id }) => id), placed);
    assert.deepEqual((await clients.manager.get(`/api/v1/changes?since=${json.next}`)).json.changes, []);
});

test('who may see only his own orders sees nothing of a colleague\'s', async () => {
    const own = await reconfigured(await demo(), {
        rules: { 'access.lua': (text) => text.replace('["order.view"] = "cabinet"', '["order.view"] = "own"').replace('["order.cancel"] = "own"', '["order.cancel"] = "cabinet"') },
    });
    try {
        const [author, other, head] = await Promise.all(['employee', 'colleague', 'head'].map((name) => own.login(`${name}@demo`)));
        const before = (await other.get('/api/v1/changes')).json.next;
        const { json: placed } = await order(author, { lines });
        const { json: promise } = await ask(author, [{ sku: EXAMPLE, qty: '60' }], { date: '2026-04-10' });
        const { less } = Object.fromEntries(promise.lines[0].offers.map((offer) => [offer.kind, offer]));
        const { json: held } = await author.post('/api/v1/holds', { offer: less.id });
        const pageOf = `/api/v1/orders/${placed.id}`;
        const answers = [await other.get(pageOf), await other.patch(pageOf, { comment: 'x' }), await other.post(`${pageOf}/cancel`),
            await other.delete(`/api/v1/holds/${held.id}`)];
        assert.deepEqual(answers.map(({ status, json }) => [status, json.code]),
            [[404, 'order_not_found'], [404, 'order_not_found'], [404, 'order_not_found'], [404, 'hold_not_found']]);
        for (const query of ['', '?mine=1', `?q=${encodeURIComponent(placed.number)}`, '?status=confirmed']) {
            assert.deepEqual((await other.get(`/api/v1/orders${query}`)).json.orders, [], query);
        }
        assert.deepEqual((await other.get('/api/v1/holds')).json.holds, []);
        const { json: changes } = await other.get(`/api/v1/changes?since=${before}`);
        assert.deepEqual(changes.changes, []);
        // His own come after, and he is told of them alone.
        const { json: mine } = await order(other, { lines });
        assert.deepEqual((await other.get(`/api/v1/changes?since=${changes.next}`)).json.changes.map(({ id }) => id), [mine.id]);
        assert.deepEqual((await other.get('/api/v1/orders')).json.orders.map(({ id }) => id), [mine.id]);
        assert.deepEqual((await author.get('/api/v1/orders')).json.orders.map(({ id }) => id), [placed.id]);
        assert.deepEqual((await head.get('/api/v1/orders')).json.orders.map(({ id }) => id), [mine.id, placed.id]);
    } finally {
        await own.end();
    }
});

test('1C\'s account cannot enter the portal, and a person\'s cannot exchange', async () => {
    const guest = server.client();
    assert.equal((await guest.post('/api/v1/session', { login: '1c', password: 'demo-demo-demo' })).status, 401);
    const basic = Buffer.from('admin@demo:demo-demo-demo').toString('base64');
    const refused = await guest.get('/bitrix/admin/1c_exchange.php?type=catalog&mode=checkauth', { headers: { Authorization: `Basic ${basic}` } });
    assert.equal(refused.status, 401);
    const asStaff = await clients.admin.get('/bitrix/admin/1c_exchange.php?type=sale&mode=query');
    assert.match(asStaff.text, /^failure\n/);
});
