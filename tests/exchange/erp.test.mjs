// What 1C says of orders: documents, reserves, shipments, and files that are not sound.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import path from 'node:path';

import { ask, demo, EXAMPLE, kabinet, order, ROOT } from '../lib/demo.mjs';
import { ProfileA } from './profile_a.mjs';

const SQL = path.join(ROOT, `build/obj/${process.env.MODE ?? 'release'}/sim/sql`);

let server, employee, rival, erp, item, warehouse;

before(async () => {
    server = await demo({ today: '2026-04-01' });
    employee = await server.login('employee@demo');
    rival = await server.login('rival@demo');
    erp = new ProfileA({ port: server.port });
    const offers = readFileSync(path.join(server.data, 'packages', 'offers0_1.xml'), 'utf8');
    const at = offers.indexOf(`<Артикул>${EXAMPLE}</Артикул>`);
    item = /<Ид>([^<]+)<\/Ид>(?![\s\S]*<Ид>)/.exec(offers.slice(0, at))[1];
    warehouse = /ИдСклада="([^"]+)" КоличествоНаСкладе="50"/.exec(offers.slice(at))[1];
});
after(() => server.end());

let minute = 0;
const envelope = (body) => {
    minute += 1;
    return `<?xml version="1.0" encoding="UTF-8"?>
<КоммерческаяИнформация ВерсияСхемы="2.09" ДатаФормирования="2026-04-01T10:${String(minute).padStart(2, '0')}:00">
${body}
</КоммерческаяИнформация>`;
};
const document = ({ id = '', number, lines = '', requisites = {}, entity }) => `<Документ><Ид>${id}</Ид><Номер>${number}</Номер><ХозОперация>Заказ товара</ХозОперация>
${entity ? `<Контрагенты><Контрагент><Ид>${entity}</Ид></Контрагент></Контрагенты>` : ''}<Товары>${lines}</Товары>
<ЗначенияРеквизитов>${Object.entries(requisites).map(([name, value]) => `<ЗначениеРеквизита><Наименование>${name}</Наименование><Значение>${value}</Значение></ЗначениеРеквизита>`).join('')}</ЗначенияРеквизитов></Документ>`;
const line = (quantity, more = '', guid = item) => `<Товар><Ид>${guid}</Ид><Количество>${quantity}</Количество>${more}</Товар>`;
const reserve = (fields) => `<Резервы СодержитТолькоИзменения="true"><Резерв>${Object.entries({ Ид: 'r-1', ИдТовара: item, ИдСклада: warehouse, Количество: 5, ...fields }).map(([name, value]) => `<${name}>${value}</${name}>`).join('')}</Резерв></Резервы>`;
const send = async (body) => Object.values(await erp.upload('sale', { [`orders-${minute}.xml`]: envelope(body) }))[0];
const free = async () => (await ask(rival, [{ sku: EXAMPLE, qty: '500' }], { date: '2026-04-20' })).json.lines[0].promised;

const taken = async (qty) => {
    const { json } = await order(employee, { lines: [{ sku: EXAMPLE, qty }] });
    assert.equal(json.status, 'confirmed');
    await erp.download();
    return json;
};
const seen = async (placed) => (await employee.get(`/api/v1/orders/${placed.id}`)).json;
const codes = (seenOrder) => seenOrder.timeline.map((event) => event.code);

test('a document that is posted confirms nothing, one that is older says nothing, and the same again changes nothing', async () => {
    const placed = await taken('10');
    const posted = document({ id: 'guid-1', number: placed.number, lines: line(10), requisites: { Проведен: 'true', 'Номер по 1С': 'УТ-1' } });
    await send(posted);
    assert.equal((await seen(placed)).status, 'confirmed');
    const shipped = envelope(document({ id: 'guid-1', number: placed.number, lines: line(10), requisites: { 'Номер отгрузки по 1С': 'РТ-1' } }));
    await erp.upload('sale', { 'orders-shipped.xml': shipped });
    const done = await seen(placed);
    assert.equal(done.status, 'completed');
    await erp.upload('sale', { 'orders-again.xml': shipped });
    assert.deepEqual(codes(await seen(placed)), codes(done));
    const old = posted.replace('<ЗначенияРеквизитов>', '<ЗначенияРеквизитов><ЗначениеРеквизита><Наименование>Отменен</Наименование><Значение>true</Значение></ЗначениеРеквизита>');
    await erp.upload('sale', { 'orders-old.xml': envelope(old).replace(/T10:\d\d/, 'T08:00') });
    assert.equal((await seen(placed)).status, 'completed');
});

test('what 1C cancels is free again; what it ships in parts is not, and the order says how much', async () => {
    const before = await free();
    const placed = await taken('20');
    assert.equal(Number(await free()), Number(before) - 20);
    await send(`<Контейнер>${document({ id: 'guid-2', number: placed.number, lines: line(20) })}<Документ><Ид>s-1</Ид><ХозОперация>Отпуск товара</ХозОперация><Основание>${placed.number}</Основание><Товары>${line(8)}</Товары></Документ></Контейнер>`);
    const shipping = await seen(placed);
    assert.equal(shipping.status, 'shipping');
    assert.ok(codes(shipping).includes('erp_shipped'));
    assert.equal(Number(await free()), Number(before) - 20);
    await send(document({ id: 'guid-2', number: placed.number, lines: line(20), requisites: { Отменен: 'true' } }));
    assert.equal(Number(await free()), Number(before) - 8);
    assert.equal((await seen(placed)).status, 'completed');
});

test('a reserve of somebody else takes what is free, and gives it back by 1C\'s word and a newer figure alone', async () => {
    const before = Number(await free());
    await send(reserve({ Ид: 'phone-1', Количество: 7, ДатаОтгрузки: '2026-04-10' }));
    assert.equal(Number(await free()), before - 7);
    await send(reserve({ Ид: 'phone-1', Количество: 0 }));
    assert.equal(Number(await free()), before - 7); // it may have left: the figure of stock is older than the word
});

test('what is not sound is refused with its place, and the rest is taken', async () => {
    const placed = await taken('1');
    const refused = async (body, text) => {
        const answer = await send(body);
        assert.match(answer, /отклонено 1/);
        assert.equal(answer.split('\n').slice(-1)[0].replace(/^[^,]+, строка \d+: /, ''), text);
        assert.match(answer, /orders-\d+\.xml, строка [1-9]\d*: /);
    };
    await refused(reserve({ Количество: -3 }), '«Количество»: -3 — меньше нуля');
    await refused(reserve({ Количество: '99999999999999' }), '«Количество»: 99999999999999 — слишком много');
    await refused(reserve({ Источник: 'Луна' }), '«Источник»: неизвестное значение «Луна»');
    await refused(document({ number: 'K999999', lines: line(1) }), 'Заказ K999999 порталу не известен');
    const unknown = '11111111-2222-3333-4444-555555555555';
    await refused(document({ number: placed.number, lines: line(1, '<Резерв>1</Резерв>', unknown) }), `Товар ${unknown} порталу не известен: выгрузите номенклатуру, а затем документ снова`);
    await refused(document({ number: placed.number, lines: line(1, '<Резерв>-1</Резерв>') }), '«Резерв»: -1 — меньше нуля');
    const entities = readFileSync(path.join(server.data, 'packages', 'contragents.xml'), 'utf8');
    const other = [...entities.matchAll(/<Контрагент>\s*<Ид>([^<]+)<\/Ид>[\s\S]*?<Партнер>\s*<Ид>([^<]+)/g)].find((match) => match[2] === '8a3ae9d5-d132-47aa-b4fa-79190891cf9a');
    await refused(document({ number: placed.number, lines: line(1), entity: other[1] }), `Заказ ${placed.number} — другого дилера: проверьте контрагента документа`);
    assert.equal((await seen(placed)).status, 'confirmed');
});

test('what a reserve takes away from a dealer is listed for the manager before the dealer hears of it', async () => {
    const { json: placed } = await order(employee, { date: '2026-04-06', lines: [{ sku: EXAMPLE, qty: '20' }] });
    assert.equal(placed.status, 'confirmed');
    await send(reserve({ Ид: 'phone-2', Количество: 45, ДатаОтгрузки: '2026-04-06' }));
    const later = await seen(placed);
    assert.deepEqual(later.lines[0].pegs, [{ source: 'receipt', date: '2026-04-15', qty: '20.000' }]);
    assert.ok(!codes(later).some((code) => code.startsWith('promise_')));
});

test('the laws hold after all of it', async () => {
    await server.end();
    const check = kabinet('db', 'check', '--data', server.data);
    assert.equal(check.status, 0, check.stdout + check.stderr);
    // The program says whether a row was there.
    const worse = spawnSync(SQL, [path.join(server.data, 'novus/kabinet.db'), "UPDATE difference SET at = at WHERE kind = 'worse'"]);
    assert.equal(worse.status, 0);
});
