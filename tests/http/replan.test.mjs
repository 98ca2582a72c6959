// Re-planning by hand: what it would do, and doing it.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { demo, EXAMPLE, kabinet, order, TODAY } from '../lib/demo.mjs';
import { receiptId } from '../lib/feeds.mjs';

let data;
const numbers = [];

before(async () => {
    const server = await demo();
    try {
        for (const [login, qty] of [['employee@demo', '100'], ['rival@demo', '20']]) {
            const { json } = await order(await server.login(login), { lines: [{ sku: EXAMPLE, qty }] });
            assert.equal(json.status, 'confirmed');
            numbers.push(json.number);
        }
    } finally {
        await server.end();
    }
    data = server.data;
});

const replan = (...args) => kabinet('replan', '--data', data, '--today', TODAY, ...args);

// The receipt of the 15th can be had three days later from now on.
function unloadLonger() {
    const file = path.join(data, 'distributors/novus.yaml');
    const settings = readFileSync(file, 'utf8').replace(/^ *receipt_buffer_days:.*\n/m, '');
    writeFileSync(file, settings.replace(/^promise:\n/m, 'promise:\n  receipt_buffer_days: 3\n'));
}

test('where nothing happened nothing changes, and that is a yes', () => {
    const { status, stdout, stderr } = replan('--dry-run');
    assert.equal(stderr, '');
    assert.match(stdout, /^товаров на складах \d+; строк заказов без изменений 2, станет лучше 0, хуже 0; ничего не записано\n$/);
    assert.equal(status, 0);
});

test('a dry run names who would lose, with old and new, and writes nothing; a run does it, and then all is kept', () => {
    unloadLonger();
    const lost = `хуже: ${numbers[0]}, строка 1, ${EXAMPLE}, склад «Склад Москва», Керамозаика. `
        + 'Было: 100 м² к 17.04. Стало: 50 м² к 17.04, 50 м² к 21.04.';
    const other = `хуже: ${numbers[1]}, строка 1, ${EXAMPLE}, склад «Склад Москва», Плиткин двор. Было: 20 м² к 17.04. Стало: 20 м² к 21.04.`;
    for (let i = 0; i < 2; i += 1) {
        const dry = replan('--dry-run');
        assert.deepEqual(dry.stdout.split('\n').slice(0, 2), [lost, other]);
        assert.match(dry.stdout, /без изменений 0, станет лучше 0, хуже 2; ничего не записано\n$/);
        assert.equal(dry.status, 1);
    }
    const asData = replan('--dry-run', '--json');
    assert.equal(asData.status, 1);
    const was = JSON.parse(asData.stdout);
    const [line] = was.lines;
    assert.deepEqual([line.verdict, line.number, line.line, line.sku], ['worse', numbers[0], 1, EXAMPLE]);
    assert.deepEqual(line.was, [{ date: '2026-04-17', qty: '100.000' }]);
    assert.deepEqual(line.now, [{ date: '2026-04-17', qty: '50.000' }, { date: '2026-04-21', qty: '50.000' }]);
    assert.deepEqual([was.kept, was.better, was.worse], [0, 0, 2]);

    const done = replan();
    assert.equal(done.status, 1);
    assert.match(done.stdout, /стало лучше 0, хуже 2\n$/);
    const again = replan('--dry-run');
    assert.equal(again.status, 0);
    assert.match(again.stdout, /без изменений 2, станет лучше 0, хуже 0/);
    const check = kabinet('db', 'check', '--data', data);
    assert.equal(check.status, 0, check.stdout);
});

test('what cannot be done is said on stderr, and is neither yes nor no', async () => {
    assert.equal(replan('--dry-run', '--today', '1.4.2026').status, 2);
    assert.equal(replan('--dry-run', '--today', '1.4.2026').stderr, 'kabinet replan: --today: «1.4.2026» — не дата; нужна ГГГГ-ММ-ДД, например 2026-04-17\n');
    assert.equal(replan('--dry').stderr, 'kabinet replan: нет ключа --dry\n');
    const server = await demo();
    try {
        const held = kabinet('replan', '--data', server.data, '--dry-run');
        assert.equal(held.status, 3);
        assert.equal(held.stdout, '');
        assert.match(held.stderr, /^kabinet replan: базу в .* держит другой процесс Kabinet/);
    } finally {
        await server.end();
    }
});

// --- what if ---

let server;
after(() => server?.end());
const preview = (client, receipts) => client.post('/api/v1/replan/preview', { receipts });

test('a manager sees whom a slip would hurt, and nothing of it is stored or told', async () => {
    server = await demo();
    const [employee, rival, manager] = await Promise.all(['employee@demo', 'rival@demo', 'manager@demo'].map((login) => server.login(login)));
    // Who came first keeps first.
    const { json: second } = await order(rival, { date: '2026-04-10', lines: [{ sku: EXAMPLE, qty: '5' }] });
    const { json: first } = await order(employee, { lines: [{ sku: EXAMPLE, qty: '100' }] });
    const before = (await employee.get(`/api/v1/orders/${first.id}`)).text;
    const id = receiptId(server.data);

    for (const name of [id, id.split('|')[0]]) {
        const { status, json } = await preview(manager, [{ id: name, date: '2026-04-20' }]);
        assert.equal(status, 200);
        assert.deepEqual([json.kept, json.better, json.worse], [1, 0, 1]);
        const rows = Object.fromEntries(json.lines.map((line) => [line.order, line]));
        assert.deepEqual([rows[second.id].verdict, rows[second.id].was, rows[second.id].now],
            ['kept', [{ date: '2026-04-10', qty: '5.000' }], [{ date: '2026-04-10', qty: '5.000' }]]);
        const line = rows[first.id];
        assert.deepEqual([line.verdict, line.number, line.line, line.sku, line.dealer, line.warehouse],
            ['worse', first.number, 1, EXAMPLE, 'Керамозаика', 'Склад Москва']);
        assert.equal(line.text, 'Было: 100 м² к 17.04. Стало: 45 м² к 17.04, 55 м² к 21.04.');
        assert.deepEqual(line.now, [{ date: '2026-04-17', qty: '45.000' }, { date: '2026-04-21', qty: '55.000' }]);
    }
    const less = await preview(manager, [{ id, qty: '0' }]);
    assert.equal(less.json.lines.find((line) => line.order === first.id).text, 'Было: 100 м² к 17.04. Стало: 45 м² к 17.04; на 55 м² даты нет.');
    const sooner = await preview(manager, [{ id, date: '2026-04-02', qty: '500' }]);
    assert.deepEqual([sooner.json.kept, sooner.json.worse], [2, 0]);
    const english = await manager.post('/api/v1/replan/preview', { receipts: [{ id, date: '2026-04-20' }] }, { headers: { 'Accept-Language': 'en' } });
    assert.equal(english.json.lines.find((line) => line.order === first.id).text, 'It was 100 м² by 17 Apr. It is 45 м² by 17 Apr, 55 м² by 21 Apr now.');

    assert.equal((await employee.get(`/api/v1/orders/${first.id}`)).text, before);
    for (const client of [employee, rival]) assert.equal((await preview(client, [{ id, date: '2026-04-20' }])).status, 403);
});

test('what cannot be supposed is refused with its place and a sentence', async () => {
    const manager = await server.login('manager@demo');
    const id = receiptId(server.data);
    for (const [receipts, pointer, ru, en] of [
        [[{ id }, { id, date: '2026-03-31' }], '/receipts/1/date', 'дата 31.03 уже прошла, сегодня 01.04', 'the day 31 Mar is past, today is 1 Apr'],
        [[{ id, date: '20.04.2026' }], '/receipts/0/date', '«20.04.2026» — не дата; нужна ГГГГ-ММ-ДД, например 2026-04-17', "'20.04.2026' is no day; YYYY-MM-DD is needed, for example 2026-04-17"],
        [[{ id, date: '2027-02-01' }], '/receipts/0/date', 'рабочие дни известны только до 31.12: на 01.02.2027 ничего нельзя обещать', 'working days are known up to 31 Dec only: nothing can be promised for 1 Feb 2027'],
        [[{ id: 'x|y', qty: '1' }], '/receipts/0/id', 'поступления «x|y» нет', "there is no receipt 'x|y'"],
        [[{ id, qty: '-1' }], '/receipts/0/qty', '«-1»: количество не может быть меньше нуля', "'-1': a quantity cannot be below zero"],
        [[{ id, qty: '1e9' }], '/receipts/0/qty', null, null],
        [[{ id, qty: '99999999999999999999' }], '/receipts/0/qty', null, null],
        [[{ id, qty: 5 }], '/receipts/0/qty', null, null],
        [[{ date: '2026-04-20' }], '/receipts/0/id', null, null],
        [[{ id, day: '2026-04-20' }], '/receipts/0/day', null, null],
        [[], '/receipts', 'нужен список receipts: от одного до 200 поступлений', 'a list receipts is needed, of one to 200 receipts'],
        [Array(201).fill({ id }), '/receipts', 'нужен список receipts: от одного до 200 поступлений', 'a list receipts is needed, of one to 200 receipts'],
    ]) {
        for (const [language, text] of [['ru', ru], ['en', en]]) {
            const { status, json } = await manager.post('/api/v1/replan/preview', { receipts }, { headers: { 'Accept-Language': language } });
            const [problem] = json.errors ?? [json];
            assert.equal(status, 422, JSON.stringify(json));
            assert.deepEqual([problem.pointer, text && problem.detail], [pointer, text]);
        }
    }
});
