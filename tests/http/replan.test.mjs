// Re-planning by hand: what it would do, and doing it.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';

import { demo, EXAMPLE, kabinet, order, TODAY } from '../lib/demo.mjs';

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

// The receipt of the 15th can be had three working days later from now on.
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
        assert.equal(held.status, 2);
        assert.equal(held.stdout, '');
        assert.match(held.stderr, /^kabinet replan: базу в .* держит другой процесс Kabinet/);
    } finally {
        await server.end();
    }
});
