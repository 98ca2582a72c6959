// The day the goods arrive: stock and receipts come in different files at different times, and nothing may count twice.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { ask, demo, EXAMPLE, kabinet, order, promiseOf, reconfigured, serve } from '../lib/demo.mjs';
import { gone, on, rests, supply } from '../lib/feeds.mjs';
import { ProfileA } from './profile_a.mjs';

const servers = [];
after(() => Promise.all(servers.map((server) => server.end())));
const started = async (promise) => {
    const server = await promise;
    servers.push(server);
    return server;
};

const erp = (server) => new ProfileA({ port: server.port });
const promised = async (client, qty, date) => (await ask(client, [{ sku: EXAMPLE, qty }], { date })).json.lines[0].promised;
const line = async (client, placed) => (await client.get(`/api/v1/orders/${placed.id}`)).json.lines[0];

test('goods that may be in the stock already are promised once', async () => {
    const before = await started(demo({ today: '2026-04-14' }));
    const { data } = before;
    const early = await before.login('employee@demo');
    const { json: placed } = await order(early, { lines: [{ sku: EXAMPLE, qty: '100' }] });
    assert.equal(placed.status, 'confirmed');
    await before.end();

    // On the 15th stock says 120, while the last list of receipts still says 70 to come.
    const server = await started(serve(data, { today: '2026-04-15' }));
    const employee = await server.login('employee@demo');
    const rival = await server.login('rival@demo');
    await erp(server).upload('catalog', { 'rests0_1.xml': rests(data, '2026-04-15T08:00:00', 120) });
    assert.equal(await promised(rival, '500', '2026-04-20'), '20.000');
    assert.equal((await line(employee, placed)).promised, '100.000');
    assert.ok(!(await employee.get(`/api/v1/orders/${placed.id}`)).json.timeline.some((event) => /^promise_/.test(event.code)));

    // Then the list says that nothing is left to come: the promise stands on the stock, and nobody was told anything.
    await erp(server).upload('dealers', { 'supply.xml': supply(data, '2026-04-15T08:30:00', gone) });
    const { json: settled } = await employee.get(`/api/v1/orders/${placed.id}`);
    assert.deepEqual(settled.lines[0].pegs, [{ source: 'stock', date: null, qty: '100.000' }]);
    assert.ok(!settled.timeline.some((event) => /^promise_/.test(event.code)));
    assert.equal(await promised(rival, '500', '2026-04-20'), '20.000');
    await server.end();
    const check = kabinet('db', 'check', '--data', data);
    assert.equal(check.status, 0, check.stdout + check.stderr);
});

test('a rise of any amount casts doubt before the day, and an older list does not end it', async () => {
    const server = await started(demo({ today: '2026-04-10' }));
    const { data } = server;
    const employee = await server.login('employee@demo');
    assert.equal(await promised(employee, '500', '2026-04-17'), '120.000');
    await erp(server).upload('catalog', { 'rests0_1.xml': rests(data, '2026-04-10T08:00:00', 60) });
    assert.equal(await promised(employee, '500', '2026-04-17'), '60.000');
    await erp(server).upload('dealers', { 'supply.xml': supply(data, '2026-04-10T07:00:00', (receipt) => receipt) });
    assert.equal(await promised(employee, '500', '2026-04-17'), '60.000');
    await erp(server).upload('dealers', { 'supply.xml': supply(data, '2026-04-10T09:00:00', (receipt) => receipt) });
    assert.equal(await promised(employee, '500', '2026-04-17'), '130.000');
    // Stock that came later than this list, but is an older figure, does not count.
    await erp(server).upload('catalog', { 'rests0_1.xml': rests(data, '2026-04-10T07:30:00', 500) });
    assert.equal(await promised(employee, '500', '2026-04-17'), '130.000');
});

test('where figures are hidden, what a shipment that slips does to a review is told without them', async () => {
    const server = await started(reconfigured(await started(demo()), { settings: promiseOf('display: yes_no, settle_minutes: 0') }));
    const { data } = server;
    const employee = await server.login('employee@demo');
    const { json: placed } = await order(employee, { lines: [{ sku: EXAMPLE, qty: '132' }] });
    assert.deepEqual([placed.status, placed.lines[0].promised], ['review', null]);
    await erp(server).upload('dealers', { 'supply.xml': supply(data, '2026-04-01T10:00:00', on('2026-04-20')) });
    await erp(server).upload('dealers', { 'supply.xml': supply(data, '2026-04-01T11:00:00', gone) });
    await erp(server).upload('catalog', { 'rests0_1.xml': rests(data, '2026-04-01T12:00:00', 0) });
    const told = async (client) => (await client.get(`/api/v1/orders/${placed.id}`)).json.timeline
        .filter((event) => /^promise_/.test(event.code)).map((event) => event.text);
    assert.deepEqual(await told(employee), [
        `${EXAMPLE}: поставка изменилась. Новый день — 21.04.`,
        `${EXAMPLE}: поставка изменилась. К 17.04 есть меньше, чем было обещано.`,
        `${EXAMPLE}: поставка изменилась. Теперь обеспечить нечем.`,
    ]);
    const figures = await told(await server.login('manager@demo'));
    assert.equal(figures[0], `${EXAMPLE}: поставка изменилась. Было: 120 м² к 17.04. Стало: 50 м² к 17.04, 70 м² к 21.04.`);
});

test('a shipment that slips makes promises later, and only then; an unconfirmed one is not promised', async () => {
    const server = await started(reconfigured(await started(demo()), { settings: promiseOf('settle_minutes: 0') }));
    const { data } = server;
    const employee = await server.login('employee@demo');
    const { json: placed } = await order(employee, { lines: [{ sku: EXAMPLE, qty: '100' }] });
    await erp(server).upload('dealers', { 'supply.xml': supply(data, '2026-04-01T10:00:00', on('2026-04-20')) });
    const { json: slipped } = await employee.get(`/api/v1/orders/${placed.id}`);
    const worse = slipped.timeline.find((event) => event.code === 'promise_worse');
    assert.equal(worse.text, `${EXAMPLE}: поставка изменилась. Было: 100 м² к 17.04. Стало: 50 м² к 17.04, 50 м² к 21.04.`);
    assert.equal(slipped.lines[0].promised, '100.000');
    await erp(server).upload('dealers', { 'supply.xml': supply(data, '2026-04-01T11:00:00', on('2026-04-15')) });
    const { json: back } = await employee.get(`/api/v1/orders/${placed.id}`);
    assert.ok(back.timeline.some((event) => event.code === 'promise_better'));
    const rival = await server.login('rival@demo');
    assert.equal(await promised(rival, '500', '2026-04-17'), '20.000');
    const unconfirmed = (receipt) => receipt.replace('<Подтверждено>true', '<Подтверждено>false');
    await erp(server).upload('dealers', { 'supply.xml': supply(data, '2026-04-01T12:00:00', unconfirmed) });
    assert.equal(await promised(rival, '500', '2026-04-17'), '0.000');
    assert.equal((await line(employee, placed)).promised, '100.000');
});

test('a receipt that does not come is in doubt the day after, and given up after the grace', async () => {
    const before = await started(demo({ today: '2026-04-14' }));
    const { data } = before;
    const early = await before.login('employee@demo');
    const { json: placed } = await order(early, { lines: [{ sku: EXAMPLE, qty: '60' }] });
    await before.end();

    // Friday the 17th: two days late. What stands on it stays; as it may need the stock after all, nothing is promised.
    const late = await started(serve(data, { today: '2026-04-17' }));
    const employee = await late.login('employee@demo');
    assert.equal((await line(employee, placed)).promised, '60.000');
    assert.equal(await promised(employee, '500', '2026-04-24'), '0.000');
    await late.end();

    // Three working days after the 15th are over on the 21st: the stock serves the promise now.
    const given = await started(serve(data, { today: '2026-04-21' }));
    const again = await given.login('employee@demo');
    assert.deepEqual((await line(again, placed)).pegs, [{ source: 'stock', date: null, qty: '50.000' }]);
    await given.end();

    // And when that has settled, the dealer hears of it.
    const settled = await started(serve(data, { today: '2026-04-22' }));
    const { json: page } = await (await settled.login('employee@demo')).get(`/api/v1/orders/${placed.id}`);
    assert.equal(page.timeline.at(-1).text, `${EXAMPLE}: поставка изменилась. Было: 60 м² к 17.04. Стало: 50 м² к 17.04; на 10 м² даты нет.`);
    await settled.end();
    const check = kabinet('db', 'check', '--data', data);
    assert.equal(check.status, 0, check.stdout + check.stderr);
});
