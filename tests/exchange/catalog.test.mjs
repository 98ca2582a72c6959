// What 1C sends, as it sends it: goods, prices, stock, dealers; and what it may not do.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import path from 'node:path';

import { ask, demo, EXAMPLE, order, SENTENCE } from '../lib/demo.mjs';
import { ProfileA } from './profile_a.mjs';

let server;
let employee;
let rival;
let packages;

before(async () => {
    server = await demo();
    employee = await server.login('employee@demo');
    rival = await server.login('rival@demo');
    packages = Object.fromEntries(readdirSync(path.join(server.data, 'packages')).filter((name) => name.endsWith('.xml'))
        .map((name) => [name, readFileSync(path.join(server.data, 'packages', name))]));
});
after(() => server?.end());

const erp = (options) => new ProfileA({ port: server.port, ...options });
const item = async (client) => (await client.get(`/api/v1/items?q=${EXAMPLE}`)).json.items[0];
const CATALOG = ['import0_1.xml', 'offers0_1.xml'];
const pick = (names) => Object.fromEntries(names.map((name) => [name, packages[name]]));

test('the same catalogue again changes nothing', async () => {
    const answers = await erp().upload('catalog', pick(CATALOG));
    for (const name of CATALOG) assert.match(answers[name], /^success\nЗагружено записей: [1-9]\d*, новых 0, изменено 0, отклонено 0/);
    const { json } = await ask(employee, [{ sku: EXAMPLE, qty: '100' }]);
    assert.equal(json.lines[0].text, SENTENCE);
});

test('the feeds of dealers come by type=dealers, and by any other type too', async () => {
    const feeds = Object.keys(packages).filter((name) => !CATALOG.includes(name));
    for (const type of ['dealers', 'catalog', 'sale']) {
        const answers = await erp({ useSessid: true }).upload(type, pick(feeds));
        for (const name of feeds) assert.match(answers[name], /^success\nЗагружено записей: [1-9]\d*, новых 0, изменено 0, отклонено 0/, `${type} ${name}`);
    }
});

test('a contract that changes its price type changes prices at the next request', async () => {
    const before = await item(employee);
    const theirs = await item(rival);
    const contracts = packages['contracts.xml'].toString('utf8');
    const { json: me } = await employee.get('/api/v1/me');
    const { json: they } = await rival.get('/api/v1/me');
    const columnOf = (id) => new RegExp(`<Ид>${id}</Ид>[\\s\\S]*?<ИдТипаЦены>([^<]+)</ИдТипаЦены>`).exec(contracts)[1];
    const mine = new RegExp(`(<Ид>${me.contract}</Ид>[\\s\\S]*?<ИдТипаЦены>)[^<]+(</ИдТипаЦены>)`);
    const changed = contracts.replace(mine, `$1${columnOf(they.contract)}$2`);
    await erp().upload('dealers', { 'contracts.xml': changed });
    assert.equal((await item(employee)).price.amount, theirs.price.amount);
    await erp().upload('dealers', { 'contracts.xml': contracts });
    assert.equal((await item(employee)).price.amount, before.price.amount);
});

test('stock that 1C lowers is promised no more, and what was promised from it is re-planned', async () => {
    const { json: placed } = await order(employee, { lines: [{ sku: EXAMPLE, qty: '100' }] });
    const { id } = await item(employee);
    const rests = (quantity) => `<?xml version="1.0" encoding="UTF-8"?>
<КоммерческаяИнформация ВерсияСхемы="2.07" ДатаФормирования="2026-04-01T10:00:00"><ПакетПредложений СодержитТолькоИзменения="true">
<Ид>x#</Ид><Наименование>Остатки</Наименование><ИдКаталога>x</ИдКаталога><Предложения><Предложение><Ид>${id}</Ид>
<Количество>${quantity}</Количество><Склад ИдСклада="${warehouse()}" КоличествоНаСкладе="${quantity}"/></Предложение></Предложения>
</ПакетПредложений></КоммерческаяИнформация>`;
    await erp().upload('catalog', { 'rests0_1.xml': rests(10) });
    const { json: page } = await employee.get(`/api/v1/orders/${placed.id}`);
    assert.equal(page.lines[0].promised, '80.000');
    assert.ok(!page.timeline.some((event) => /^promise_/.test(event.code))); // it may be taken back within minutes
    assert.equal((await ask(rival, [{ sku: EXAMPLE, qty: '1' }])).json.lines[0].promised, '0.000');
    // A rise may be the receipt that is still to come: what may be needed for it is given back only when 1C has said.
    await erp().upload('catalog', { 'rests0_1.xml': rests(50) });
    assert.equal((await employee.get(`/api/v1/orders/${placed.id}`)).json.lines[0].promised, '80.000');
    await erp().upload('dealers', { 'supply.xml': packages['supply.xml'].toString('utf8').replace(/ДатаФормирования="[^"]+"/, 'ДатаФормирования="2026-04-01T11:00:00"') });
    const { json: restored } = await employee.get(`/api/v1/orders/${placed.id}`);
    assert.equal(restored.lines[0].promised, '100.000');
    await employee.post(`/api/v1/orders/${placed.id}/cancel`);
});

// Feeds come in any order: what is agreed about goods holds from the moment at which they are there.
test('goods that come after the restriction that names them are restricted', async () => {
    const guid = 'f00dfeed-0000-4000-8000-000000000001';
    const example = (await item(employee)).id;
    const restriction = `<Ограничение><Ид>f00dfeed-0000-4000-8000-000000000002</Ид><Наименование>Новинка не для Урала</Наименование>
<Вид>Запрет</Вид><Товары><Ид>${guid}</Ид></Товары></Ограничение>`;
    const restrictions = packages['restrictions.xml'].toString('utf8');
    await erp().upload('dealers', { 'restrictions.xml': restrictions.replace('</ОграниченияПродаж>', `${restriction}</ОграниченияПродаж>`) });
    const goods = packages['import0_1.xml'].toString('utf8');
    const [one] = new RegExp(`<Товар>\\s*<Ид>${example}</Ид>[\\s\\S]*?</Товар>`).exec(goods);
    const renamed = (text) => text.replaceAll(example, guid).replaceAll(EXAMPLE, 'NEW-1');
    const offers = packages['offers0_1.xml'].toString('utf8');
    const [offer] = new RegExp(`<Предложение>\\s*<Ид>${example}</Ид>[\\s\\S]*?</Предложение>`).exec(offers);
    const inside = (text, list, name, body) => text.replace(new RegExp(`(<${list}>)[\\s\\S]*(</${list}>)`), `$1${body}$2`)
        .replace(new RegExp(`<${name} СодержитТолькоИзменения="false">`), `<${name} СодержитТолькоИзменения="true">`);
    const answers = await erp().upload('catalog', {
        'import0_1.xml': inside(goods, 'Товары', 'Каталог', renamed(one)),
        'offers0_1.xml': inside(offers, 'Предложения', 'ПакетПредложений', renamed(offer)),
    });
    assert.match(answers['offers0_1.xml'], /новых 1/);
    const { json } = await ask(employee, [{ sku: 'NEW-1', qty: '1' }]);
    assert.match(JSON.stringify(json), /Новинка не для Урала/);
    await erp().upload('dealers', { 'restrictions.xml': restrictions });
    assert.equal((await ask(employee, [{ sku: 'NEW-1', qty: '1' }])).json.lines[0].promised, '1.000');
});

const warehouse = () => {
    const offers = packages['offers0_1.xml'].toString('utf8');
    const example = offers.slice(offers.indexOf(`<Артикул>${EXAMPLE}</Артикул>`));
    return /ИдСклада="([^"]+)" КоличествоНаСкладе="50"/.exec(example)[1];
};

test('an offer is shown once its goods are there, under the name it has now, and while it is offered', async () => {
    const goods = '5d0f6a34-3a52-4a8e-9d5e-0c3a2f1b7e11';
    const variant = `${goods}#0c9d8f7e-1111-4222-8333-444455556666`;
    const file = (list) => `<?xml version="1.0" encoding="UTF-8"?>
<КоммерческаяИнформация ВерсияСхемы="2.07" ДатаФормирования="2026-04-01T10:00:00">${list}</КоммерческаяИнформация>`;
    const offers = (rest) => file(`<ПакетПредложений СодержитТолькоИзменения="true"><Ид>x#</Ид><Наименование>Пакет</Наименование>
<ИдКаталога>x</ИдКаталога><Предложения><Предложение><Ид>${variant}</Ид>${rest}</Предложение></Предложения></ПакетПредложений>`);
    const catalogue = file(`<Каталог СодержитТолькоИзменения="true"><Ид>x</Ид><Наименование>Каталог</Наименование><Товары>
<Товар><Ид>${goods}</Ид><Артикул>VASE-1</Артикул><Наименование>Ваза проба</Наименование></Товар></Товары></Каталог>`);
    const found = async (q) => (await employee.get(`/api/v1/items?q=${encodeURIComponent(q)}`)).json.items.map(({ name }) => name);
    const send = (name, body) => erp().upload('catalog', { [name]: body });

    await send('offers0_1.xml', offers('<Наименование>Ваза проба (Синяя)</Наименование><Количество>3</Количество>'));
    assert.deepEqual(await found('ваза проба'), []);
    await send('import0_1.xml', catalogue);
    assert.deepEqual(await found('проба синяя'), ['Ваза проба (Синяя)']);
    await send('offers0_1.xml', offers('<Наименование>Ваза проба (Синяя)</Наименование><Количество>4</Количество>'));
    assert.deepEqual(await found('vase-1 синяя'), ['Ваза проба (Синяя)']);
    await send('offers0_1.xml', offers('<Наименование>Ваза проба (Зелёная)</Наименование>'));
    assert.deepEqual(await found('ваза зеленая'), ['Ваза проба (Зелёная)']);
    assert.deepEqual(await found('проба синяя'), []);
    await send('offers0_1.xml', offers('<Наименование>Ваза проба (Зелёная)</Наименование><ПометкаУдаления>true</ПометкаУдаления>'));
    assert.deepEqual(await found('ваза зеленая'), []);
    await send('offers0_1.xml', offers('<Наименование>Ваза проба (Зелёная)</Наименование>'));
    assert.deepEqual(await found('ваза зеленая'), ['Ваза проба (Зелёная)']);
});

test('a file cut anywhere applies nothing and says where', async () => {
    const whole = packages['import0_1.xml'];
    const client = erp();
    await client.checkauth('catalog');
    await client.init('catalog');
    await client.send('catalog', 'import0_1.xml', whole.subarray(0, whole.length - 200));
    await assert.rejects(client.import('catalog', 'import0_1.xml'), /failure\n.*строка \d+/s);
    assert.equal((await item(employee)).sku, EXAMPLE);
});

test('what is not CommerceML 2 is refused with its reason', async () => {
    const files = {
        'html.xml': ['<html><body>404</body></html>', /HTML/i],
        'empty.xml': [' ', /пуст/i],
        'old.xml': ['<?xml version="1.0"?><КоммерческаяИнформация ВерсияСхемы="1.05"><Каталог Идентификатор="1"/></КоммерческаяИнформация>', /CommerceML/],
        'bomb.xml': ['<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><КоммерческаяИнформация>&b;</КоммерческаяИнформация>', /DOCTYPE/],
    };
    for (const [name, [body, reason]] of Object.entries(files)) {
        const client = erp();
        await client.checkauth('catalog');
        await client.init('catalog');
        await client.send('catalog', name, body);
        await assert.rejects(client.import('catalog', name), (error) => /^failure\n/.test(error.message) && reason.test(error.message), name);
    }
});

test('init empties the conversation, so that a file sent again is not doubled', async () => {
    const client = erp();
    await client.checkauth('catalog');
    for (let i = 0; i < 2; i += 1) {
        await client.init('catalog');
        await client.send('catalog', 'import0_1.xml', packages['import0_1.xml']);
    }
    assert.match(await client.import('catalog', 'import0_1.xml'), /^success/);
    assert.match(await client.import('catalog', 'import0_1.xml'), /^success/); // a repeated GET
});

test('a file comes in pieces of any size', async () => {
    const client = erp();
    await client.checkauth('catalog');
    await client.init('catalog');
    client.limit = 1000;
    await client.send('catalog', 'import0_1.xml', packages['import0_1.xml']);
    assert.match(await client.import('catalog', 'import0_1.xml'), /новых 0, изменено 0/);
});

test('who is not known is refused, and a wrong session, command or name is told', async () => {
    await assert.rejects(erp({ password: 'wrong' }).checkauth('catalog'), /failure\nНеверный логин|failure\nневерный логин/i);
    const stranger = erp();
    stranger.client.headers = {};
    await assert.rejects(stranger.checkauth('catalog'), /failure\nНе авторизован/);
    const client = erp();
    await client.checkauth('catalog');
    const { headers } = client.client;
    client.client.headers = {};
    client.cookie = `${client.cookie.split('=')[0]}=${'0'.repeat(64)}`;
    assert.match((await client.call('GET', 'catalog', 'init')).text, /^failure\nСеанс не найден, выполните checkauth/);
    client.client.headers = headers;
    await client.checkauth('catalog');
    assert.match((await client.call('GET', 'catalog', 'init', { extra: '&sessid=abc' })).text, /^failure\nНеверный sessid/);
    assert.match((await client.call('GET', 'catalog', 'query')).text, /^failure\nНеизвестная команда/);
    assert.match((await client.call('GET', 'reference', 'init')).text, /^failure\nНеизвестный вид обмена/);
    assert.match((await client.call('GET', 'catalog', 'import', { extra: '&filename=absent.xml' })).text, /^failure\nФайл absent\.xml/);
    for (const name of ['../../kabinet.yaml', '/etc/passwd', 'a/../../b.xml', '.hidden.xml', 'x.php', 'a//b.xml', '%2e%2e/b.xml']) {
        const { text } = await client.call('POST', 'catalog', 'file', { extra: `&filename=${name}`, body: Buffer.from('x') });
        assert.match(text, /^failure\n/, name);
    }
    // What no honest client can send is refused before the exchange is asked.
    const { status } = await client.call('POST', 'catalog', 'file', { extra: '&filename=a%00.xml', body: Buffer.from('x') });
    assert.equal(status, 400);
});

test('the cookie is enough, and so is the password where the cookie is lost or no good', async () => {
    const client = erp();
    await client.checkauth('sale');
    const { headers } = client.client;
    client.client.headers = {};
    assert.deepEqual(await client.query(), []);
    client.client.headers = headers;
    for (const cookie of [undefined, `${client.cookie.split('=')[0]}=${'0'.repeat(64)}`]) {
        client.cookie = cookie;
        assert.deepEqual(await client.query(), []);
    }
    client.client.headers = { Authorization: `Basic ${Buffer.from('1c:wrong').toString('base64')}` };
    assert.match((await client.call('GET', 'sale', 'query')).text, /^failure\nНеверный логин/i);
});

test('a conversation is of the type it began with', async () => {
    const client = erp();
    await client.checkauth('catalog');
    for (const mode of ['init', 'query', 'success']) {
        assert.match((await client.call('GET', 'sale', mode)).text,
            /^failure\nЭтот сеанс начат с type=catalog: для другого вида обмена выполните checkauth\. Сеанс \d+$/);
    }
    await client.init('catalog');
});

test('an address that says two things at once, or too much, is refused with what is wrong in it', async () => {
    const client = erp();
    await client.checkauth('catalog');
    const answered = async (extra) => {
        const { status, text } = await client.call('GET', 'catalog', 'init', { extra });
        assert.equal(status, 200);
        return text;
    };
    assert.equal(await answered('&type=sale'), 'failure\nПараметр type указан дважды');
    assert.equal(await answered('&mode=init'), 'failure\nПараметр mode указан дважды');
    assert.equal(await answered('&%74ype=catalog'), 'failure\nПараметр type указан дважды');
    assert.match(await answered(`&filename=${'a'.repeat(2000)}.xml`), /^failure\nПараметр filename длиннее 1\s024 байт$/);
    assert.equal(await answered('&x=1'.repeat(31)), 'failure\nВ адресе больше 32 параметров');
    // What is not known to us is not ours to judge.
    assert.match(await answered('&cmlVersion=2.10&cmlVersion=2.10'), /^zip=no\nfile_limit=\d+$/);
});

test('a dealer whom 1C closes is out at once, and in again when it opens him', async () => {
    const feed = packages['contragents.xml'].toString('utf8');
    const { json: me } = await employee.get('/api/v1/me');
    const name = me.dealer.name ?? me.dealer;
    const closed = feed.replace(/<Контрагент>[\s\S]*?<\/Контрагент>/g, (one) => (one.includes(name) ? one.replace('<ДоступНаПортал>true', '<ДоступНаПортал>false') : one));
    assert.notEqual(closed, feed);
    await erp().upload('dealers', { 'contragents.xml': closed });
    assert.equal((await employee.get('/api/v1/me')).status, 401);
    await assert.rejects(server.login('employee@demo'), /401/);
    assert.equal((await rival.get('/api/v1/me')).status, 200);
    await erp().upload('dealers', { 'contragents.xml': feed });
    employee = await server.login('employee@demo');
    assert.equal((await employee.get('/api/v1/me')).status, 200);
});

// A list that was cut would be taken for a whole one: a ban without its last regions, terms without their last discounts.
test('long lists are taken whole, and what is too long is refused with its count', async () => {
    const guids = (count, letter) => Array.from({ length: count }, (_, index) => `<Ид>${letter}${index}</Ид>`).join('');
    const list = (goods) => `<?xml version="1.0" encoding="UTF-8"?>
<КоммерческаяИнформация ВерсияСхемы="2.07" ДатаФормирования="2026-04-01T13:00:00"><ОграниченияПродаж СодержитТолькоИзменения="true">
<Ограничение><Ид>f00dfeed-0000-4000-8000-000000000003</Ид><Наименование>Длинный список</Наименование><Вид>Запрет</Вид>
<Товары>${guids(20000, 'g')}${goods}</Товары></Ограничение></ОграниченияПродаж></КоммерческаяИнформация>`;
    const { id } = await item(employee);
    await erp().upload('dealers', { 'restrictions.xml': list(`<Ид>${id}</Ид>`) });
    assert.match(JSON.stringify((await ask(employee, [{ sku: EXAMPLE, qty: '1' }])).json), /Длинный список/);
    await erp().upload('dealers', { 'restrictions.xml': packages['restrictions.xml'] });
    assert.equal((await ask(employee, [{ sku: EXAMPLE, qty: '1' }])).json.lines[0].promised, '1.000');

    const terms = '<ЦеновоеУсловие><ИдТовара>x</ИдТовара><ПроцентСкидки>1</ПроцентСкидки></ЦеновоеУсловие>'.repeat(4001);
    const contracts = packages['contracts.xml'].toString('utf8');
    const answers = await erp().upload('dealers', { 'contracts.xml': contracts.replace('</Договор>', `<ЦеновыеУсловия>${terms}</ЦеновыеУсловия></Договор>`) });
    assert.match(answers['contracts.xml'], /отклонено 1/);
});
