// Ready ways out of a shortage: what they say, that they are right when asked again, that they never offer what this
// dealer may not have.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ask, demo, EXAMPLE, order } from '../lib/demo.mjs';

// Before the shipment, so that only the fifty in stock count.
const EARLY = '2026-04-10';

let server;
const people = {};

before(async () => {
    server = await demo();
    for (const login of ['employee', 'rival']) people[login] = await server.login(`${login}@demo`);
});
after(() => server?.end());

const offersOf = async (client, sku, qty, date) => {
    const { status, json, text } = await ask(client, [{ sku, qty }], { date });
    assert.equal(status, 200, text);
    return Object.fromEntries(json.lines[0].offers.map((offer) => [offer.kind, offer]));
};
const parts = (offer) => offer.lines.map((line) => [line.sku, line.qty, line.date]);

test('the example, too early: four ways out, word for word', async () => {
    const { json } = await ask(people.employee, [{ sku: EXAMPLE, qty: '100' }], { date: EARLY });
    const { offers } = json.lines[0];
    assert.deepEqual(offers.map((offer) => [offer.kind, offer.text]), [
        ['split', 'Частями: 50 м² к 10.04, 50 м² к 16.04.'],
        ['later', 'Всё сразу: 100 м² к 16.04.'],
        ['less', 'Только 50 м² к 10.04.'],
        ['substitute', 'Замена — Керамогранит Cemento Vero Cenere 60×60 структурный (CV-6060-01): 100,8 м² к 10.04.'],
    ]);
    const english = await server.login('employee@demo', { headers: { 'Accept-Language': 'en' } });
    const { json: answer } = await ask(english, [{ sku: EXAMPLE, qty: '100' }], { date: EARLY });
    assert.deepEqual(answer.lines[0].offers.map((offer) => offer.text), [
        'In parts: 50 м² by 10 Apr, 50 м² by 16 Apr.',
        'All at once: 100 м² by 16 Apr.',
        'Only 50 м² by 10 Apr.',
        'Instead Керамогранит Cemento Vero Cenere 60×60 структурный (CV-6060-01): 100.8 м² by 10 Apr.',
    ]);
});

test('asked again, every offer is promised whole and costs what it said', async () => {
    for (const [sku, qty] of [[EXAMPLE, '100'], [EXAMPLE, '120'], ['LD-3060-03', '16.2'], ['NV-6060-02', '144']]) {
        const { json } = await ask(people.employee, [{ sku, qty }], { date: EARLY });
        assert.ok(json.lines[0].offers.length > 0, sku);
        for (const offer of json.lines[0].offers) {
            const lines = offer.lines.map((line) => ({ item: line.item, qty: line.qty, date: line.date }));
            const { json: again } = await ask(people.employee, lines, { date: EARLY });
            assert.deepEqual(again.lines.map((line) => [line.promised, line.amount]), offer.lines.map((line) => [line.qty, line.amount]), offer.text);
        }
    }
});

test('what is not short has no offers, and what never comes only less of it or something else', async () => {
    const { json } = await ask(people.employee, [{ sku: EXAMPLE, qty: '50' }], { date: EARLY });
    assert.deepEqual(json.lines[0].offers, []);
    const most = await offersOf(people.employee, EXAMPLE, '132', '2026-04-17');
    assert.deepEqual(Object.keys(most), ['less', 'substitute']);
    assert.deepEqual(parts(most.less), [[EXAMPLE, '120.000', '2026-04-17']]);
    const never = await offersOf(people.employee, 'NV-6060-03', '14.4', '2026-04-17');
    assert.deepEqual(Object.keys(never), ['substitute']);
});

test('a substitute is 1C\'s first analogue that has it all; else of the same collection and format; else of the group', async () => {
    const small = await offersOf(people.employee, EXAMPLE, '51', EARLY);
    assert.deepEqual(parts(small.substitute), [['CV-6060-03', '51.840', EARLY]]); // the first, rounded up to its boxes
    const large = await offersOf(people.employee, EXAMPLE, '100', EARLY);
    assert.deepEqual(parts(large.substitute), [['CV-6060-01', '100.800', EARLY]]); // the first has 56
    const mate = await offersOf(people.employee, 'NV-6060-03', '14.4', '2026-04-17');
    assert.deepEqual(parts(mate.substitute), [['NV-6060-04', '14.400', '2026-04-17']]);
    const { json } = await people.employee.get('/api/v1/items?limit=200&date=2026-04-17');
    const [asked, other] = ['RO-10', 'RO-40'].map((sku) => json.items.find((item) => item.sku === sku));
    const more = (Number(asked.on_date.qty) + 1).toFixed(3);
    const peer = await offersOf(people.employee, 'RO-10', more, '2026-04-17');
    assert.ok(Number(other.on_date.qty) >= Number(more), 'the demo has too little of RO-40 for this test');
    assert.deepEqual(parts(peer.substitute), [['RO-40', more, '2026-04-17']]); // within a fifth of the price, unlike the bath taps
});

test('another line of the basket keeps what it was promised', async () => {
    const { json } = await ask(people.employee, [{ sku: EXAMPLE, qty: '100' }, { sku: EXAMPLE, qty: '20', date: EARLY }, { sku: 'CV-6060-03', qty: '56.16', date: EARLY }], { date: EARLY });
    // The first line took the fifty; the second may have what comes later; the first analogue is in the basket already.
    assert.deepEqual(json.lines.map((line) => line.promised), ['50.000', '0.000', '56.160']);
    const [first, second] = json.lines.map((line) => Object.fromEntries(line.offers.map((offer) => [offer.kind, offer])));
    assert.deepEqual(parts(first.split), [[EXAMPLE, '50.000', EARLY], [EXAMPLE, '50.000', '2026-04-16']]);
    assert.deepEqual(parts(second.later), [[EXAMPLE, '20.000', '2026-04-16']]);
    assert.deepEqual(parts(second.substitute), [['CV-6060-01', '20.160', EARLY]]);
});

test('what a dealer may not buy is not offered to him', async () => {
    const { json } = await people.rival.get('/api/v1/items?limit=200');
    const banned = new Set(json.items.filter((item) => item.restricted).map((item) => item.sku));
    assert.ok(banned.size > 0);
    for (const item of json.items) {
        if (item.restricted) continue;
        const qty = (Number(item.pack) * 100000).toFixed(3);
        const answer = await ask(people.rival, [{ item: item.id, qty }]);
        for (const offer of answer.json.lines[0].offers) {
            for (const line of offer.lines) assert.ok(!banned.has(line.sku), `${line.sku} for ${item.sku}`);
        }
    }
    const restricted = json.items.find((item) => item.restricted);
    const refused = await ask(people.rival, [{ item: restricted.id, qty: restricted.pack }]);
    assert.deepEqual(refused.json.lines[0].offers, []);
});

test('an offer that others have taken meanwhile is no longer made', async () => {
    const before = await offersOf(people.employee, EXAMPLE, '100', EARLY);
    assert.ok(before.split);
    const { json: taken } = await order(people.rival, { date: EARLY, lines: [{ sku: EXAMPLE, qty: '50' }] });
    assert.equal(taken.status, 'confirmed');
    const after = await offersOf(people.employee, EXAMPLE, '70', EARLY);
    assert.deepEqual(Object.keys(after), ['later', 'substitute']);
    await people.rival.post(`/api/v1/orders/${taken.id}/cancel`);
});
