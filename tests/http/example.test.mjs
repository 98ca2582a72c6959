// The distributor's own example, from login to order, over HTTP.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ask, DATE, demo, EXAMPLE, key, order, SENTENCE } from '../lib/demo.mjs';

let server;
let employee;

before(async () => {
    server = await demo();
    employee = await server.login('employee@demo');
});
after(() => server?.end());

const hundred = [{ sku: EXAMPLE, qty: '100' }];

test('the catalogue shows the example item for the desired date', async () => {
    const { json } = await employee.get(`/api/v1/items?q=${EXAMPLE}&date=${DATE}`);
    assert.equal(json.items.length, 1);
    const [item] = json.items;
    assert.equal(item.sku, EXAMPLE);
    assert.equal(item.unit, 'м²');
    assert.equal(item.pack, '1.000');
    assert.equal(item.free_now, '50.000');
    assert.deepEqual(item.on_date, { date: DATE, qty: '120.000', qty_text: null });
    assert.equal(item.restricted, null);
    assert.match(item.price.amount, /^\d+\.\d\d$/);
});

test('before the shipment is ready only the stock can be had', async () => {
    // The shipment comes on Wednesday the 15th and takes a working day: on the 16th it can be handed over.
    for (const [date, qty] of [['2026-04-15', '50.000'], ['2026-04-16', '120.000']]) {
        const { json } = await employee.get(`/api/v1/items?q=${EXAMPLE}&date=${date}`);
        assert.equal(json.items[0].on_date.qty, qty, date);
    }
    const { json } = await employee.get(`/api/v1/items?q=${EXAMPLE}`);
    const id = encodeURIComponent(json.items[0].id);
    const { json: availability } = await employee.get(`/api/v1/items/${id}/availability`);
    assert.deepEqual(availability.curve, [
        { date: '2026-04-02', qty: '50.000', qty_text: null }, { date: '2026-04-16', qty: '120.000', qty_text: null },
    ]);
});

test('a hundred by the 17th is answered word for word', async () => {
    const { json } = await ask(employee, hundred);
    const [line] = json.lines;
    assert.equal(line.text, SENTENCE);
    assert.equal(line.promised, '100.000');
    assert.equal(line.short, '0.000');
    assert.deepEqual(line.pegs, [
        { source: 'receipt', date: '2026-04-15', qty: '70.000' },
        { source: 'stock', date: null, qty: '30.000' },
    ]);
    assert.equal(line.free_after, '20.000');
    assert.equal(json.total, line.amount);
});

test('more than there will be is answered with what is missing', async () => {
    const { json } = await ask(employee, [{ sku: EXAMPLE, qty: '132' }]);
    assert.equal(json.lines[0].short, '12.000');
    assert.match(json.lines[0].text, /^Не хватает 12 к 17\.04\./);
    const early = await ask(employee, hundred, { date: '2026-04-10' });
    assert.equal(early.json.lines[0].text, 'Не хватает 50 к 10.04. Всё количество — 16.04; к 10.04 — 50.');
    assert.equal(early.json.lines[0].earliest, '2026-04-16');
});

test('two lines of one item do not get the same goods twice', async () => {
    const { json } = await ask(employee, [{ sku: EXAMPLE, qty: '100' }, { sku: EXAMPLE, qty: '30' }]);
    assert.deepEqual(json.lines.map((line) => line.promised), ['100.000', '20.000']);
});

test('asking holds nothing', async () => {
    await ask(employee, hundred);
    const { json } = await ask(employee, hundred);
    assert.equal(json.lines[0].text, SENTENCE);
});

test('the order is confirmed by the rule, holds its pegs, and is freed by cancelling', async () => {
    const placed = await order(employee, { lines: hundred, reference: 'ПО-17', comment: 'Позвоните заранее' });
    assert.equal(placed.status, 201, placed.text);
    assert.equal(placed.json.status, 'confirmed');
    assert.equal(placed.json.status_text, 'Подтверждён');
    assert.equal(placed.json.lines[0].text, SENTENCE);
    assert.deepEqual(placed.json.reasons, []);
    assert.equal(placed.headers.location, `/api/v1/orders/${placed.json.id}`);

    const left = await ask(employee, [{ sku: EXAMPLE, qty: '21' }]);
    assert.equal(left.json.lines[0].promised, '20.000');

    const { json: page, headers } = await employee.get(`/api/v1/orders/${placed.json.id}`);
    assert.equal(page.reference, 'ПО-17');
    assert.equal(page.erp, 'waiting');
    assert.equal(headers.etag, '"1"');
    assert.deepEqual(page.timeline.map((event) => event.text), ['Заказ отправлен', 'Заказ подтверждён автоматически']);
    assert.deepEqual(page.allowed, ['change', 'cancel']);

    const cancelled = await employee.post(`/api/v1/orders/${placed.json.id}/cancel`);
    assert.equal(cancelled.status, 200, cancelled.text);
    assert.equal(cancelled.json.status, 'cancelled');
    const again = await ask(employee, hundred);
    assert.equal(again.json.lines[0].text, SENTENCE);
    const twice = await employee.post(`/api/v1/orders/${placed.json.id}/cancel`);
    assert.equal(twice.status, 409);
    assert.equal(twice.json.code, 'order_status');
});

test('the same key gives the same bytes, another body under it is refused', async () => {
    const headers = { 'Idempotency-Key': key() };
    const body = { date: DATE, lines: [{ sku: EXAMPLE, qty: '1' }] };
    const first = await employee.post('/api/v1/orders', body, { headers });
    const second = await employee.post('/api/v1/orders', body, { headers });
    assert.equal(first.status, 201);
    assert.equal(second.status, 201);
    assert.equal(second.text, first.text);
    const other = await employee.post('/api/v1/orders', { ...body, comment: 'другой' }, { headers });
    assert.equal(other.status, 409);
    assert.equal(other.json.code, 'idempotency_key_reused');
    const without = await employee.post('/api/v1/orders', body);
    assert.equal(without.status, 400);
    assert.equal(without.json.code, 'idempotency_key_missing');
    await employee.post(`/api/v1/orders/${first.json.id}/cancel`);
});

test('an order whose total is not the expected one is refused and stores nothing', async () => {
    const before = await employee.get('/api/v1/orders');
    const refused = await order(employee, { lines: hundred, expect_total: '1.00' });
    assert.equal(refused.status, 409);
    assert.equal(refused.json.code, 'price_changed');
    assert.equal(refused.json.params.expected, '1.00');
    const after = await employee.get('/api/v1/orders');
    assert.equal(after.json.orders.length, before.json.orders.length);
});

test('what is short goes to review, says why, and keeps what it could get for two working days', async () => {
    const placed = await order(employee, { lines: [{ sku: EXAMPLE, qty: '132' }] });
    assert.equal(placed.status, 201);
    assert.equal(placed.json.status, 'review');
    assert.equal(placed.json.reasons[0].code, 'short');
    assert.match(placed.json.reasons[0].text, /NV-6060-01/);
    assert.deepEqual([placed.json.lines[0].promised, placed.json.lines[0].short], ['120.000', '12.000']);
    assert.equal(placed.json.held_until, '2026-04-03T21:00:00.000Z'); // the end of Friday in Moscow
    const { json } = await ask(employee, [{ sku: EXAMPLE, qty: '1' }]);
    assert.equal(json.lines[0].promised, '0.000');
    const cancelled = await employee.post(`/api/v1/orders/${placed.json.id}/cancel`);
    assert.equal(cancelled.json.held_until, null);
    const { json: free } = await ask(employee, hundred);
    assert.equal(free.lines[0].text, SENTENCE);
});

test('an edit succeeds whole or not at all, and less keeps the rest', async () => {
    const placed = await order(employee, { lines: hundred });
    const path = `/api/v1/orders/${placed.json.id}`;
    const less = await employee.patch(path, { lines: [{ sku: EXAMPLE, qty: '60' }] }, { headers: { 'If-Match': '"1"' } });
    assert.equal(less.status, 200, less.text);
    assert.deepEqual(less.json.lines[0].pegs, [{ source: 'receipt', date: '2026-04-15', qty: '60.000' }]);
    const stale = await employee.patch(path, { comment: 'x' }, { headers: { 'If-Match': '"1"' } });
    assert.equal(stale.status, 412);
    const more = await employee.patch(path, { lines: [{ sku: EXAMPLE, qty: '110' }] });
    assert.equal(more.json.lines[0].promised, '110.000');
    const tooMuch = await employee.patch(path, { lines: [{ sku: EXAMPLE, qty: '130' }] });
    assert.equal(tooMuch.status, 409);
    assert.equal(tooMuch.json.code, 'order_edit_short');
    const { json } = await employee.get(path);
    assert.equal(json.lines[0].qty, '110.000');
    assert.equal(json.lines[0].promised, '110.000');
    const earlier = await employee.patch(path, { date: '2026-04-10', lines: [{ sku: EXAMPLE, qty: '50' }] });
    assert.equal(earlier.status, 200, earlier.text);
    assert.deepEqual(earlier.json.lines[0].pegs, [{ source: 'stock', date: null, qty: '50.000' }]);
    assert.ok(earlier.json.timeline.some((event) => event.code === 'line_changed'));
    await employee.post(`${path}/cancel`);
    const { json: free } = await ask(employee, hundred);
    assert.equal(free.lines[0].text, SENTENCE);
});

test('changes tell what happened since', async () => {
    const { json: start } = await employee.get('/api/v1/changes');
    assert.deepEqual(start.changes, []);
    const placed = await order(employee, { lines: [{ sku: EXAMPLE, qty: '1' }] });
    await employee.post(`/api/v1/orders/${placed.json.id}/cancel`);
    const { json } = await employee.get(`/api/v1/changes?since=${start.next}`);
    assert.deepEqual(json.changes.map((change) => change.id), [placed.json.id, placed.json.id]);
    const { json: later } = await employee.get(`/api/v1/changes?since=${json.next}`);
    assert.deepEqual(later.changes, []);
});

test('the answer is English for those who read English', async () => {
    const guest = server.client({ headers: { 'Accept-Language': 'en' } });
    const refused = await guest.get('/api/v1/me');
    assert.equal(refused.status, 401);
    assert.equal(refused.json.detail, 'log in first');
});
