// Who is told that a promise became worse, and when: what still is so after the minutes the distributor lets things settle.
// 1C sends stock and receipts minutes apart; the next morning everything has settled.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { demo, EXAMPLE, kabinet, order, promiseOf, reconfigured, serve } from '../lib/demo.mjs';
import { on, rests, supply } from '../lib/feeds.mjs';
import { ProfileA } from './profile_a.mjs';

const TOMORROW = '2026-04-02';
const MOVED = `${EXAMPLE}: поставка изменилась. Было: 100 м² к 17.04. Стало: 50 м² к 17.04, 50 м² к 21.04.`;

let server;
let placed;
beforeEach(async () => {
    server = await demo();
    placed = (await order(await server.login('employee@demo'), { lines: [{ sku: EXAMPLE, qty: '100' }] })).json;
    assert.equal(placed.status, 'confirmed');
});
afterEach(async () => {
    const { data } = server;
    await server.end();
    const check = kabinet('db', 'check', '--data', data);
    assert.equal(check.status, 0, check.stdout + check.stderr);
});

let minute = 0;
const slip = (day) => new ProfileA({ port: server.port }).upload('dealers', {
    'supply.xml': supply(server.data, `2026-04-01T10:${String(minute += 1).padStart(2, '0')}:00`, on(day)),
});
const morning = async (today) => {
    await server.end();
    server = await serve(server.data, { today });
};

// What a login has been told of promises: the notices of the feed, and the events of the order.
async function told(login = 'employee@demo', language = 'ru') {
    const client = await server.login(login, { headers: { 'Accept-Language': language } });
    const { json: feed } = await client.get('/api/v1/changes?since=0');
    const { json: page, status } = await client.get(`/api/v1/orders/${placed.id}`);
    return {
        notices: feed.changes.filter(({ kind }) => kind === 'notice').map(({ id, text }) => [id, text]),
        orders: feed.changes.filter(({ kind }) => kind === 'order').length,
        texts: feed.changes.filter(({ kind }) => kind === 'order').map(({ text }) => text),
        events: status === 200 ? page.timeline.filter(({ code }) => /^promise_/.test(code)).map(({ code, text }) => [code, text]) : null,
    };
}

test('a slip that stands is told once, with old and new, to those it concerns', async () => {
    const before = await told();
    await slip('2026-04-20');
    const early = await told();
    assert.deepEqual([early.notices, early.events], [[], []]);
    assert.equal(early.orders, before.orders + 1); // an open page shows what is
    await morning(TOMORROW);
    assert.deepEqual((await told()).notices, [[placed.id, `Заказ ${placed.number}, ${MOVED}`]]);
    assert.deepEqual((await told()).events, [['promise_worse', MOVED]]);
    assert.ok((await told()).texts.every((text) => text === null));
    assert.deepEqual((await told('manager@demo')).notices, [[placed.id, `Заказ ${placed.number}, ${MOVED}`]]);
    assert.deepEqual((await told('employee@demo', 'en')).notices,
        [[placed.id, `Order ${placed.number}, ${EXAMPLE}: supply changed. It was 100 м² by 17 Apr. It is 50 м² by 17 Apr, 50 м² by 21 Apr now.`]]);
    assert.deepEqual(await told('rival@demo'), { notices: [], orders: 0, texts: [], events: null });
    await morning('2026-04-03');
    assert.equal((await told()).notices.length, 1);
});

test('a slip that is taken back meanwhile is nobody\'s news', async () => {
    await slip('2026-04-20');
    await slip('2026-04-15');
    await morning(TOMORROW);
    const { notices, events } = await told();
    assert.deepEqual([notices, events], [[], []]);
});

test('several events are told as one: what was before the first, and what is after the last', async () => {
    await slip('2026-04-20');
    await slip('2026-04-24');
    await new ProfileA({ port: server.port }).upload('catalog', { 'rests0_1.xml': rests(server.data, '2026-04-01T10:30:00', 20) });
    await slip('2026-04-24');
    await morning(TOMORROW);
    const text = `${EXAMPLE}: поставка изменилась. Было: 100 м² к 17.04. Стало: 20 м² к 17.04, 70 м² к 25.04; на 10 м² даты нет.`;
    const { notices, events } = await told();
    assert.deepEqual(notices, [[placed.id, `Заказ ${placed.number}, ${text}`]]);
    assert.deepEqual(events, [['promise_worse', text]]);
});

test('what gets better again is an event of the order and no notice', async () => {
    await slip('2026-04-20');
    await morning(TOMORROW);
    await slip('2026-04-15');
    await morning('2026-04-03');
    const { notices, events } = await told();
    assert.equal(notices.length, 1);
    assert.deepEqual(events[1], ['promise_better', `${EXAMPLE}: поставка изменилась. Было: 50 м² к 17.04, 50 м² к 21.04. Стало: 100 м² к 17.04.`]);
});

test('whoever changes or cancels his order knows what he has, and is told nothing', async () => {
    const employee = await server.login('employee@demo');
    const { json: second } = await order(employee, { lines: [{ sku: EXAMPLE, qty: '10' }] });
    await slip('2026-04-20');
    assert.equal((await employee.post(`/api/v1/orders/${placed.id}/cancel`)).status, 200);
    assert.equal((await employee.patch(`/api/v1/orders/${second.id}`, { lines: [{ sku: EXAMPLE, qty: '5' }] })).status, 200);
    await morning(TOMORROW);
    const { notices, events } = await told();
    assert.deepEqual([notices, events], [[], []]);
    const client = await server.login('employee@demo');
    assert.ok((await client.get(`/api/v1/orders/${second.id}`)).json.timeline.every(({ code }) => !/^promise_/.test(code)));
});

test('with no minutes to settle it is told at once', async () => {
    server = await reconfigured(server, { settings: promiseOf('settle_minutes: 0') });
    await slip('2026-04-20');
    assert.deepEqual((await told()).notices, [[placed.id, `Заказ ${placed.number}, ${MOVED}`]]);
    await slip('2026-04-15');
    const { notices, events } = await told();
    assert.deepEqual([notices.length, events.map(([code]) => code)], [1, ['promise_worse', 'promise_better']]);
});

test('where figures are hidden a notice tells none', async () => {
    server = await reconfigured(server, { settings: promiseOf('display: yes_no, settle_minutes: 0') });
    const client = await server.login('rival@demo');
    const { json: other } = await order(client, { lines: [{ sku: EXAMPLE, qty: '20' }] });
    await slip('2026-04-20');
    const { json: feed } = await client.get('/api/v1/changes?since=0');
    assert.deepEqual(feed.changes.filter(({ kind }) => kind === 'notice').map(({ text }) => text),
        [`Заказ ${other.number}, ${EXAMPLE}: поставка изменилась. Новый день — 21.04.`]);
});
