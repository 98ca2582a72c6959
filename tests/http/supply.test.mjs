// What the configuration says of supply: the receipt buffer, the safety, the horizon, splitting.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { ask, DATE, demo, EXAMPLE, order, promiseOf, reconfigured, SENTENCE } from '../lib/demo.mjs';

const servers = [];
after(() => Promise.all(servers.map((server) => server.end())));

const asked = async (server) => {
    servers.push(server);
    return { server, employee: await server.login('employee@demo'), rival: await server.login('rival@demo') };
};

// The demo served with these keys of its section promise.
const configured = async (promise) => asked(await reconfigured(await demo(), { settings: promiseOf(promise) }));

const hundred = [{ sku: EXAMPLE, qty: '100' }];

test('a receipt can be had so many days after its day, and is told by its day', async () => {
    const { employee } = await configured('receipt_buffer_days: 2');
    const early = (await ask(employee, hundred)).json.lines[0];
    assert.equal(early.text, 'Не хватает 50 к 17.04. Всё количество — 18.04; к 17.04 — 50.');
    const late = (await ask(employee, hundred, { date: '2026-04-18' })).json.lines[0];
    assert.equal(late.text, SENTENCE.replace('17.04', '18.04'));
    const { json: placed } = await order(employee, { date: '2026-04-18', lines: hundred });
    assert.equal(placed.status, 'confirmed');
    assert.equal(placed.lines[0].text, late.text);
    assert.deepEqual(placed.lines[0].pegs.map((peg) => peg.date), ['2026-04-15', null]);
    const { json: changed } = await employee.patch(`/api/v1/orders/${placed.id}`, { lines: [{ sku: EXAMPLE, qty: '90' }], date: '2026-04-18' });
    assert.deepEqual(changed.lines[0].pegs.map((peg) => [peg.date, peg.qty]), [['2026-04-15', '70.000'], [null, '20.000']]);
    const { json: refused } = await employee.patch(`/api/v1/orders/${placed.id}`, { lines: [{ sku: EXAMPLE, qty: '90' }], date: DATE });
    assert.equal(refused.code, 'order_edit_short');
});

test('an order from before a longer buffer can still be changed and cancelled', async () => {
    const before = await demo();
    const { json: placed } = await order(await before.login('employee@demo'), { lines: hundred });
    assert.equal(placed.status, 'confirmed');
    const { employee } = await asked(await reconfigured(before, { settings: promiseOf('receipt_buffer_days: 5, settle_minutes: 0') }));
    const page = `/api/v1/orders/${placed.id}`;
    const { json: seen } = await employee.get(page);
    assert.deepEqual(seen.timeline.filter(({ code }) => code === 'promise_worse').map(({ text }) => text),
        [`${EXAMPLE}: поставка изменилась. Было: 100 м² к 17.04. Стало: 50 м² к 17.04, 50 м² к 21.04.`]);
    const less = await employee.patch(page, { lines: [{ sku: EXAMPLE, qty: '60' }] });
    assert.equal(less.status, 200, less.text);
    assert.deepEqual(less.json.lines[0].pegs.map((peg) => [peg.date, peg.qty]), [['2026-04-15', '10.000'], [null, '50.000']]);
    assert.equal((await employee.post(`${page}/cancel`)).json.status, 'cancelled');
    const { json } = await ask(employee, hundred, { date: '2026-04-21' });
    assert.equal(json.lines[0].text, SENTENCE.replace('17.04', '21.04'));
});

test('the safety is not promised and not shown', async () => {
    const { employee } = await configured('safety: 15');
    const { json } = await employee.get(`/api/v1/items?q=${EXAMPLE}&date=${DATE}`);
    assert.equal(json.items[0].free_now, '35.000');
    assert.equal(json.items[0].on_date.qty, '105.000');
    const [line] = (await ask(employee, hundred)).json.lines;
    assert.equal(line.free_after, '5.000');
    assert.equal((await ask(employee, [{ sku: EXAMPLE, qty: '120' }])).json.lines[0].promised, '105.000');
});

test('beyond the horizon no day is offered, but one that is asked for is answered', async () => {
    const { employee } = await configured('horizon_days: 10');
    const [early] = (await ask(employee, hundred, { date: '2026-04-03' })).json.lines;
    assert.equal(early.earliest, null);
    assert.equal(early.text, 'Не хватает 50 к 03.04. Всё количество пока не обеспечено ни на одну дату; к 03.04 — 50.');
    assert.equal((await ask(employee, hundred)).json.lines[0].text, SENTENCE);
    const { json: item } = await employee.get(`/api/v1/items?q=${EXAMPLE}`);
    const { json } = await employee.get(`/api/v1/items/${encodeURIComponent(item.items[0].id)}/availability`);
    assert.deepEqual(json.curve, [{ date: '2026-04-02', qty: '50.000', qty_text: null }]);
});

test('where the configuration splits lines, everybody is filled from all warehouses', async () => {
    const { employee, rival } = await configured('split: line');
    for (const client of [employee, rival]) {
        assert.equal((await ask(client, [{ sku: 'CV-6060-01', qty: '216' }])).json.lines[0].promised, '216.000');
    }
});

// Everything a dealer can read of the example item, of what he asks for and of what he orders.
async function toldOf(client, qty, rest = {}) {
    const { json: list } = await client.get(`/api/v1/items?q=${EXAMPLE}&date=${DATE}`);
    const [row] = list.items;
    const { json: item } = await client.get(`/api/v1/items/${encodeURIComponent(row.id)}?date=${DATE}`);
    assert.deepEqual([item.free_now, item.free_now_text, item.on_date], [row.free_now, row.free_now_text, row.on_date]);
    const { json: availability } = await client.get(`/api/v1/items/${encodeURIComponent(row.id)}/availability`);
    const { json: promise } = await ask(client, [{ sku: EXAMPLE, qty }], rest);
    return { row, curve: availability.curve, line: promise.lines[0] };
}

const INSTEAD = 'Замена — Керамогранит Cemento Vero Cenere 60×60 структурный (CV-6060-01)';
const offered = [[`${INSTEAD}: 132,48 м² к 17.04.`], ['Всё сразу: 100 м² к 16.04.', `${INSTEAD}: 100,8 м² к 10.04.`]];

// Rows for each display: [free now, on the date, the curve], the answer to 100 and to 132, the sentence of an order.
const shown = {
    steps: {
        row: ['10–50', 'более 100', [['2026-04-02', '10–50'], ['2026-04-16', 'более 100']]],
        whole: ['100 м² к 17.04 — есть. На складе останется: 10–50.', '10–50'],
        short: 'К 17.04 есть не всё. Всё количество пока не обеспечено ни на одну дату.',
        early: ['К 10.04 есть не всё. Всё количество — 16.04.', '2026-04-16'],
        offers: offered,
    },
    yes_no: {
        row: ['есть', 'есть', [['2026-04-02', 'есть']]],
        whole: ['100 м² к 17.04 — есть.', 'есть'],
        short: 'К 17.04 есть не всё. Всё количество пока не обеспечено ни на одну дату.',
        early: ['К 10.04 есть не всё. Всё количество — 16.04.', '2026-04-16'],
        offers: offered,
    },
    none: {
        row: ['по запросу', 'по запросу', [['2026-04-02', 'по запросу']]],
        whole: ['100 м² к 17.04 — есть.', 'по запросу'],
        short: 'К 17.04 есть не всё. Дату назовёт менеджер.',
        early: ['К 10.04 есть не всё. Дату назовёт менеджер.', null],
        offers: [[], []],
    },
};

for (const [display, expected] of Object.entries(shown)) {
    test(`with ${display} a dealer is told in words and nothing tells him more`, async () => {
        const { employee, server } = await configured(`display: ${display}`);
        const { row, curve, line } = await toldOf(employee, '100');
        assert.deepEqual([row.free_now, row.on_date.qty], [null, null]);
        assert.deepEqual([row.free_now_text, row.on_date.qty_text, curve.map((point) => [point.date, point.qty_text])], expected.row);
        assert.ok(curve.every((point) => point.qty === null));
        assert.deepEqual([line.promised, line.short, line.pegs, line.free_after], ['100.000', '0.000', [], null]);
        assert.deepEqual([line.text, line.free_after_text], expected.whole);

        const { line: short } = await toldOf(employee, '132');
        assert.deepEqual([short.promised, short.short, short.promised_text, short.short_text], [null, null, 'не всё', 'есть не всё']);
        assert.equal(short.text, expected.short);
        const { line: early } = await toldOf(employee, '100', { date: '2026-04-10' });
        assert.deepEqual([early.text, early.earliest], expected.early);

        // What is offered is what he asked for, in whole packs; no word of how much there is less than that.
        assert.deepEqual([short, early].map(({ offers }) => offers.map(({ text }) => text)), expected.offers);
        const { json: confirmed } = await order(employee, { lines: hundred });
        assert.equal(confirmed.status, 'confirmed');
        assert.deepEqual([confirmed.lines[0].text, confirmed.lines[0].pegs], [expected.whole[0], []]);
        const more = await employee.patch(`/api/v1/orders/${confirmed.id}`, { lines: [{ sku: EXAMPLE, qty: '132' }] });
        assert.equal(more.json.detail, `изменение не помещается: ${EXAMPLE}`);
        assert.equal((await employee.post(`/api/v1/orders/${confirmed.id}/cancel`)).status, 200);

        // In review it keeps what it could get, and that is the figure that is hidden.
        const placed = await order(employee, { lines: [{ sku: EXAMPLE, qty: '132' }] });
        assert.equal(placed.json.status, 'review');
        assert.ok(placed.json.held_until);
        const [line132] = placed.json.lines;
        assert.deepEqual([line132.promised, line132.short, line132.promised_text, line132.short_text, line132.pegs], [null, null, 'не всё', 'есть не всё', []]);
        assert.equal(line132.text, expected.short);
        assert.equal(placed.json.reasons[0].text, `Не хватает части по артикулу ${EXAMPLE}. Менеджер предложит другую дату или замену.`);
        // Not a figure of what is free (120, 50, 20, 12 missing, 88 to be had) in anything he was told.
        const { json: page } = await employee.get(`/api/v1/orders/${placed.json.id}`);
        for (const { reasons, lines } of [placed.json, page]) {
            const told = [...reasons.map(({ text }) => text), ...lines.flatMap(({ text, promised, short: lack, pegs }) => [text, promised, lack, JSON.stringify(pegs)])];
            assert.doesNotMatch(told.join('\n'), /(^|\D)(120|50|20|12|88)(\.000)?(\D|$)/m);
        }
        const manager = await server.login('manager@demo');
        const { json: seen } = await manager.get(`/api/v1/orders/${placed.json.id}`);
        assert.match(seen.reasons[0].text, /Не хватает 12 /);
        assert.match(seen.lines[0].text, /^Не хватает 12 к 17\.04/);
        assert.deepEqual([seen.lines[0].promised, seen.lines[0].short], ['120.000', '12.000']);
        assert.equal((await manager.get(`/api/v1/items?q=${EXAMPLE}`)).json.items[0].free_now, '0.000');
    });
}
