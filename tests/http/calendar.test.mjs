// Working days: the cut-off hour, the New Year holidays, and the end of what the calendar knows.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { ask, DATE, demo, EXAMPLE, order, reconfigured, SENTENCE } from '../lib/demo.mjs';

const servers = [];
after(() => Promise.all(servers.map((server) => server.end())));

// The demo of that day, with its configuration changed and served again: its clock starts at 09:00.
async function configured(today, settings) {
    const server = await reconfigured(await demo({ today }), { today, settings });
    servers.push(server);
    return { server, employee: await server.login('employee@demo') };
}

const cutoff = (hour) => (text) => `${text}\norder_cutoff: "${hour}"\n`;
const one = [{ sku: EXAMPLE, qty: '1' }];
const example = async (employee, query = '') => (await employee.get(`/api/v1/items?q=${EXAMPLE}${query}`)).json.items[0];

test('before the cut-off hour the day counts, after it the next working day', async () => {
    // 2026-04-03 is a Friday: collected that day and handed over on Saturday, or collected on Monday.
    const before = await configured('2026-04-03', cutoff('09:30'));
    const late = await configured('2026-04-03', cutoff('08:30'));
    assert.equal((await before.employee.get('/api/v1/me')).json.earliest_date, '2026-04-04');
    assert.equal((await late.employee.get('/api/v1/me')).json.earliest_date, '2026-04-07');

    for (const [{ employee }, date, promised] of [
        [before, '2026-04-04', '1.000'], [late, '2026-04-04', '0.000'], [late, '2026-04-06', '0.000'], [late, '2026-04-07', '1.000'],
    ]) {
        const { json } = await ask(employee, one, { date });
        assert.equal(json.lines[0].promised, promised, date);
        const placed = await order(employee, { date, lines: one });
        assert.equal(placed.json.status, promised === '1.000' ? 'confirmed' : 'review', date);
    }
    const { json } = await ask(late.employee, one, { date: '2026-04-06' });
    assert.equal(json.lines[0].earliest, '2026-04-07');
    assert.equal(json.lines[0].text, 'Не хватает 1 к 06.04. Всё количество — 07.04; к 06.04 — 0.');
    const item = await example(late.employee);
    assert.deepEqual([item.on_date.date, item.on_date.qty], ['2026-04-07', '49.000']);
    const { json: availability } = await late.employee.get(`/api/v1/items/${encodeURIComponent(item.id)}/availability`);
    assert.equal(availability.curve[0].date, '2026-04-07');
});

test('a day off counts as the next working day, and later days are as they were', async () => {
    const { employee } = await configured('2026-04-04', cutoff('15:00'));
    assert.equal((await employee.get('/api/v1/me')).json.earliest_date, '2026-04-07');
    const { json } = await ask(employee, [{ sku: EXAMPLE, qty: '100' }], { date: DATE });
    assert.equal(json.lines[0].text, SENTENCE);
});

test('over the New Year the holidays are no days of work', async () => {
    const { employee } = await configured('2025-12-30', cutoff('08:30'));
    // The 30th is over for the warehouse and the 31st does not work: the 12th of January does.
    assert.equal((await employee.get('/api/v1/me')).json.earliest_date, '2026-01-13');
    const item = await example(employee, '&date=2026-01-12');
    assert.equal(item.on_date.qty, '0.000');
    assert.equal((await example(employee, '&date=2026-01-13')).on_date.qty, '50.000');
});

test('what the calendar does not know is refused with its last day, and an admin is warned before', async () => {
    const { server, employee } = await configured('2026-12-01');
    const ready = (await server.client().get('/readyz')).json;
    assert.equal(ready.ready, true);
    assert.deepEqual(ready.warnings.map(({ code }) => code), ['calendar_ends']);
    for (const login of ['manager@demo', 'admin@demo']) {
        const { warnings } = (await (await server.login(login)).get('/api/v1/me')).json;
        assert.deepEqual(warnings.map(({ code }) => code), ['calendar_ends']);
        assert.match(warnings[0].text, /^Производственный календарь «ru» известен только до 31\.12: /);
    }
    assert.deepEqual((await employee.get('/api/v1/me')).json.warnings, []);
    assert.equal((await ask(employee, one, { date: '2026-12-31' })).status, 200);
    for (const refused of [
        await ask(employee, one, { date: '2027-01-12' }),
        await order(employee, { date: '2027-01-12', lines: one }),
        await employee.get('/api/v1/items?date=2027-01-12'),
    ]) {
        assert.equal(refused.status, 422);
        assert.equal(refused.json.code, 'day_unknown');
        assert.equal(refused.json.params.last, '2026-12-31');
        assert.equal(refused.json.detail, 'рабочие дни известны только до 31.12: на 12.01.2027 ничего нельзя обещать');
    }
    const line = await ask(employee, [...one, { ...one[0], date: '2027-01-12' }], { date: '2026-12-31' });
    assert.equal(line.json.lines[1].error.code, 'day_unknown');

    const early = await configured('2026-04-01');
    assert.deepEqual((await early.server.client().get('/readyz')).json.warnings, []);
    assert.deepEqual((await (await early.server.login('manager@demo')).get('/api/v1/me')).json.warnings, []);
});
