// A hold: kept for some minutes at its price, ends once, and what it kept is free again. The clock is driven by serving
// the same data again on a later day.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, test } from 'node:test';

import { ProfileA } from '../exchange/profile_a.mjs';
import { ask, demo, EXAMPLE, kabinet, key, order, reconfigured, TODAY } from '../lib/demo.mjs';

const EARLY = '2026-04-10'; // before the shipment: only the fifty in stock count
const LATER = '2026-04-02';

const servers = [];
const started = async (promise) => {
    const server = await promise;
    servers.push(server);
    return server;
};
// Whatever a test did, the laws of promising hold in what it leaves.
afterEach(async () => {
    await Promise.all(servers.map((server) => server.end()));
    for (const { data } of servers.splice(0)) {
        const check = kabinet('db', 'check', '--data', data);
        assert.equal(check.status, 0, check.stdout + check.stderr);
    }
});

const offersOf = async (client, sku = EXAMPLE, qty = '60', date = EARLY) => {
    const { status, json, text } = await ask(client, [{ sku, qty }], { date });
    assert.equal(status, 200, text);
    return Object.fromEntries(json.lines[0].offers.map((offer) => [offer.kind, offer]));
};
const hold = (client, offer) => client.post('/api/v1/holds', { offer: offer.id });
const release = (client, id) => client.request('DELETE', `/api/v1/holds/${id}`);
const orderOf = (client, { id, lines }) => order(client, {
    date: EARLY, lines: lines.map((line) => ({ item: line.item, qty: line.qty, date: line.date, hold: id })),
});
const free = async (client, qty = '120', date = '2026-04-17') => (await ask(client, [{ sku: EXAMPLE, qty }], { date })).json.lines[0].promised;
const states = async (client) => (await client.get('/api/v1/holds')).json.holds.map(({ id, state }) => [id, state]);

const again = async (server, today, settings) => started(reconfigured(server, { today, settings }));

test('a split is held for half an hour, is nobody else\'s, and becomes an order at its price', async () => {
    const server = await started(demo());
    const [employee, rival] = await Promise.all(['employee', 'rival'].map((name) => server.login(`${name}@demo`)));
    const { split } = await offersOf(employee, EXAMPLE, '100');
    const held = await hold(employee, split);
    assert.equal(held.status, 201, held.text);
    assert.equal(held.json.state, 'held');
    assert.equal(held.json.text, 'Частями: 50 м² к 10.04, 50 м² к 16.04.');
    assert.deepEqual(held.json.lines, split.lines);
    assert.equal(Date.parse(held.json.expires_at) - Date.parse(held.json.created_at), 30 * 60_000);

    assert.equal(await free(rival), '20.000');
    // A second click is the same hold.
    const twice = await hold(employee, split);
    assert.equal(twice.status, 200);
    assert.deepEqual(twice.json, held.json);

    // The one who holds sees what he would get: his own.
    const lines = split.lines.map((line) => ({ item: line.item, qty: line.qty, date: line.date, hold: held.json.id }));
    const { json: promise } = await ask(employee, lines, { date: EARLY });
    assert.deepEqual(promise.lines.map((line) => [line.promised, line.error, line.offers.length]), [['50.000', null, 0], ['50.000', null, 0]]);
    assert.match(promise.lines[1].text, /^50 м² к 16\.04: 50 — поставка 15\.04\./);
    // Beside it another line gets, and is offered, what is left: the hold counts once.
    const { json: beside } = await ask(employee, [lines[0], { sku: EXAMPLE, qty: '20' }], { date: EARLY });
    assert.deepEqual(beside.lines.map((line) => line.promised), ['50.000', '0.000']);
    assert.deepEqual(beside.lines[1].offers.map((offer) => offer.text).slice(0, 1), ['Всё сразу: 20 м² к 16.04.']);

    const placed = await orderOf(employee, held.json);
    assert.equal(placed.status, 201, placed.text);
    assert.equal(placed.json.status, 'confirmed');
    assert.deepEqual(placed.json.lines.map((line) => [line.promised, line.amount]), split.lines.map((line) => [line.qty, line.amount]));
    assert.deepEqual(placed.json.lines[1].pegs, [{ source: 'receipt', date: '2026-04-15', qty: '50.000' }]);
    assert.deepEqual(await states(employee), [[held.json.id, 'confirmed']]);
    assert.equal((await employee.get('/api/v1/holds')).json.holds[0].order, placed.json.id);
    assert.equal(await free(rival), '20.000');

    // It has ended; nothing ends it again.
    const released = await release(employee, held.json.id);
    assert.equal(released.status, 200);
    assert.equal(released.json.state, 'confirmed');
    for (const answer of [await orderOf(employee, held.json), await orderOf(employee, held.json)]) {
        assert.equal(answer.status, 409);
        assert.equal(answer.json.code, 'hold_ended');
        assert.equal(answer.json.detail, 'удержание уже вошло в заказ');
        assert.equal(answer.json.pointer, '/lines/0/hold');
    }
    await employee.post(`/api/v1/orders/${placed.json.id}/cancel`);
    assert.equal(await free(rival), '120.000');
});

test('a repeated order under the same key is one order of the hold', async () => {
    const server = await started(demo());
    const employee = await server.login('employee@demo');
    const { json: held } = await hold(employee, (await offersOf(employee)).less);
    const body = { date: EARLY, lines: [{ item: held.lines[0].item, qty: '50', date: EARLY, hold: held.id }] };
    const headers = { 'Idempotency-Key': key() };
    const [first, second] = [await employee.post('/api/v1/orders', body, { headers }), await employee.post('/api/v1/orders', body, { headers })];
    assert.equal(first.status, 201, first.text);
    assert.equal(second.text, first.text);
});

test('a released hold frees what it kept, twice the same, and an order of a part of it frees the rest', async () => {
    const server = await started(demo());
    const employee = await server.login('employee@demo');
    const { json: held } = await hold(employee, (await offersOf(employee, EXAMPLE, '100')).split);
    assert.equal(await free(employee), '20.000');
    const [first, second] = [await release(employee, held.id), await release(employee, held.id)];
    assert.equal(first.status, 200);
    assert.equal(first.json.state, 'released');
    assert.deepEqual(second.json, first.json);
    assert.equal(await free(employee), '120.000');
    const refused = await orderOf(employee, held);
    assert.equal(refused.status, 409);
    assert.equal(refused.json.detail, 'удержание уже снято');

    const { json: other } = await hold(employee, (await offersOf(employee, EXAMPLE, '100')).split);
    assert.equal(other.state, 'held');
    const placed = await orderOf(employee, { ...other, lines: other.lines.slice(1) });
    assert.equal(placed.json.status, 'confirmed', placed.text);
    assert.equal(await free(employee), '70.000');
    assert.deepEqual((await states(employee))[0], [other.id, 'confirmed']);
});

test('when its time is over a hold has expired for everybody, and the price with it', async () => {
    const server = await started(demo());
    let employee = await server.login('employee@demo');
    const { less } = await offersOf(employee);
    const { json: held } = await hold(employee, less);
    assert.equal(await free(employee, '50', EARLY), '0.000');

    const next = await again(server, LATER);
    employee = await next.login('employee@demo');
    assert.deepEqual(await states(employee), [[held.id, 'expired']]);
    assert.equal(await free(employee, '50', EARLY), '50.000');
    for (const answer of [await orderOf(employee, held), await orderOf(employee, held)]) {
        assert.equal(answer.status, 409);
        assert.equal(answer.json.code, 'hold_ended');
        assert.equal(answer.json.detail, 'время удержания вышло');
    }
    for (const answer of [await release(employee, held.id), await release(employee, held.id)]) {
        assert.equal(answer.status, 200);
        assert.equal(answer.json.state, 'expired');
    }
    // The offer still stands, so it may be held anew: another hold.
    const anew = await hold(employee, less);
    assert.equal(anew.status, 201, anew.text);
    assert.notEqual(anew.json.id, held.id);
});

test('an offer that no longer stands is refused with what is offered now, each time', async () => {
    const server = await started(demo());
    const [employee, rival] = await Promise.all(['employee', 'rival'].map((name) => server.login(`${name}@demo`)));
    const { less } = await offersOf(employee);
    const { json: taken } = await order(rival, { date: EARLY, lines: [{ sku: EXAMPLE, qty: '10' }] });
    assert.equal(taken.status, 'confirmed');
    const answers = [await hold(employee, less), await hold(employee, less)];
    for (const answer of answers) {
        assert.equal(answer.status, 409);
        assert.equal(answer.json.code, 'offer_gone');
        assert.equal(answer.json.detail, 'этот вариант больше не действует: посмотрите новые');
        assert.deepEqual(answer.json.offers.map((offer) => offer.text).slice(0, 3), [
            'Частями: 40 м² к 10.04, 20 м² к 16.04.', 'Всё сразу: 60 м² к 16.04.', 'Только 40 м² к 10.04.',
        ]);
    }
    assert.equal((await hold(employee, answers[1].json.offers[2])).status, 201);
    assert.equal(await free(rival, '50', EARLY), '0.000');
});

test('an id somebody wrote himself, another dealer\'s and nonsense hold nothing', async () => {
    const server = await started(demo());
    const [employee, rival] = await Promise.all(['employee', 'rival'].map((name) => server.login(`${name}@demo`)));
    const { less } = await offersOf(employee);
    // Somebody writes his own price into the id.
    const wish = JSON.parse(Buffer.from(less.id, 'base64url').toString());
    wish.p[0][2] = 1;
    const forged = await hold(employee, { id: Buffer.from(JSON.stringify(wish)).toString('base64url') });
    assert.equal(forged.status, 409);
    assert.equal(forged.json.code, 'offer_gone');
    // Another dealer's offer names another dealer's contract.
    const foreign = await hold(rival, less);
    assert.equal(foreign.status, 409);
    assert.deepEqual(foreign.json.offers, []);
    const nonsense = await hold(employee, { id: 'nonsense' });
    assert.equal(nonsense.status, 422);
    assert.equal(nonsense.json.code, 'offer_malformed');
});

test('a changed price makes an offer go, and a held one stay', async () => {
    const server = await started(demo());
    const employee = await server.login('employee@demo');
    const { less, split } = await offersOf(employee);
    const { json: kept } = await hold(employee, less);
    assert.equal(kept.lines[0].amount, less.lines[0].amount);
    const dearer = (whole, lead, amount) => `${lead}${(Number(amount) + 1).toFixed(2)}`;
    const offers = readFileSync(path.join(server.data, 'packages/offers0_1.xml'), 'utf8');
    const changed = offers.replace(/(<ЦенаЗаЕдиницу>)(\d+(?:\.\d+)?)/g, dearer);
    assert.notEqual(changed, offers);
    await new ProfileA({ port: server.port }).upload('catalog', { 'offers0_1.xml': changed });

    // What is held is ordered at the price it was held at; beside it the new one counts.
    const placed = await orderOf(employee, kept);
    assert.equal(placed.status, 201, placed.text);
    assert.equal(placed.json.lines[0].amount, less.lines[0].amount);
    const gone = await hold(employee, split);
    assert.deepEqual([gone.status, gone.json.code], [409, 'offer_gone']);
    await employee.post(`/api/v1/orders/${placed.json.id}/cancel`);
    const { less: now } = await offersOf(employee);
    assert.notEqual(now.lines[0].amount, less.lines[0].amount);
    assert.deepEqual(gone.json.offers.at(-1).kind, 'substitute');
    const stale = await hold(employee, less);
    assert.deepEqual([stale.status, stale.json.code], [409, 'offer_gone']);
    assert.ok(stale.json.offers.some((offer) => offer.id === now.id));
    assert.equal((await hold(employee, now)).status, 201);
});

test('an offer that is no text is refused for what it is', async () => {
    const server = await started(demo());
    const employee = await server.login('employee@demo');
    for (const [body, code] of [[{}, 'field_missing'], [{ offer: null }, 'field_missing'], [{ offer: 5 }, 'field_not_text'],
        [{ offer: {} }, 'field_not_text'], [{ offer: [null] }, 'field_not_text'], [{ offer: true }, 'field_not_text'],
        [{ offer: 'x'.repeat(1501) }, 'field_too_long'], [{ offer: '' }, 'offer_malformed'], [{ ofer: 'x' }, 'field_misspelt']]) {
        const refused = await employee.post('/api/v1/holds', body);
        assert.deepEqual([refused.status, refused.json.code], [422, code], `${JSON.stringify(body).slice(0, 40)}: ${refused.text}`);
    }
    // What an id is made of may be anything too: it comes back from a client.
    for (const wish of ['null', '[]', '5', '{"p":null}', '{"p":[null]}', '{"p":[[1,2]],"a":{}}', '{"v":1,"k":null,"p":[[null,null,null]]}']) {
        const refused = await hold(employee, { id: Buffer.from(wish).toString('base64url') });
        assert.deepEqual([refused.status, refused.json.code], [422, 'offer_malformed'], `${wish}: ${refused.text}`);
    }
    for (const held of [5, {}, [], true]) {
        const refused = await order(employee, { lines: [{ sku: EXAMPLE, qty: '1', hold: held }] });
        assert.deepEqual([refused.status, refused.json.code, refused.json.pointer], [422, 'field_not_text', '/lines/0/hold'], refused.text);
    }
    assert.equal((await ask(employee, [{ sku: EXAMPLE, qty: '1', hold: null }])).json.lines[0].promised, '1.000');
});

test('another dealer has no such hold; a colleague sees it, the author and the head end it', async () => {
    const server = await started(demo());
    const people = {};
    for (const name of ['employee', 'colleague', 'head', 'rival']) people[name] = await server.login(`${name}@demo`);
    const { json: held } = await hold(people.employee, (await offersOf(people.employee)).less);
    const foreign = [await release(people.rival, held.id), await orderOf(people.rival, held)];
    for (const answer of foreign) {
        assert.equal(answer.status, 404);
        assert.equal(answer.json.code, 'hold_not_found');
    }
    assert.deepEqual(await states(people.rival), []);
    assert.deepEqual(await states(people.colleague), [[held.id, 'held']]);
    const refused = await release(people.colleague, held.id);
    assert.equal(refused.status, 403);
    assert.match(refused.json.detail, /может снять только тот, кто его сделал/);
    assert.equal((await release(people.head, held.id)).json.state, 'released');
});

test('an order line that is not the hold\'s own is refused', async () => {
    const server = await started(demo());
    const employee = await server.login('employee@demo');
    const { json: held } = await hold(employee, (await offersOf(employee)).less);
    const [line] = held.lines;
    const own = { item: line.item, qty: line.qty, date: line.date, hold: held.id };
    for (const lines of [[{ ...own, qty: '49' }], [{ ...own, date: '2026-04-17' }], [{ ...own, item: undefined, sku: 'CV-6060-01', qty: '14.4' }], [own, own]]) {
        const refused = await order(employee, { date: EARLY, lines });
        assert.equal(refused.status, 422, refused.text);
        assert.equal(refused.json.code, 'hold_unfit');
    }
    const method = await order(employee, { date: EARLY, lines: [own], delivery: { method: 'carrier' } });
    assert.equal(method.json.code, 'hold_unfit');
    const { json: placed } = await order(employee, { lines: [{ sku: EXAMPLE, qty: '1' }] });
    const edit = await employee.patch(`/api/v1/orders/${placed.id}`, { lines: [own] });
    assert.equal(edit.status, 422);
    assert.deepEqual(await states(employee), [[held.id, 'held']]);
});

test('holds are bounded by number for a dealer, by share for a pool, and may be off', async () => {
    const server = await started(demo());
    let employee = await server.login('employee@demo');
    const colleague = await server.login('colleague@demo');
    const most = await hold(employee, (await offersOf(employee, EXAMPLE, '132', '2026-04-17')).less);
    assert.equal(most.status, 409);
    assert.equal(most.json.code, 'holds_share');
    assert.equal(most.json.detail, `удержаниями можно занять не больше 90 % товара ${EXAMPLE} на складе и в пути; закажите его сразу`);
    // Five different offers of one cabinet, whoever holds them.
    const held = [];
    for (const qty of ['14.4', '15.84', '17.28', '18.72', '20.16']) {
        const answer = await hold(held.length % 2 ? colleague : employee, (await offersOf(employee, 'NV-6060-03', qty)).substitute);
        assert.equal(answer.status, 201, answer.text);
        held.push(answer.json.id);
    }
    const sixth = await hold(employee, (await offersOf(employee)).less);
    assert.equal(sixth.status, 409);
    assert.equal(sixth.json.code, 'holds_too_many');
    assert.match(sixth.json.detail, /разрешено: 5/);
    await release(employee, held[0]);
    assert.equal((await hold(employee, (await offersOf(employee)).less)).status, 201);

    const off = await again(server, TODAY, (text) => text.replace('per_dealer: 5', 'per_dealer: 0'));
    employee = await off.login('employee@demo');
    assert.equal((await employee.get('/api/v1/me')).json.hold_minutes, 0);
    const refused = await hold(employee, (await offersOf(employee, 'NV-6060-03', '14.4')).substitute);
    assert.equal(refused.json.code, 'holds_too_many');
});

// 204.48 lie in Moscow and 41.76 in Yekaterinburg: 246.24 together, for who is supplied from both.
test('a line held from two warehouses is the dealer\'s in both, becomes a document from each, and is freed in both', async () => {
    const server = await started(demo());
    const ural = await server.login('ural@demo');
    const sku = 'CV-6060-01';
    const first = (await ask(ural, [{ sku, qty: '1000.8' }])).json.lines[0].offers.find(({ kind }) => kind === 'less');
    assert.deepEqual(first.lines.map((line) => line.qty), ['246.240']);
    // Nine tenths of either pool may be held, and this is all of both.
    assert.equal((await hold(ural, first)).json.code, 'holds_share');
    const next = await again(server, TODAY, (text) => text.replace('pool_share: 90', 'pool_share: 100'));
    const dealer = await next.login('ural@demo');
    const left = async (qty) => (await ask(dealer, [{ sku, qty }])).json.lines[0].promised;
    const held = await hold(dealer, first);
    assert.equal(held.status, 201, held.text);
    assert.equal(await left('1.44'), '0.000');
    const line = { item: held.json.lines[0].item, qty: '246.24', date: held.json.lines[0].date, hold: held.json.id };
    const { json: looked } = await ask(dealer, [line]);
    assert.deepEqual(looked.lines.map((shown) => [shown.promised, shown.pegs]), [['246.240', [{ source: 'stock', date: null, qty: '246.240' }]]]);
    assert.equal((await release(dealer, held.json.id)).json.state, 'released');
    assert.equal(await left('246.24'), '246.240');

    const { json: other } = await hold(dealer, first);
    const placed = await order(dealer, { lines: [{ ...line, hold: other.id }] });
    assert.equal(placed.json.status, 'confirmed', placed.text);
    assert.deepEqual(placed.json.lines[0].pegs, [{ source: 'stock', date: null, qty: '246.240' }]);
    assert.equal(placed.json.parts.length, 2);
    assert.equal(placed.json.total, first.lines[0].amount);
    assert.equal(await left('1.44'), '0.000');
    assert.equal((await dealer.post(`/api/v1/orders/${placed.json.id}/cancel`)).json.status, 'cancelled');
    assert.equal(await left('246.24'), '246.240');

    // In review it keeps both warehouses, edited to what there is it is confirmed from both.
    const { json: review } = await order(dealer, { lines: [{ sku, qty: '1000.8' }] });
    assert.deepEqual([review.status, review.lines[0].promised, review.parts], ['review', '246.240', []]);
    const { json: edited } = await dealer.patch(`/api/v1/orders/${review.id}`, { lines: [{ sku, qty: '244.8' }] });
    assert.deepEqual([edited.status, edited.lines[0].promised, edited.held_until, edited.parts.length], ['confirmed', '244.800', null, 2]);
    assert.equal(await left('2.88'), '1.440');
});

test('what a review keeps is in order too, kept, edited and due', async () => {
    const server = await started(demo());
    let employee = await server.login('employee@demo');
    const { json: kept } = await order(employee, { lines: [{ sku: EXAMPLE, qty: '100' }, { sku: 'CV-6060-01', qty: '1000.8' }] });
    const { json: other } = await order(employee, { lines: [{ sku: EXAMPLE, qty: '40' }] });
    assert.deepEqual([kept.status, other.status], ['review', 'review']);
    assert.equal(await free(employee), '0.000');
    const { json: edited } = await employee.patch(`/api/v1/orders/${kept.id}`, { lines: [{ sku: EXAMPLE, qty: '60' }, { sku: 'CV-6060-01', qty: '1000.8' }] });
    assert.deepEqual([edited.status, edited.held_until], ['review', kept.held_until]);
    assert.equal(await free(employee), '40.000');

    const next = await again(server, '2026-04-03');
    employee = await next.login('employee@demo');
    assert.equal(await free(employee), '40.000');
    const later = await again(next, '2026-04-06');
    employee = await later.login('employee@demo');
    assert.equal(await free(employee), '120.000');
    const { json: due } = await employee.get(`/api/v1/orders/${kept.id}`);
    assert.deepEqual([due.status, due.held_until, due.lines[0].promised], ['review', null, '0.000']);
    assert.equal(due.timeline.at(-1).text, 'Время удержания вышло: товар больше не держится за заказом');
});

test('many hold and order the last fifty at once: nothing is promised twice', async () => {
    const server = await started(demo());
    const people = await Promise.all(['employee', 'colleague', 'head', 'rival'].map((name) => server.login(`${name}@demo`)));
    const asked = await Promise.all(people.map((client) => offersOf(client, EXAMPLE, '51')));
    const answers = await Promise.all(people.flatMap((client, index) => [hold(client, asked[index].less),
        order(client, { date: EARLY, lines: [{ sku: EXAMPLE, qty: '50' }] })]));
    const won = answers.filter((answer) => answer.json.state === 'held' || answer.json.status === 'confirmed');
    // A second hold of the same dealer's offer is the first one again.
    const distinct = new Set(won.map((answer) => answer.json.id));
    assert.equal(distinct.size, 1, answers.map((answer) => answer.text).join('\n'));
    assert.equal(await free(people[0], '50', EARLY), '0.000');
});
