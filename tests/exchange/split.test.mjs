// Dealers of Sverdlovsk region are supplied from Yekaterinburg, and from Moscow two days later: a line that neither warehouse
// fills alone is divided, and each warehouse's part goes to 1C as a document of its own.

import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { ask, DATE, demo, order, ROOT, serve } from '../lib/demo.mjs';
import { all, one, requisites, text } from '../lib/xml.mjs';
import { ProfileA } from './profile_a.mjs';

const SKU = 'CV-6060-01'; // 204.48 in Moscow, 41.76 in Yekaterinburg, by 1.44
const MOSCOW = 'Склад Москва';
const YEKATERINBURG = 'Склад Екатеринбург';

let server;
let ural;
let employee;

before(async () => {
    server = await demo();
    ural = await server.login('ural@demo');
    employee = await server.login('employee@demo');
});
after(() => server?.end());

const wants = (qty, rest = {}) => [{ sku: SKU, qty, ...rest }];
const cents = (amount) => BigInt(amount.replace('.', '')); // both sides have two places
const sum = (amounts) => amounts.reduce((total, amount) => total + cents(amount), 0n);
const free = async (client) => (await client.get(`/api/v1/items?q=${SKU}&date=${DATE}`)).json.items[0];

// Each document of the order as [warehouse, quantity, amount], the cancelled ones left out.
const documents = async (number) => (await new ProfileA({ port: server.port }).download({ acknowledge: false }))
    .filter((document) => text(document, 'Номер').split('-')[0] === number && requisites(document).Отменен === 'false')
    .map((document) => {
        const lines = all(one(document, 'Товары'), 'Товар');
        assert.equal(lines.length, 1);
        assert.equal(text(lines[0], 'Сумма'), text(document, 'Сумма'));
        return [requisites(document).Склад, text(lines[0], 'Количество'), text(lines[0], 'Сумма'), requisites(lines[0]).Обеспечение];
    });

test('one warehouse is enough for others, and two together are for Yekaterinburg', async () => {
    assert.equal((await free(employee)).on_date.qty, '204.480');
    assert.equal((await free(ural)).on_date.qty, '246.240');
    const { json } = await ask(employee, wants('216'));
    assert.equal(json.lines[0].promised, '204.480');
    const { json: divided } = await ask(ural, wants('216'));
    assert.equal(divided.lines[0].promised, '216.000');
    assert.equal(divided.lines[0].text, '216 м² к 17.04: 216 — склад. На складе останется 30,24 свободных.');
});

test('Moscow takes two working days more', async () => {
    // Today is Wednesday the 1st: Yekaterinburg collects in one day, Moscow's goods are there after three, on Saturday.
    for (const [date, promised, earliest] of [['2026-04-03', '41.760', '2026-04-04'], ['2026-04-04', '72.000', '2026-04-04']]) {
        const { json } = await ask(ural, wants('72'), { date });
        assert.equal(json.lines[0].promised, promised, date);
        assert.equal(json.lines[0].earliest, earliest, date);
    }
});

test('the order is one, its parts are two, and they cost what the order costs', async () => {
    const placed = (await order(ural, { lines: wants('100.8') })).json;
    assert.equal(placed.status, 'confirmed');
    assert.equal(placed.lines.length, 1);
    assert.deepEqual(placed.parts.map((part) => part.number), [placed.number, `${placed.number}-2`]);
    const sent = await documents(placed.number);
    assert.deepEqual(sent.map(([warehouse, quantity, , source]) => [warehouse, quantity, source]), [
        [YEKATERINBURG, '41.76', '41.76 — склад'], [MOSCOW, '59.04', '59.04 — склад'],
    ]);
    assert.equal(sum(sent.map(([, , amount]) => amount)), cents(placed.total));
    // What Yekaterinburg's dealer took from Moscow is not there for Moscow's own dealers.
    assert.equal((await free(employee)).on_date.qty, '145.440');
    const { json: cancelled } = await ural.post(`/api/v1/orders/${placed.id}/cancel`);
    assert.equal(cancelled.status, 'cancelled');
    assert.equal((await free(ural)).on_date.qty, '246.240');
    assert.equal((await free(employee)).on_date.qty, '204.480');
});

test('an edit keeps its places: less leaves the later warehouse first, more is filled in order again', async () => {
    const placed = (await order(ural, { lines: wants('100.8') })).json;
    const page = `/api/v1/orders/${placed.id}`;
    const edited = async (qty, date = DATE) => {
        const { status, json } = await ural.patch(page, { date, lines: wants(qty) });
        assert.equal(status, 200, json.detail);
        assert.equal(json.status, 'confirmed');
        assert.equal(json.lines[0].promised, json.lines[0].qty);
        const sent = await documents(placed.number);
        assert.equal(sum(sent.map(([, , amount]) => amount)), cents(json.total));
        return sent.map(([warehouse, quantity]) => [warehouse, quantity]);
    };
    assert.deepEqual(await edited('72'), [[YEKATERINBURG, '41.76'], [MOSCOW, '30.24']]);
    assert.deepEqual(await edited('36'), [[YEKATERINBURG, '36']]);
    assert.deepEqual(await edited('50.4'), [[YEKATERINBURG, '41.76'], [MOSCOW, '8.64']]);
    assert.deepEqual(await edited('216'), [[YEKATERINBURG, '41.76'], [MOSCOW, '174.24']]);
    assert.deepEqual(await edited('216', '2026-04-20'), [[YEKATERINBURG, '41.76'], [MOSCOW, '174.24']]);
    assert.deepEqual(await edited('41.76', '2026-04-03'), [[YEKATERINBURG, '41.76']]);
    const early = await ural.patch(page, { date: '2026-04-03', lines: wants('72') });
    assert.equal(early.status, 409);
    assert.equal(early.json.code, 'order_edit_short');
    await ural.post(`${page}/cancel`);
    assert.equal((await free(ural)).on_date.qty, '246.240');
});

test('lines share what the warehouses have, and days of their own make parts of their own', async () => {
    const lines = [...wants('36'), ...wants('144'), ...wants('36', { date: '2026-04-20' })];
    const placed = (await order(ural, { lines })).json;
    assert.equal(placed.status, 'confirmed');
    assert.deepEqual(placed.parts.map((part) => part.shipping_day), [DATE, DATE, '2026-04-20']);
    const sent = (await new ProfileA({ port: server.port }).download({ acknowledge: false }))
        .filter((document) => text(document, 'Номер').startsWith(placed.number))
        .map((document) => [requisites(document).Склад, ...all(one(document, 'Товары'), 'Товар').map((line) => text(line, 'Количество'))]);
    assert.deepEqual(sent, [[YEKATERINBURG, '36', '5.76'], [MOSCOW, '138.24'], [MOSCOW, '36']]);
    await ural.post(`/api/v1/orders/${placed.id}/cancel`);
});

test('a rule that fails promises nothing, and the order is for the manager', async () => {
    const made = await demo();
    await made.end();
    const rules = path.join(made.data, 'rules');
    cpSync(path.join(ROOT, 'rules'), rules, { recursive: true });
    writeFileSync(path.join(rules, 'novus/supply_plan.lua'), 'return { api = 1, supply_plan = function(ctx)\n  return { split = ctx.dealer.nmae }\nend }\n');
    const config = path.join(made.data, 'kabinet.yaml');
    writeFileSync(config, readFileSync(config, 'utf8').replace(/^rules: .*$/m, `rules: '${rules}'`));
    const broken = await serve(made.data);
    try {
        const buyer = await broken.login('employee@demo');
        const { json } = await ask(buyer, wants('1.44'));
        assert.equal(json.lines[0].promised, null);
        assert.equal(json.lines[0].text, 'К 17.04 есть не всё. Дату назовёт менеджер.');
        const placed = (await order(buyer, { lines: wants('1.44') })).json;
        assert.equal(placed.status, 'review');
        assert.deepEqual(placed.reasons.map((reason) => reason.code), ['supply_failed', 'short']);
        assert.match(placed.reasons[0].text, /^Наличие не удалось проверить автоматически/);
        const manager = await broken.login('manager@demo');
        const { json: seen } = await manager.get(`/api/v1/items?q=${SKU}&date=${DATE}`);
        assert.equal(seen.items[0].free_now, '246.240');
    } finally {
        await broken.end();
    }
});
