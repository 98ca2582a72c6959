// Damage that nothing in the portal can do: `db check` names each, and nothing else.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { demo, EXAMPLE, kabinet, order, ROOT, scratch } from '../lib/demo.mjs';

const SQL = path.join(ROOT, `build/obj/${process.env.MODE ?? 'release'}/sim/sql`);
const EXAMPLE_POOL = `(SELECT p.id FROM pool p JOIN item i ON i.id = p.item_id WHERE i.sku = '${EXAMPLE}' AND EXISTS
    (SELECT 1 FROM peg g WHERE g.pool_id = p.id))`;

let data;

before(async () => {
    const server = await demo();
    try {
        const answer = await order(await server.login('employee@demo'), { lines: [{ sku: EXAMPLE, qty: '100' }] });
        assert.equal(answer.json.status, 'confirmed');
    } finally {
        await server.end();
    }
    data = server.data;
});

// What db check says of a copy after <sql>.
function damaged(sql) {
    const copy = scratch('damaged');
    cpSync(data, copy, { recursive: true });
    const ran = spawnSync(SQL, [path.join(copy, 'novus/kabinet.db'), sql], { encoding: 'utf8' });
    assert.equal(ran.status, 0, ran.stderr || `nothing was damaged by ${sql}`);
    return kabinet('db', 'check', '--data', copy);
}

test('what the demo and an order leave agrees', () => {
    const { status, stdout } = kabinet('db', 'check', '--data', data);
    assert.match(stdout, /^проверено: товаров на складах \d+, заказов 1; всё сходится\n$/);
    assert.equal(status, 0);
});

// Each as it would be left by one fault: what is changed, and all that is then said.
const DAMAGES = [
    ['a peg gone',
        `DELETE FROM peg WHERE pool_id = ${EXAMPLE_POOL} AND quantity = 30000`,
        ['check_pegs: NV-6060-01, склад «Склад Москва»: привязки не те, что следуют из обещаний']],
    ['goods given back that are promised',
        `UPDATE supply SET free = free + 5000 WHERE pool_id = ${EXAMPLE_POOL} AND kind = 0`,
        ['check_free: NV-6060-01, склад «Склад Москва»: свободно записано 25, по привязкам 20']],
    ['a promise larger than what there is',
        `UPDATE promise_line SET quantity = 130000 WHERE pool_id = ${EXAMPLE_POOL}`,
        ['check_demand: NV-6060-01, склад «Склад Москва»: подтверждено 100, а обещано, отгружено и снято вместе 130',
            'check_unfit: NV-6060-01, склад «Склад Москва»: обещано больше, чем есть']],
    ['a promise without its demand',
        `DELETE FROM demand WHERE pool_id = ${EXAMPLE_POOL}`,
        ['check_orphan: NV-6060-01, склад «Склад Москва»: обещание или привязка без спроса или поступления',
            'check_promised: заказ K000001: удерживается 0, обещано 100']],
    ['goods cancelled twice',
        `UPDATE demand SET cancelled = cancelled + 10000 WHERE pool_id = ${EXAMPLE_POOL}`,
        ['check_demand: NV-6060-01, склад «Склад Москва»: подтверждено 100, а обещано, отгружено и снято вместе 110',
            'check_promised: заказ K000001: удерживается 90, обещано 100']],
    ['a demand newer than its pool',
        `UPDATE demand SET seq = seq + 100 WHERE pool_id = ${EXAMPLE_POOL}`,
        ['check_seq: NV-6060-01, склад «Склад Москва»: порядок спроса нарушен']],
    ['an order over whose goods are still held',
        `UPDATE orders SET status = 'cancelled'`,
        ['check_holder: NV-6060-01, склад «Склад Москва»: держит товар строка, чей заказ уже не действует',
            'check_promised: заказ K000001: удерживается 100, обещано 0',
            'check_exposure: договор 2025/017, отгрузка 17.04.2026: обязательства расходятся с заказами на 185 250,00']],
    ['a total that is not the sum of its lines',
        `UPDATE orders SET total = total + 1`,
        ['check_total: заказ K000001: сумма 185 250,01, по строкам 185 250,00']],
    ['VAT that is not the sum of its lines',
        `UPDATE orders SET vat = vat - 1`,
        ['check_vat: заказ K000001: НДС 33 405,73, по строкам 33 405,74']],
    ['an order without its decision',
        `DELETE FROM decision WHERE order_id = (SELECT id FROM orders)`,
        ['check_record: заказ K000001: нет записи о решении или событии']],
    ['a part that is not the sum of its shares',
        `UPDATE order_share SET amount = amount - 100`,
        ['check_part: часть K000001: сумма 185 250,00, по строкам 185 249,00']],
    ['an order that 1C will never hear of',
        `DELETE FROM outbox`,
        ['check_outbox: часть K000001: должна быть одна запись на выгрузку в 1С']],
    ['an order that promised more than it holds',
        `UPDATE order_line SET promised = promised + 1000`,
        ['check_promised: заказ K000001: удерживается 100, обещано 101']],
    ['exposure that no order explains',
        `UPDATE exposure SET amount = amount + 500`,
        ['check_exposure: договор 2025/017, отгрузка 17.04.2026: обязательства расходятся с заказами на 5,00']],
];

for (const [what, sql, said] of DAMAGES)
    test(what, () => {
        const { status, stdout } = damaged(sql);
        const sum = `проверено: товаров на складах N, заказов 1; не сходится: ${said.length}`;
        assert.deepEqual(stdout.trimEnd().replace(/складах \d+/, 'складах N').split('\n'), [...said, sum]);
        assert.equal(status, 1);
    });

// Whoever checks a copy wants to know of the copy, though its configuration still names the folder it was copied from.
test('a folder that was copied is checked itself', () => {
    assert.equal(kabinet('db', 'check', '--data', data).status, 0);
    assert.equal(damaged('DELETE FROM outbox').status, 1);
    assert.equal(kabinet('db', 'check', '--data', data).status, 0);
});
