// The catalogue from memory: whoever was answered sees what he did in the next list, nobody sees more free than there
// is, and every order of the list holds every item once.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import path from 'node:path';

import { ask, DATE, demo, EXAMPLE, key, order } from '../lib/demo.mjs';
import { ProfileA } from '../exchange/profile_a.mjs';

let server;
let employee;
let rival;
let manager;

before(async () => {
    server = await demo();
    [employee, rival, manager] = await Promise.all(['employee@demo', 'rival@demo', 'manager@demo'].map((login) => server.login(login)));
});
after(() => server?.end());

const SORTS = ['name', 'sku', 'price', 'available'];

const list = async (client, query = {}) => (await client.get(`/api/v1/items?${new URLSearchParams({ date: DATE, ...query })}`)).json;
const example = async (client, query = {}) => (await list(client, { q: EXAMPLE, ...query })).items[0];

// Page after page to the end.
async function every(client, query) {
    const items = [];
    let cursor = {};
    for (;;) {
        const page = await list(client, { limit: 17, ...query, ...cursor });
        items.push(...page.items);
        assert.equal(page.total >= items.length, true);
        if (page.next === null) {
            assert.equal(page.total, items.length);
            return items;
        }
        cursor = { cursor: page.next };
    }
}

test('an order is in the very next list, and so is its cancelling', async () => {
    const before = await example(employee);
    assert.equal(before.on_date.qty, '120.000');
    assert.equal(before.free_now, '50.000');
    const { json: placed } = await order(employee, { lines: [{ sku: EXAMPLE, qty: '100' }] });
    for (const client of [employee, rival, manager]) {
        const now = await example(client);
        assert.equal(now.on_date.qty, '20.000');
        assert.equal(now.free_now, '20.000');
    }
    await employee.post(`/api/v1/orders/${placed.id}/cancel`);
    const after = await example(rival);
    assert.equal(after.on_date.qty, '120.000');
    assert.equal(after.free_now, '50.000');
});

test('what is enough by the date is listed by quantity, to the last unit', async () => {
    const listed = async (qty, date = DATE) => Boolean(await example(employee, { available: '1', qty, date }));
    assert.equal(await listed('120'), true);
    assert.equal(await listed('120.001'), false);
    assert.equal(await listed('50', '2026-04-10'), true);
    assert.equal(await listed('51', '2026-04-10'), false);
});

test('a price that 1C changes is in the very next list, and moves the item in its order', async () => {
    const erp = new ProfileA({ port: server.port });
    const { id, price: before } = await example(employee);
    const offers = readFileSync(path.join(server.data, 'packages', 'offers0_1.xml'), 'utf8');
    const { json: me } = await employee.get('/api/v1/me');
    const contracts = readFileSync(path.join(server.data, 'packages', 'contracts.xml'), 'utf8');
    const column = new RegExp(`<Ид>${me.contract}</Ид>[\\s\\S]*?<ИдТипаЦены>([^<]+)</ИдТипаЦены>`).exec(contracts)[1];
    const begins = offers.indexOf(`<Ид>${id}</Ид>`);
    const ends = offers.indexOf('</Предложение>', begins);
    const mine = new RegExp(`(<ИдТипаЦены>${column}</ИдТипаЦены>\\s*<ЦенаЗаЕдиницу>)[^<]+`);
    const priced = (amount) => offers.slice(0, begins) + offers.slice(begins, ends).replace(mine, `$1${amount}`) + offers.slice(ends);
    assert.notEqual(priced('0.50'), offers);
    await erp.upload('catalog', { 'offers0_1.xml': priced('0.50') });
    assert.equal((await example(employee)).price.amount, '0.50');
    assert.equal((await list(employee, { sort: 'price', limit: 1 })).items[0].id, id);
    await erp.upload('catalog', { 'offers0_1.xml': priced('9999999') });
    assert.equal((await list(employee, { sort: '-price', limit: 1 })).items[0].id, id);
    await erp.upload('catalog', { 'offers0_1.xml': offers });
    assert.deepEqual((await example(employee)).price, before);
});

test('every order holds every item once, in its order and backwards', async () => {
    const all = new Set((await every(employee, {})).map(({ id }) => id));
    assert.ok(all.size >= 60);
    const number = (text) => (text === null ? Infinity : Number(text));
    const by = {
        price: (item) => (item.price ? Number(item.price.amount) : null),
        available: (item) => number(item.on_date.qty),
    };
    for (const sort of SORTS) {
        const up = await every(employee, { sort });
        const down = await every(employee, { sort: `-${sort}` });
        assert.deepEqual(new Set(up.map(({ id }) => id)), all, sort);
        assert.deepEqual(new Set(down.map(({ id }) => id)), all, `-${sort}`);
        if (!by[sort]) {
            assert.deepEqual(down.map(({ id }) => id), up.map(({ id }) => id).reverse(), sort);
            continue;
        }
        const keys = (items) => items.map(by[sort]).filter((value) => value !== null);
        assert.deepEqual(keys(up), keys(up).sort((a, b) => a - b), sort);
        assert.deepEqual(keys(down), keys(down).sort((a, b) => b - a), `-${sort}`);
        // What has no price comes last either way.
        for (const items of [up, down]) {
            const first = items.findIndex((item) => by[sort](item) === null);
            if (first >= 0) assert.ok(items.slice(first).every((item) => by[sort](item) === null), sort);
        }
    }
});

test('a row of the list says what the page of the item says', async () => {
    for (const client of [employee, rival, manager]) {
        for (const row of (await every(client, { sort: '-available' })).slice(0, 40)) {
            const { json: item } = await client.get(`/api/v1/items/${encodeURIComponent(row.id)}?date=${DATE}`);
            for (const field of Object.keys(row)) assert.deepEqual(row[field], item[field], `${row.sku}: ${field}`);
        }
    }
});

test('eight that read while two hundred orders are placed never see more free than there is', async () => {
    const EARLY = '2026-04-10'; // before the shipment: the fifty in stock
    const whole = Number((await example(employee, { date: EARLY })).on_date.qty);
    assert.equal(whole, 50);
    let taken = 0; // by orders that were answered
    let placing = true;
    let seen = 0;
    const read = async (login) => {
        const client = login.another({ jar: login.jar });
        let least = whole;
        while (placing) {
            const most = whole - taken;
            const { on_date: { qty } } = await example(client, { date: EARLY });
            assert.ok(Number(qty) <= most, `${qty} are free where at most ${most} can be`);
            assert.ok(Number(qty) <= least, `${qty} are free after ${least}`);
            assert.ok(Number(qty) >= 0);
            least = Number(qty);
            seen += 1;
        }
        client.close();
    };
    const readers = Array.from({ length: 8 }, (_, index) => read([employee, rival, manager][index % 3]));
    let sent = 0;
    const place = async () => {
        const client = employee.another({ jar: employee.jar });
        while (sent < 200) {
            sent += 1;
            const body = { date: EARLY, lines: [{ sku: EXAMPLE, qty: '1' }] };
            const answer = await client.post('/api/v1/orders', body, { headers: { 'Idempotency-Key': key() } });
            assert.equal(answer.status, 201);
            taken += Number(answer.json.lines[0].promised);
        }
        client.close();
    };
    await Promise.all([place(), place(), place(), place()]).finally(() => { placing = false; });
    await Promise.all(readers);
    assert.equal(taken, 50);
    assert.ok(seen > 50, `only ${seen} lists were read`);
    assert.equal((await example(rival, { date: EARLY })).on_date.qty, '0.000');
    assert.equal((await ask(rival, [{ sku: EXAMPLE, qty: '1' }], { date: EARLY })).json.lines[0].promised, '0.000');
});

test('the list says of when it is, and staff may sort by a price that nobody has', async () => {
    const page = await list(manager, { sort: 'price', limit: 5 });
    assert.ok(page.items.every((item) => item.price === null));
    assert.match(page.as_of, /^2026-04-01T/);
});
