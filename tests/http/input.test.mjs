// What is wrong in a request gets an error that names the place and the mend, and stores nothing.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ask, DATE, demo, EXAMPLE, key, order, PASSWORD } from '../lib/demo.mjs';

let server;
let employee;

before(async () => {
    server = await demo();
    employee = await server.login('employee@demo');
});
after(() => server?.end());

const quantities = [
    ['0', 'quantity_not_positive', '«0»: количество должно быть больше нуля'],
    ['-1', 'quantity_not_positive', '«-1»: количество должно быть больше нуля'],
    ['1e30', 'quantity_malformed', '«1e30» — не количество; нужна десятичная строка, например 100 или 1.44'],
    ['abc', 'quantity_malformed', '«abc» — не количество; нужна десятичная строка, например 100 или 1.44'],
    ['', 'quantity_malformed', '«» — не количество; нужна десятичная строка, например 100 или 1.44'],
    ['1.2345', 'quantity_too_fine', '«1.2345»: не больше трёх знаков после точки'],
    ['99999999999999', 'quantity_range', '«99999999999999» — слишком большое количество'],
    [5, 'quantity_number', 'количество нужно передать строкой, например "100": число теряет знаки'],
    [undefined, 'quantity_missing', 'нет количества'],
];

for (const [qty, code, detail] of quantities) {
    test(`a quantity of ${JSON.stringify(qty)} is ${code}`, async () => {
        const before = (await employee.get('/api/v1/orders')).json.orders.length;
        const refused = await order(employee, { lines: [{ sku: EXAMPLE, qty: '1' }, { sku: EXAMPLE, qty }] });
        assert.equal(refused.status, 422);
        assert.equal(refused.json.code, code);
        assert.equal(refused.json.detail, detail);
        assert.equal(refused.json.pointer, '/lines/1/qty');
        const asked = await ask(employee, [{ sku: EXAMPLE, qty }]);
        assert.equal(asked.json.lines[0].error.code, code);
        assert.equal((await employee.get('/api/v1/orders')).json.orders.length, before);
    });
}

test('a quantity that is no whole number of packs names the nearest ones', async () => {
    const { json } = await employee.get('/api/v1/items?limit=200');
    const item = json.items.find((entry) => entry.pack !== '1.000' && Number(entry.pack) > 1);
    const refused = await order(employee, { lines: [{ sku: item.sku, qty: (Number(item.pack) * 1.5).toFixed(3) }] });
    assert.equal(refused.json.code, 'quantity_not_multiple');
    assert.equal(refused.json.params.below, item.pack);
    assert.equal(refused.json.params.above, (Number(item.pack) * 2).toFixed(3));
});

const wholes = [
    ['an unknown item', { lines: [{ sku: 'NO-SUCH', qty: '1' }] }, 'item_unknown', '/lines/0/sku', 'товар «NO-SUCH» не найден'],
    ['a line without an item', { lines: [{ qty: '1' }] }, 'line_without_item', '/lines/0', 'в строке нет ни артикула (sku), ни товара (item)'],
    ['an unknown unit', { lines: [{ sku: EXAMPLE, qty: '1', unit: 'вагон' }] }, 'unit_unknown', '/lines/0/unit', 'товар не продаётся в единице «вагон»; его единицы: м²'],
    ['a past date', { date: '2026-03-31', lines: [{ sku: EXAMPLE, qty: '1' }] }, 'day_past', '/date', 'дата 31.03 уже прошла, сегодня 01.04'],
    ['a date that is none', { date: '2026-02-30', lines: [{ sku: EXAMPLE, qty: '1' }] }, 'day_malformed', '/date', '«2026-02-30» — не дата; нужна ГГГГ-ММ-ДД, например 2026-04-17'],
    ['a past date of a line', { lines: [{ sku: EXAMPLE, qty: '1', date: '2025-01-01' }] }, 'day_past', '/lines/0/date', 'дата 01.01.2025 уже прошла, сегодня 01.04'],
    ['no date', { date: undefined, lines: [{ sku: EXAMPLE, qty: '1' }] }, 'day_missing', '/date', 'нет желаемой даты'],
    ['no lines', { lines: [] }, 'lines_missing', '/lines', 'в заказе нет строк'],
    ['a misspelt field', { line: [] }, 'field_misspelt', '/line', 'поля «line» здесь нет; возможно, «lines»?'],
    ['an unknown field', { lines: [{ sku: EXAMPLE, qty: '1', colour: 'x' }] }, 'field_unknown', '/lines/0/colour', 'поля «colour» здесь нет'],
    ['a text that is none', { comment: 5, lines: [{ sku: EXAMPLE, qty: '1' }] }, 'field_not_text', '/comment', 'поле «comment» должно быть строкой'],
    ['an unknown method', { delivery: { method: 'rocket' }, lines: [{ sku: EXAMPLE, qty: '1' }] }, 'method_unknown', '/delivery/method', 'нет способа доставки «rocket»'],
    ['another one\'s contract', { contract: '00000000-0000-0000-0000-000000000000', lines: [{ sku: EXAMPLE, qty: '1' }] }, 'contract_unknown', '/contract', 'у вас нет такого действующего договора'],
];

for (const [what, body, code, pointer, detail] of wholes) {
    test(`${what} is ${code}`, async () => {
        const refused = await order(employee, body);
        assert.equal(refused.status, 422, refused.text);
        assert.equal(refused.headers['content-type'], 'application/problem+json');
        assert.equal(refused.json.code, code);
        assert.equal(refused.json.pointer, pointer);
        assert.equal(refused.json.detail, detail);
    });
}

test('every wrong line of an order is named at once', async () => {
    const refused = await order(employee, { lines: [{ sku: 'A', qty: '1' }, { sku: EXAMPLE, qty: '1' }, { sku: EXAMPLE, qty: '0' }] });
    assert.deepEqual(refused.json.errors.map((error) => [error.pointer, error.code]), [
        ['/lines/0/sku', 'item_unknown'], ['/lines/2/qty', 'quantity_not_positive'],
    ]);
});

test('a body that is no JSON names line and column', async () => {
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': key() };
    const refused = await employee.request('POST', '/api/v1/orders', { body: '{\n "lines": [}', headers });
    assert.equal(refused.status, 400);
    assert.equal(refused.json.code, 'json_malformed');
    assert.match(refused.json.detail, /строка 2, позиция 12/);
    const twice = await employee.request('POST', '/api/v1/promise', { body: '{"date":"a","date":"b"}', headers });
    assert.equal(twice.json.code, 'json_malformed');
});

test('a body of another type, too large, or from another site is refused', async () => {
    const plain = await employee.request('POST', '/api/v1/promise', { body: '{}', headers: { 'Content-Type': 'text/plain' } });
    assert.equal(plain.status, 415);
    const large = await employee.request('POST', '/api/v1/session', { body: { login: 'x'.repeat(9000), password: 'y' } });
    assert.equal(large.status, 413);
    const foreign = await employee.post('/api/v1/promise', { date: DATE, lines: [] }, { headers: { 'Sec-Fetch-Site': 'cross-site' } });
    assert.equal(foreign.status, 403);
});

test('parameters of lists are checked', async () => {
    for (const [query, code] of [['limit=0', 'parameter_range'], ['limit=201', 'parameter_range'], ['limit=x', 'parameter_range'],
        ['date=yesterday', 'day_malformed'], ['cursor=%00', 'http_query'], ['cursor=x', 'cursor_malformed'], ['sort=weight', 'sort_unknown'],
        ['sort=--name', 'sort_unknown'], ['sort=price&cursor=1|x', 'cursor_malformed'], ['sort=price&cursor=1|', 'cursor_malformed']]) {
        const refused = await employee.get(`/api/v1/items?${query}`);
        assert.ok(refused.status === 422 || refused.status === 400, `${query}: ${refused.status}`);
        if (!query.includes('%00')) assert.equal(refused.json.code, code, query);
    }
    assert.equal((await employee.get('/api/v1/orders?status=lost')).json.code, 'status_unknown');
    assert.equal((await employee.get('/api/v1/changes?since=-1')).json.code, 'cursor_malformed');
    assert.equal((await employee.get('/api/v1/items/00000000-0000-0000-0000-000000000000')).status, 404);
});

test('an unknown host is answered with 421, an unknown path with 404, a wrong method with 405', async () => {
    const host = await employee.get('/api/v1/me', { host: 'elsewhere.example' });
    assert.equal(host.status, 421);
    assert.equal(host.json.detail, 'по адресу elsewhere.example здесь никто не отвечает');
    for (const name of ['127.0.0.1', 'localhost', 'novus.localhost', 'NOVUS.localhost']) {
        assert.equal((await employee.get('/api/v1/portal', { host: name })).status, 200, name);
    }
    assert.equal((await employee.get('/api/v1/nothing')).status, 404);
    const method = await employee.delete('/api/v1/items');
    assert.equal(method.status, 405);
    assert.equal(method.headers.allow, 'GET, HEAD');
});

test('a wrong password and an unknown login are told alike, and too many are slowed down', async () => {
    const guest = server.client();
    const wrong = await guest.post('/api/v1/session', { login: 'head@demo', password: 'guess' });
    const unknown = await guest.post('/api/v1/session', { login: 'nobody@demo', password: 'guess' });
    assert.equal(wrong.status, 401);
    assert.deepEqual({ ...wrong.json, instance: '' }, { ...unknown.json, instance: '' });
    let status = 401;
    for (let i = 0; i < 8 && status === 401; i += 1) {
        ({ status } = await guest.post('/api/v1/session', { login: 'head@demo', password: 'guess' }));
    }
    assert.equal(status, 429);
    const others = await guest.post('/api/v1/session', { login: 'colleague@demo', password: PASSWORD });
    assert.equal(others.status, 200);
});

test('a session ends on the server', async () => {
    const client = await server.login('employee@demo');
    const token = client.jar.get('sid');
    assert.match(token, /^[0-9a-f]{64}$/);
    assert.equal((await client.delete('/api/v1/session')).status, 204);
    const back = await client.get('/api/v1/me', { headers: { Cookie: `sid=${token}` } });
    assert.equal(back.status, 401);
    assert.equal(back.json.code, 'session_none');
});
