// Configuration and rules change under a running portal: whole or not at all, told line by line, and back again.

import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { demo, EXAMPLE, kabinet, order, reconfigured } from '../lib/demo.mjs';

// Another comment is another generation: enough of them for requests to meet every moment of a change. RELOADS=1000 asks more.
const RELOADS = Number(process.env.RELOADS ?? 200);

let server;
let admin;
let employee;
const place = () => order(employee, { lines: [{ sku: EXAMPLE, qty: '1' }] });
const file = (name) => path.join(server.data, name);
const edit = (name, change) => {
    const before = readFileSync(file(name), 'utf8');
    const after = change(before);
    assert.notEqual(after, before, `${name} is changed`);
    writeFileSync(file(name), after);
    return () => writeFileSync(file(name), before);
};
const CONFIRM = 'rules/novus/confirm.lua';
const SETTINGS = 'distributors/novus.yaml';
const reload = (body = {}, headers = {}) => admin.post('/api/v1/admin/reload', body, { headers });
const revisions = async () => (await admin.get('/api/v1/admin/revisions')).json;
// The rule with an answer of its own in front: whoever orders is told it.
const reviewing = (text) => text.replace('confirm = function(order)\n', (head) => `${head}        if order.complete then return review("no_price", { sku = "X" }) end\n`);

before(async () => {
    // The rules of this portal are its own, to be edited.
    server = await reconfigured(await demo(), { rules: {} });
    admin = await server.login('admin@demo');
    employee = await server.login('employee@demo');
});
after(() => server?.end());

test('files that have not changed change nothing', async () => {
    const was = await revisions();
    const answer = await reload({ why: 'просто так' });
    assert.deepEqual([answer.status, answer.json.published, answer.json.changes], [200, false, []]);
    assert.equal((await revisions()).revision, was.revision);
});

test('a field misspelt in a rule is refused with file, line, column and hint, while orders go on', async () => {
    const was = await revisions();
    const mend = edit(CONFIRM, (text) => text.replace('account.within', 'account.withn'));
    const line = readFileSync(file(CONFIRM), 'utf8').split('\n').findIndex((text) => text.includes('account.withn')) + 1;
    const refused = await reload();
    assert.equal(refused.status, 422, refused.text);
    assert.equal(refused.json.code, 'reload_refused');
    assert.equal(refused.json.detail, 'настройки не приняты: 1 ошибка; работают прежние');
    const [problem] = refused.json.problems.list;
    assert.deepEqual([problem.file, problem.line], [file(CONFIRM), line], JSON.stringify(problem));
    assert.ok(problem.column > 1);
    assert.match(problem.text, /withn/);
    assert.match(refused.json.problems.text, /did you mean 'within'/);
    assert.equal((await place()).json.status, 'confirmed');
    assert.equal((await revisions()).revision, was.revision);
    const told = kabinet('reload', '--data', server.data);
    assert.equal(told.status, 78);
    assert.equal(told.stderr, `${refused.json.problems.text}kabinet reload: novus: настройки не приняты: 1 ошибка; работают прежние\n`);
    mend();
    assert.equal((await reload()).json.published, false);
});

test('a key misspelt in the settings is refused with its place and the key that was meant', async () => {
    const mend = edit(SETTINGS, (text) => `${text}\nhandlin_days: 2\n`);
    const refused = await reload();
    mend();
    assert.equal(refused.status, 422);
    assert.match(refused.json.problems.text, /novus\.yaml:\d+:1: ошибка C0003: нет ключа «handlin_days»\n[^]*подсказка: возможно, «handling_days»\?\n/);
});

test('a failing test of the rules keeps the rule out', async () => {
    const mend = edit(CONFIRM, (text) => reviewing(text));
    const refused = await reload();
    mend();
    assert.equal(refused.status, 422, refused.text);
    assert.equal(refused.json.problems.list[0].code, 'R0121');
    assert.match(refused.json.problems.list[0].text, /^тест «.*» файла novus\/confirm_test\.lua не прошёл: /);
});

test('a changed rule decides the next order, a rollback gives back the former one, and both are on record', async () => {
    const was = await revisions();
    const mendRule = edit(CONFIRM, (text) => reviewing(text));
    const mendTests = edit('rules/novus/confirm_test.lua', () => 'return { { name = "по-новому", because = { "no_price" }, given = { complete = true } } }\n');
    const dry = await reload({ dry_run: true });
    assert.deepEqual([dry.status, dry.json.published, dry.json.revision], [200, false, was.revision], dry.text);
    assert.equal((await place()).json.status, 'confirmed');

    const answer = await reload({ why: 'всё смотрит менеджер' }, { 'If-Match': `"${was.revision}"` });
    assert.deepEqual([answer.status, answer.json.published], [200, true], answer.text);
    assert.deepEqual(answer.json.changes.map(({ file: name, added, removed }) => ({ name, added, removed })), [{ name: 'novus/confirm.lua', added: 1, removed: 0 }]);
    assert.match(answer.json.changes[0].diff, /^@@ -\d+,\d+ \+\d+,\d+ @@\n(?: .*\n)+\+ {8}if order\.complete then return review\("no_price", \{ sku = "X" \}\) end\n/);
    const reviewed = await place();
    assert.deepEqual([reviewed.json.status, reviewed.json.reasons[0].code], ['review', 'no_price']);

    const stale = await reload({}, { 'If-Match': `"${was.revision}"` });
    assert.deepEqual([stale.status, stale.json.code], [412, 'revision_changed']);

    const back = await admin.post('/api/v1/admin/rollback', { revision: was.revision, why: 'рано' });
    assert.deepEqual([back.status, back.json.published, back.json.changes[0].removed], [200, true, 1], back.text);
    assert.equal((await place()).json.status, 'confirmed');
    const { revisions: list } = await revisions();
    assert.deepEqual(list.slice(0, 2).map(({ kind, why, actor, kept }) => [kind, why, actor, kept]),
        [['rollback', 'рано', 'admin@demo', true], ['reload', 'всё смотрит менеджер', 'admin@demo', true]]);
    assert.equal(list[0].hash, list.find(({ id }) => id === was.revision).hash);
    const gone = await admin.post('/api/v1/admin/rollback', { revision: 999999 });
    assert.deepEqual([gone.status, gone.json.code], [404, 'revision_gone']);
    mendRule();
    mendTests();
});

test('of two admins who change it at once upon the same revision, one does', async () => {
    const mend = edit(SETTINGS, (text) => `${text}\n# вдвоём\n`);
    const { revision } = await revisions();
    const other = await server.login('admin@demo');
    const answers = await Promise.all([admin, other].map((client) => client.post('/api/v1/admin/reload', {}, { headers: { 'If-Match': `"${revision}"` } })));
    mend();
    assert.equal(answers.filter(({ status, json }) => status === 200 && json.published).length, 1);
    assert.ok(answers.some(({ status }) => status === 409 || status === 412));
    await reload();
});

test('SIGHUP takes up what changed', async () => {
    const was = await revisions();
    const mend = edit(SETTINGS, (text) => `${text}\n# по сигналу\n`);
    server.child.kill('SIGHUP');
    let now = was;
    while (now.revision === was.revision) now = await revisions();
    assert.deepEqual([now.revisions[0].why, now.revisions[0].actor, now.revisions[0].changes[0].file], ['SIGHUP', 'console', 'novus.yaml']);
    mend();
    await reload();
});

test('the console\'s file is the server\'s user\'s alone, and only its token opens', async () => {
    const control = JSON.parse(readFileSync(file('control'), 'utf8'));
    assert.equal(statSync(file('control')).mode & 0o777, 0o600);
    const guest = server.client();
    const bearer = (token) => ({ headers: { Authorization: `Bearer ${token}`, 'X-Kabinet-Distributor': 'novus' } });
    assert.equal((await guest.get('/api/v1/admin/revisions', bearer(control.token))).status, 200);
    assert.equal((await guest.get('/api/v1/admin/revisions', bearer('0'.repeat(control.token.length)))).status, 401);
    assert.equal((await guest.get('/api/v1/admin/revisions', bearer(''))).status, 401);
    assert.equal((await guest.get('/api/v1/admin/revisions', { headers: { Authorization: `Bearer ${control.token}`, 'X-Kabinet-Distributor': 'lumen' } })).status, 421);
    const history = kabinet('config', 'history', '--data', server.data);
    assert.equal(history.status, 0, history.stderr);
    assert.match(history.stdout, /^novus \d+ \S+ admin@demo reload/);
    const none = kabinet('reload', '--data', server.data, '--distributor', 'lumen');
    assert.equal(none.status, 2);
});

test('reloads under load lose no request', async () => {
    const settings = readFileSync(file(SETTINGS), 'utf8');
    let going = true;
    const counts = {};
    const load = async (client, ask) => {
        while (going) {
            const { status, json } = await ask(client);
            // A machine with too much to do says so, and is asked again; that is not a request lost to a reload.
            const answer = status === 503 && json.code === 'store_busy' ? 'busy' : status;
            counts[answer] = (counts[answer] ?? 0) + 1;
        }
    };
    const asks = [
        (client) => client.get('/api/v1/items?date=2026-04-17&limit=24'),
        (client) => client.post('/api/v1/promise', { date: '2026-04-17', lines: [{ sku: EXAMPLE, qty: '5' }] }),
        (client) => client.get('/api/v1/me'),
    ];
    const loads = [];
    for (const asking of asks) loads.push(load(await server.login('employee@demo'), asking));
    const { generation } = await revisions();
    for (let i = 0; i < RELOADS; i++) {
        writeFileSync(file(SETTINGS), `${settings}\n# ${i}\n`);
        const { status, json, text } = await reload();
        assert.deepEqual([status, json.published], [200, true], text);
    }
    going = false;
    await Promise.all(loads);
    writeFileSync(file(SETTINGS), settings);
    assert.equal((await revisions()).generation, generation + RELOADS);
    assert.deepEqual(Object.keys(counts).filter((answer) => answer !== 'busy'), ['200'], JSON.stringify(counts));
    assert.ok(counts[200] > asks.length, JSON.stringify(counts));
});
