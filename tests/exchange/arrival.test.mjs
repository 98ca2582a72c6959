// The day the goods arrive: stock and receipts come in different files at different times, and nothing may count twice.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import path from 'node:path';

import { ask, demo, EXAMPLE, kabinet, order, serve } from '../lib/demo.mjs';
import { ProfileA } from './profile_a.mjs';

const servers = [];
after(() => Promise.all(servers.map((server) => server.end())));
const started = async (promise) => {
    const server = await promise;
    servers.push(server);
    return server;
};

const erp = (server) => new ProfileA({ port: server.port });
const packageOf = (data, name) => readFileSync(path.join(data, 'packages', name), 'utf8');

// Where the example lies, as the demo's own files say.
function example(data) {
    const offers = packageOf(data, 'offers0_1.xml');
    const at = offers.indexOf(`<Артикул>${EXAMPLE}</Артикул>`);
    const id = /<Ид>([^<]+)<\/Ид>(?![\s\S]*<Ид>)/.exec(offers.slice(0, at))[1];
    return { id, warehouse: /ИдСклада="([^"]+)" КоличествоНаСкладе="50"/.exec(offers.slice(at))[1] };
}

const rests = (data, formed, quantity) => {
    const { id, warehouse } = example(data);
    return `<?xml version="1.0" encoding="UTF-8"?>
<КоммерческаяИнформация ВерсияСхемы="2.07" ДатаФормирования="${formed}"><ПакетПредложений СодержитТолькоИзменения="true">
<Ид>x#</Ид><Наименование>Остатки</Наименование><ИдКаталога>x</ИдКаталога><Предложения><Предложение><Ид>${id}</Ид>
<Склад ИдСклада="${warehouse}" КоличествоНаСкладе="${quantity}"/></Предложение></Предложения>
</ПакетПредложений></КоммерческаяИнформация>`;
};

// The demo's own list of receipts, formed at another time, with the example's receipt changed or gone.
const supply = (data, formed, change) => {
    const { id } = example(data);
    const text = packageOf(data, 'supply.xml').replace(/ДатаФормирования="[^"]+"/, `ДатаФормирования="${formed}"`);
    return text.replace(/<Поступление>[\s\S]*?<\/Поступление>/g, (receipt) => (receipt.includes(id) ? change(receipt) : receipt));
};
const gone = () => '';
const on = (day) => (receipt) => receipt.replace(/<ДатаПоступления>[^<]+/, `<ДатаПоступления>${day}`);

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
    const first = await started(demo());
    const { data } = first;
    await first.end();
    const file = path.join(data, 'distributors/novus.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^promise:\n( .*\n)+/m, 'promise: {display: yes_no}\n'));
    const server = await started(serve(data));
    const employee = await server.login('employee@demo');
    const { json: placed } = await order(employee, { lines: [{ sku: EXAMPLE, qty: '132' }] });
    assert.deepEqual([placed.status, placed.lines[0].promised], ['review', null]);
    await erp(server).upload('dealers', { 'supply.xml': supply(data, '2026-04-01T10:00:00', on('2026-04-20')) });
    await erp(server).upload('dealers', { 'supply.xml': supply(data, '2026-04-01T11:00:00', gone) });
    await erp(server).upload('catalog', { 'rests0_1.xml': rests(data, '2026-04-01T12:00:00', 0) });
    const told = async (client) => (await client.get(`/api/v1/orders/${placed.id}`)).json.timeline
        .filter((event) => /^promise_/.test(event.code)).map((event) => event.text);
    assert.deepEqual(await told(employee), [
        `${EXAMPLE}: поставка изменилась, новый день — 20.04`, `${EXAMPLE}: поставка изменилась, к 16.04 есть меньше, чем было`,
        `${EXAMPLE}: поставки больше нет`,
    ]);
    const figures = await told(await server.login('manager@demo'));
    assert.match(figures[0], /теперь 120 к 20\.04/);
});

test('a shipment that slips makes promises later, and only then; an unconfirmed one is not promised', async () => {
    const server = await started(demo());
    const { data } = server;
    const employee = await server.login('employee@demo');
    const { json: placed } = await order(employee, { lines: [{ sku: EXAMPLE, qty: '100' }] });
    await erp(server).upload('dealers', { 'supply.xml': supply(data, '2026-04-01T10:00:00', on('2026-04-20')) });
    const { json: slipped } = await employee.get(`/api/v1/orders/${placed.id}`);
    const worse = slipped.timeline.find((event) => event.code === 'promise_worse');
    assert.match(worse.text, new RegExp(`${EXAMPLE}.*20\\.04|20\\.04.*${EXAMPLE}`));
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
    const { json: page } = await again.get(`/api/v1/orders/${placed.id}`);
    assert.ok(page.timeline.some((event) => /^promise_(lost|worse)$/.test(event.code)));
    await given.end();
    const check = kabinet('db', 'check', '--data', data);
    assert.equal(check.status, 0, check.stdout + check.stderr);
});
