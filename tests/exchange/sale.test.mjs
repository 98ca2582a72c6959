// Orders go to 1C by the standard exchange, once, in the dealer's name.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { demo, EXAMPLE, order } from '../lib/demo.mjs';
import { all, one, requisites, text } from '../lib/xml.mjs';
import { ProfileA } from './profile_a.mjs';

let server;
let employee;
let colleague;
let me;

before(async () => {
    server = await demo();
    employee = await server.login('employee@demo');
    colleague = await server.login('colleague@demo');
    me = (await employee.get('/api/v1/me')).json;
});
after(() => server?.end());

const hundred = [{ sku: EXAMPLE, qty: '100' }];
const erp = () => new ProfileA({ port: server.port });
const numbers = (documents) => documents.map((document) => text(document, 'Номер'));
const withdraw = (placed) => employee.post(`/api/v1/orders/${placed.id}/cancel`);

test('with nothing to take 1C gets an empty list and still says success', async () => {
    const client = erp();
    assert.deepEqual(await client.download(), []);
});

test('the order is there as the dealer\'s, with its source, until 1C has acknowledged it', async () => {
    const { json: placed } = await order(employee, { lines: hundred, reference: 'ПО-1', comment: 'Позвоните & <заранее>' });
    const client = erp();

    const [first] = await client.download({ acknowledge: false });
    const counterparty = one(first, 'Контрагенты', 'Контрагент');
    const contract = me.contracts.find((entry) => entry.id === me.contract);
    assert.equal(text(first, 'Номер'), placed.number);
    assert.equal(text(counterparty, 'ИНН'), contract.inn);
    assert.match(text(counterparty, 'КПП'), /^\d{9}$/);
    assert.match(text(counterparty, 'Ид'), /^[0-9a-f-]{36}$/);
    assert.equal(text(counterparty, 'Наименование'), contract.legal_entity);
    assert.equal(text(counterparty, 'Представители', 'Представитель', 'Контрагент', 'Наименование'), me.user.name);
    assert.equal(text(first, 'Комментарий'), `Сотрудник дилера: ${me.user.name}. Позвоните & <заранее>`);
    assert.equal(text(first, 'Сумма'), placed.total);

    const [line] = all(one(first, 'Товары'), 'Товар');
    assert.equal(text(line, 'Артикул'), EXAMPLE);
    assert.equal(text(line, 'Количество'), '100');
    assert.equal(text(line, 'Сумма'), placed.lines[0].amount);
    assert.equal(requisites(line).Обеспечение, '70 — поставка 15.04.2026; 30 — склад');
    const facts = requisites(first);
    assert.equal(facts['Дата отгрузки'], '2026-04-17T00:00:00');
    assert.equal(facts['Желаемая дата доставки'], '2026-04-17T00:00:00');
    assert.equal(facts.Отменен, 'false');
    assert.equal(facts['Номер заказа покупателя'], 'ПО-1');

    // Without success the next conversation gets the same; the one after it nothing.
    assert.deepEqual(numbers(await client.download({ acknowledge: false })), [placed.number]);
    assert.equal((await employee.get(`/api/v1/orders/${placed.id}`)).json.erp, 'waiting');
    assert.deepEqual(numbers(await client.download()), [placed.number]);
    assert.deepEqual(await client.download(), []);

    const { json: page } = await employee.get(`/api/v1/orders/${placed.id}`);
    assert.equal(page.erp, 'taken');
    assert.deepEqual(page.parts.map((part) => part.erp), ['taken']);
    assert.ok(page.timeline.some((event) => event.text === `1С приняла заказ ${placed.number}` && event.actor === '1С'));

    // What 1C has is not cancelled or changed by the portal alone.
    const changed = await employee.patch(`/api/v1/orders/${placed.id}`, { comment: 'поздно' });
    assert.equal(changed.status, 409);
    assert.equal(changed.json.code, 'order_taken');
    const asked = await withdraw(placed);
    assert.equal(asked.status, 202);
    assert.equal(asked.json.status, 'confirmed');
    assert.equal(asked.json.request, 'cancel');
    assert.equal((await withdraw(placed)).json.code, 'order_requested');
    const [again] = await client.download();
    assert.equal(requisites(again).Отменен, 'true');
});

test('a colleague\'s order is the dealer\'s too, with the colleague as its representative', async () => {
    const { json: placed } = await order(colleague, { lines: [{ sku: EXAMPLE, qty: '1' }] });
    const [document] = await erp().download();
    const { json: they } = await colleague.get('/api/v1/me');
    const counterparty = one(document, 'Контрагенты', 'Контрагент');
    assert.equal(text(document, 'Номер'), placed.number);
    assert.equal(text(counterparty, 'ИНН'), me.contracts.find((entry) => entry.id === me.contract).inn);
    assert.equal(text(counterparty, 'Представители', 'Представитель', 'Контрагент', 'Наименование'), they.user.name);
});

test('an order in review does not go to 1C', async () => {
    const { json: placed } = await order(employee, { lines: [{ sku: EXAMPLE, qty: '5000' }] });
    assert.equal(placed.status, 'review');
    assert.deepEqual(await erp().download(), []);
    await withdraw(placed);
    assert.deepEqual(await erp().download(), []);
});

test('an order changed between query and success stays waiting, in its new form', async () => {
    const { json: placed } = await order(employee, { lines: [{ sku: EXAMPLE, qty: '3' }] });
    const client = erp();
    await client.checkauth('sale');
    const [before] = await client.query();
    assert.equal(text(one(before, 'Товары', 'Товар'), 'Количество'), '3');
    const changed = await employee.patch(`/api/v1/orders/${placed.id}`, { lines: [{ sku: EXAMPLE, qty: '2' }] });
    assert.equal(changed.status, 200, changed.text);
    await client.success();
    const [after] = await client.download();
    assert.equal(text(after, 'Номер'), placed.number);
    assert.equal(text(one(after, 'Товары', 'Товар'), 'Количество'), '2');
    assert.deepEqual(await client.download(), []);
});

test('an order cancelled before anyone saw it never goes there; one that was offered goes as cancelled', async () => {
    const { json: unseen } = await order(employee, { lines: [{ sku: EXAMPLE, qty: '1' }] });
    await withdraw(unseen);
    assert.deepEqual(await erp().download(), []);
    const { json: seen } = await order(employee, { lines: [{ sku: EXAMPLE, qty: '1' }] });
    await erp().download({ acknowledge: false });
    await withdraw(seen);
    const [document] = await erp().download();
    assert.equal(text(document, 'Номер'), seen.number);
    assert.equal(requisites(document).Отменен, 'true');
});

test('success marks only what this conversation was offered', async () => {
    const { json: placed } = await order(employee, { lines: [{ sku: EXAMPLE, qty: '1' }] });
    const first = erp();
    await first.checkauth('sale');
    await first.query();
    const second = erp();
    await second.checkauth('sale');
    await second.success(); // it asked for nothing
    assert.equal((await employee.get(`/api/v1/orders/${placed.id}`)).json.erp, 'waiting');
    await first.success();
    await first.success(); // a repeated GET changes nothing
    assert.equal((await employee.get(`/api/v1/orders/${placed.id}`)).json.erp, 'taken');
});

test('lines for two days become two documents of one order', async () => {
    const { json: placed } = await order(employee, {
        lines: [{ sku: EXAMPLE, qty: '2' }, { sku: EXAMPLE, qty: '3', date: '2026-04-20' }],
    });
    assert.equal(placed.status, 'confirmed');
    const documents = await erp().download();
    assert.deepEqual(numbers(documents), [placed.number, `${placed.number}-2`]);
    assert.deepEqual(documents.map((document) => requisites(document)['Дата отгрузки'].slice(0, 10)), ['2026-04-17', '2026-04-20']);
    const sum = documents.reduce((total, document) => total + Math.round(Number(text(document, 'Сумма')) * 100), 0);
    assert.equal((sum / 100).toFixed(2), placed.total);
});
