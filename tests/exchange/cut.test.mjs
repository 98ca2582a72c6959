// A day's exchange that breaks off behind any of its requests, and is run again, leaves what one whole exchange leaves.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';

import { demo, EXAMPLE, kabinet, order, ROOT, scratch, serve } from '../lib/demo.mjs';
import { ProfileA } from './profile_a.mjs';

const SQL = path.join(ROOT, `build/obj/${process.env.MODE ?? 'release'}/sim/sql`);

// All that an exchange may change, without the numbers of runs and revisions of rows, which count attempts.
const DATA = `
SELECT 'goods', guid, sku, name, vat, unit, pack, deleted, known FROM goods ORDER BY guid;
SELECT 'item', guid, sku, name, shown, offered, total FROM item ORDER BY guid;
SELECT 'price', i.guid, t.guid, p.min_quantity, p.amount, p.num, p.den FROM price p JOIN item i ON i.id = p.item_id
    JOIN price_type t ON t.id = p.price_type_id ORDER BY 2, 3, 4;
SELECT 'pool', i.guid, w.guid, p.stock_stamp, p.rise_stamp FROM pool p JOIN item i ON i.id = p.item_id
    JOIN warehouse w ON w.id = p.warehouse_id ORDER BY 2, 3;
SELECT 'supply', i.guid, s.guid, s.kind, s.day, s.gross, s.free, s.doubt, s.said, s.confirmed, s.stamp FROM supply s
    JOIN pool p ON p.id = s.pool_id JOIN item i ON i.id = p.item_id ORDER BY 2, 3, 4, 5, 6, p.id;
SELECT 'peg', demand_id, day, quantity FROM peg ORDER BY 2, 3, 4;
SELECT 'order', number, status, request, total FROM orders ORDER BY number;
SELECT 'outbox', part_id, revision, taken, waiting FROM outbox ORDER BY part_id;
SELECT 'timeline', order_id, actor_kind, code, params FROM timeline ORDER BY order_id, id;
SELECT 'rejected', code, params FROM import_rejected;
SELECT 'undone', name, state FROM import_job WHERE state = 'running';
`;

let origin;
let files;

// What has changed in 1C since the demo began: a name, a price, some stock, a receipt.
function changed(packages) {
    const read = (name) => readFileSync(path.join(packages, name), 'utf8')
        .replace(/ДатаФормирования="[^"]+"/, 'ДатаФормирования="2026-04-01T08:30:00"');
    const offers = read('offers0_1.xml');
    const at = offers.indexOf(`<Артикул>${EXAMPLE}</Артикул>`);
    const id = /<Ид>([^<]+)<\/Ид>(?![\s\S]*<Ид>)/.exec(offers.slice(0, at))[1];
    const offer = offers.slice(at)
        .replace(/КоличествоНаСкладе="50"/, 'КоличествоНаСкладе="40"').replace(/<ЦенаЗаЕдиницу>\d+/, '<ЦенаЗаЕдиницу>7777');
    const goods = read('import0_1.xml');
    const name = goods.indexOf('<Наименование>', goods.indexOf(`<Артикул>${EXAMPLE}</Артикул>`));
    return {
        'import0_1.xml': `${goods.slice(0, name)}<Наименование>Новое: ${goods.slice(name + '<Наименование>'.length)}`,
        'offers0_1.xml': offers.slice(0, at) + offer,
        'supply.xml': read('supply.xml').replace(/<Поступление>[\s\S]*?<\/Поступление>/g,
            (receipt) => (receipt.includes(id) ? receipt.replace(/<ДатаПоступления>[^<]+/, '<ДатаПоступления>2026-04-14') : receipt)),
    };
}

before(async () => {
    const server = await demo();
    try {
        const { json } = await order(await server.login('employee@demo'), { lines: [{ sku: EXAMPLE, qty: '100' }] });
        assert.equal(json.status, 'confirmed');
    } finally {
        await server.end();
    }
    origin = server.data;
    files = changed(path.join(origin, 'packages'));
});

// A 1C whose answers stop coming: behind <left> requests what was answered does not arrive.
class Mortal extends ProfileA {
    constructor(options, left) {
        super(options);
        this.left = left;
    }

    async call(...args) {
        const answer = await super.call(...args);
        if (this.left === 0) throw new Error('cut');
        this.left -= 1;
        return answer;
    }
}

async function day(client) {
    await client.upload('catalog', { 'import0_1.xml': files['import0_1.xml'], 'offers0_1.xml': files['offers0_1.xml'] });
    await client.upload('dealers', { 'supply.xml': files['supply.xml'] });
    await client.download();
}

// The data after a day that is cut behind request <at> and run again, or, without it, of one that is not.
async function after(at) {
    const data = scratch('cut');
    cpSync(origin, data, { recursive: true });
    const config = path.join(data, 'kabinet.yaml');
    writeFileSync(config, readFileSync(config, 'utf8').replaceAll(origin, data));
    const server = await serve(data);
    let whole = true;
    try {
        if (at !== undefined) {
            await day(new Mortal({ port: server.port }, at)).catch((error) => {
                assert.equal(error.message, 'cut');
                whole = false;
            });
        }
        if (at === undefined || !whole) await day(new ProfileA({ port: server.port }));
    } finally {
        await server.end();
    }
    const check = kabinet('db', 'check', '--data', data);
    assert.equal(check.status, 0, check.stdout + check.stderr);
    const { stdout } = spawnSync(SQL, [path.join(data, 'novus/kabinet.db'), DATA], { encoding: 'utf8', maxBuffer: 1 << 26 });
    rmSync(data, { recursive: true });
    return { whole, rows: stdout };
}

test('an exchange cut behind any request and run again has the effect of one', async () => {
    const { rows: expected } = await after();
    assert.match(expected, /^goods\|.*\|NV-6060-01\|Новое: /m);
    assert.match(expected, /\|777700/);
    assert.match(expected, /^timeline\|.*\|erp\|taken\|/m);
    assert.match(expected, /^outbox\|\d+\|1\|1\|0$/m);
    let cuts = 0;
    for (let at = 0; ; at += 1) {
        const { whole, rows } = await after(at);
        if (whole) break;
        cuts += 1;
        assert.deepEqual(rows.split('\n').filter((row) => !expected.includes(`${row}\n`)), [], `cut behind request ${at}`);
        assert.equal(rows, expected, `cut behind request ${at}`);
    }
    assert.ok(cuts >= 13, `only ${cuts} requests`);
});
