// Square metres, pieces, boxes and pallets: any of them in a question or an order, exact, never rounded unasked.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ask, demo, EXAMPLE, order } from '../lib/demo.mjs';

// 60×60: four pieces of 0.36 m² in a box, thirty boxes on a pallet.
const TILE = 'NV-6060-02';
const LATER = '2026-04-30';

let server;
let employee;
let english;

before(async () => {
    server = await demo();
    employee = await server.login('employee@demo');
    english = await server.login('employee@demo', { headers: { 'Accept-Language': 'en' } });
});
after(() => server?.end());

const lineOf = async (sku, qty, unit, client = employee) => {
    const { status, json, text } = await ask(client, [{ sku, qty, unit }], { date: LATER });
    assert.equal(status, 200, text);
    return json.lines[0];
};

test('an item says its units, the smallest first, and by how much of each it is sold', async () => {
    const { json: list } = await employee.get(`/api/v1/items?q=${TILE}`);
    const { json: item } = await employee.get(`/api/v1/items/${list.items[0].id}`);
    const units = [
        { name: 'шт', base_qty: '0.360', step: '4.000' },
        { name: 'кор', base_qty: '1.440', step: '1.000' },
        { name: 'пал', base_qty: '43.200', step: '0.100' },
    ];
    assert.deepEqual(item.units, units);
    assert.deepEqual((await lineOf(TILE, '14.4')).units, units);
    assert.deepEqual((await lineOf(EXAMPLE, '5')).units, []);
});

test('the same goods in every unit are the same promise and the same money', async () => {
    const asked = [['144', 'м2'], ['144', 'м²'], ['400', 'шт'], ['100', 'кор']];
    const lines = await Promise.all(asked.map(([qty, unit]) => lineOf(TILE, qty, unit)));
    for (const line of lines) {
        assert.deepEqual([line.asked, line.promised, line.unit, line.amount, line.text],
            ['144.000', '144.000', 'м²', lines[0].amount, lines[0].text]);
    }
    assert.deepEqual(lines.map((line) => line.entered), [
        null, null, { qty: '400.000', unit: 'шт' }, { qty: '100.000', unit: 'кор' },
    ]);
    assert.equal((await lineOf(TILE, '2.5', 'пал')).asked, '108.000');
});

const between = [
    // what was asked, the nearest around it, what is said
    ['100', undefined, [['99.360', 'м²', '99.360'], ['100.800', 'м²', '100.800']], 'кратность — 1,44 м²: можно 99,36 или 100,8'],
    ['10.5', 'кор', [['10.000', 'кор', '14.400'], ['11.000', 'кор', '15.840']],
        'кратность — 1 кор: можно 10 (14,4 м²) или 11 (15,84 м²)'],
    ['5', 'шт', [['4.000', 'шт', '1.440'], ['8.000', 'шт', '2.880']], 'кратность — 4 шт: можно 4 (1,44 м²) или 8 (2,88 м²)'],
    ['0.25', 'пал', [['0.200', 'пал', '8.640'], ['0.300', 'пал', '12.960']],
        'кратность — 0,1 пал: можно 0,2 (8,64 м²) или 0,3 (12,96 м²)'],
    ['1', undefined, [['1.440', 'м²', '1.440']], 'кратность — 1,44 м²: можно от 1,44'],
    ['0.001', 'шт', [['4.000', 'шт', '1.440']], 'кратность — 4 шт: можно от 4 (1,44 м²)'],
];

for (const [qty, unit, nearest, text] of between) {
    test(`${qty} ${unit ?? 'of the base unit'} between packs is refused with both neighbours`, async () => {
        const line = await lineOf(TILE, qty, unit);
        assert.equal(line.error.code, 'quantity_not_multiple');
        assert.equal(line.error.text, text);
        assert.deepEqual(line.nearest.map((near) => [near.qty, near.unit, near.base_qty]), nearest);
        for (const near of line.nearest) {
            const again = await lineOf(TILE, near.qty, near.unit);
            assert.deepEqual([again.error, again.nearest, again.asked], [null, [], near.base_qty]);
        }
        const refused = await order(employee, { date: LATER, lines: [{ sku: TILE, qty, unit }] });
        assert.deepEqual([refused.status, refused.json.pointer, refused.json.detail], [422, '/lines/0/qty', text]);
    });
}

test('a unit the goods are not sold in, and more than anybody has, are refused', async () => {
    const unknown = await lineOf(TILE, '1', 'вагон', english);
    assert.equal(unknown.error.text, "the item is not sold by 'вагон'; it is sold by м², шт, кор, пал");
    const far = await lineOf(TILE, '999999999', 'пал', english);
    assert.equal(far.error.text, "'999999999' is too large a quantity");
});

test('an order remembers the unit it was asked in, and a change may name another', async () => {
    const lines = [{ sku: TILE, qty: '10', unit: 'кор' }, { sku: EXAMPLE, qty: '5' }];
    const { status, json: placed, text } = await order(employee, { date: LATER, lines });
    assert.equal(status, 201, text);
    const told = (json) => json.lines.map((line) => [line.qty, line.unit, line.entered]);
    const asPlaced = [['14.400', 'м²', { qty: '10.000', unit: 'кор' }], ['5.000', 'м²', null]];
    assert.deepEqual(told(placed), asPlaced);
    const { json: read, headers } = await employee.get(`/api/v1/orders/${placed.id}`);
    assert.deepEqual(told(read), asPlaced);
    const changed = await employee.request('PATCH', `/api/v1/orders/${placed.id}`, {
        headers: { 'If-Match': headers.etag },
        body: { lines: [{ sku: TILE, qty: '80', unit: 'шт' }, { sku: EXAMPLE, qty: '5' }] },
    });
    assert.equal(changed.status, 200, changed.text);
    assert.deepEqual(told(changed.json)[0], ['28.800', 'м²', { qty: '80.000', unit: 'шт' }]);
});
