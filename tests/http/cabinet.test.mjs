// Whose things are whose: colleagues, the head, another dealer, his prices and what he may not buy.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ask, demo, EXAMPLE, order } from '../lib/demo.mjs';

let server;
const people = {};

before(async () => {
    server = await demo();
    for (const login of ['employee', 'colleague', 'head', 'rival', 'manager', 'admin']) {
        people[login] = await server.login(`${login}@demo`);
    }
});
after(() => server?.end());

const one = [{ sku: EXAMPLE, qty: '1' }];

test('everyone of the dealer sees the order, only its author and the head change it', async () => {
    const { json: placed } = await order(people.employee, { lines: one });
    const path = `/api/v1/orders/${placed.id}`;

    const list = await people.colleague.get('/api/v1/orders');
    const row = list.json.orders.find((entry) => entry.id === placed.id);
    assert.equal(row.mine, false);
    const page = await people.colleague.get(path);
    assert.equal(page.status, 200);
    assert.deepEqual(page.json.allowed, []);

    for (const refused of [await people.colleague.patch(path, { comment: 'x' }), await people.colleague.post(`${path}/cancel`)]) {
        assert.equal(refused.status, 403);
        assert.equal(refused.json.code, 'not_author');
        assert.match(refused.json.detail, /может менять только его автор/);
    }
    const changed = await people.head.patch(path, { comment: 'от руководителя' });
    assert.equal(changed.status, 200, changed.text);
    assert.equal(changed.json.comment, 'от руководителя');
    const cancelled = await people.head.post(`${path}/cancel`);
    assert.equal(cancelled.status, 200, cancelled.text);
});

test('another dealer is told that there is no such order', async () => {
    const { json: placed } = await order(people.employee, { lines: one });
    const path = `/api/v1/orders/${placed.id}`;
    for (const answer of [
        await people.rival.get(path), await people.rival.patch(path, { comment: 'x' }), await people.rival.post(`${path}/cancel`),
    ]) {
        assert.equal(answer.status, 404);
        assert.equal(answer.json.code, 'order_not_found');
    }
    const list = await people.rival.get('/api/v1/orders');
    assert.ok(!list.text.includes(placed.id));
    const manager = await people.manager.get(path);
    assert.equal(manager.status, 200);
    assert.equal(manager.json.dealer, page(await people.employee.get('/api/v1/me')).dealer.name);
    await people.employee.post(`${path}/cancel`);
});

const page = (answer) => answer.json;

test('the price is the one of the contract', async () => {
    const price = async (client) => (await client.get(`/api/v1/items?q=${EXAMPLE}`)).json.items[0].price.amount;
    assert.notEqual(await price(people.employee), await price(people.rival));
    const item = (await people.employee.get(`/api/v1/items?q=${EXAMPLE}`)).json.items[0];
    const whole = await people.employee.get(`/api/v1/items/${encodeURIComponent(item.id)}`);
    assert.match(whole.json.price_why, /^вид цен «.+» \(по договору\)$/);
    const manager = (await people.manager.get(`/api/v1/items?q=${EXAMPLE}`)).json.items[0];
    assert.equal(manager.price, null);
});

test('an exclusive brand is marked in the catalogue, named in the promise and refused in the order', async () => {
    const { json } = await people.rival.get('/api/v1/items?limit=200');
    const banned = json.items.find((item) => item.restricted?.code === 'exclusive');
    assert.ok(banned, 'the rival sees nothing that is exclusive');
    assert.match(banned.restricted.text, /эксклюзив/i);

    const answer = await ask(people.rival, [{ sku: banned.sku, qty: banned.pack }, { sku: EXAMPLE, qty: '1' }]);
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.json.lines[0].error, banned.restricted);
    assert.equal(answer.json.lines[0].promised, '0.000');
    assert.equal(answer.json.lines[1].error, null);
    assert.equal(answer.json.lines[1].promised, '1.000');

    const before = (await people.rival.get('/api/v1/orders')).json.orders.length;
    const refused = await order(people.rival, { lines: [{ sku: EXAMPLE, qty: '1' }, { sku: banned.sku, qty: banned.pack }] });
    assert.equal(refused.status, 422);
    assert.equal(refused.json.code, 'item_restricted');
    assert.equal(refused.json.pointer, '/lines/1');
    assert.equal(refused.json.detail, banned.restricted.text);
    assert.equal((await people.rival.get('/api/v1/orders')).json.orders.length, before);

    const theirs = await people.employee.get(`/api/v1/items?q=${banned.sku}`);
    assert.equal(theirs.json.items[0].restricted, null);
});

test('only what can be had and bought is left where that is asked for', async () => {
    const every = [];
    for (let cursor = ''; cursor !== null;) {
        const { json } = await people.rival.get(`/api/v1/items?available=1&limit=20${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
        every.push(...json.items);
        cursor = json.next;
        assert.ok(every.length < 1000);
    }
    assert.ok(every.length > 0);
    assert.ok(every.every((item) => item.restricted === null));
    assert.equal(new Set(every.map((item) => item.id)).size, every.length);
});

test('pages of the catalogue hold every item once, in order', async () => {
    const { json: whole } = await people.employee.get('/api/v1/items?limit=200');
    const names = [];
    let cursor = '';
    do {
        const { json } = await people.employee.get(`/api/v1/items?limit=7${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
        names.push(...json.items.map((item) => item.id));
        cursor = json.next;
    } while (cursor);
    assert.deepEqual(names, whole.items.map((item) => item.id));
    assert.equal(whole.total, names.length);
    assert.ok(names.length >= 60);
});

test('a group shows what lies below it, and every group named has something', async () => {
    const { json } = await people.employee.get('/api/v1/groups');
    assert.ok(json.groups.length >= 5);
    for (const group of json.groups) {
        const { json: items } = await people.employee.get(`/api/v1/items?group=${group.id}&limit=1`);
        assert.ok(items.total > 0, group.name);
    }
});

test('a search folds case and ё, and takes its words in any order', async () => {
    const { json: all } = await people.employee.get(`/api/v1/items?q=${EXAMPLE}`);
    const words = all.items[0].name.split(' ').filter((word) => word.length > 4).slice(0, 2).reverse();
    const { json } = await people.employee.get(`/api/v1/items?q=${encodeURIComponent(words.join(' ').toUpperCase())}`);
    assert.ok(json.items.some((item) => item.sku === EXAMPLE));
    const { json: none } = await people.employee.get(`/api/v1/items?q=${encodeURIComponent('%')}`);
    assert.equal(none.items.length, 0);
});
