// What was decided, asked again of other rules: what stays has the same bytes, what changes is named, and a decision
// becomes a test.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';

import { demo, EXAMPLE, kabinet, order, PROGRAM, ROOT, scratch } from '../lib/demo.mjs';

const SQL = path.join(ROOT, `build/obj/${process.env.MODE ?? 'release'}/sim/sql`);

let data;
let first; // the request that sent the first order

before(async () => {
    const server = await demo();
    try {
        const client = await server.login('employee@demo');
        for (const qty of ['1', '20', '5000']) {
            const answer = await order(client, { lines: [{ sku: EXAMPLE, qty }] });
            assert.equal(answer.status, 201, answer.text);
            first ??= answer.headers['x-request-id'];
        }
    } finally {
        await server.end();
    }
    data = server.data;
});

function rules(...args) {
    const { status, stdout, stderr } = spawnSync(PROGRAM, ['rules', ...args], {
        encoding: 'utf8', cwd: ROOT, env: { ...process.env, LANG: 'en_US.UTF-8' },
    });
    return { status, stdout, stderr };
}

// A copy of the shipped rules with a change to one file.
function changed(file, from, to) {
    const folder = scratch('rules-replay');
    mkdirSync(folder);
    for (const name of ['base', 'novus']) cpSync(path.join(ROOT, 'rules', name), path.join(folder, name), { recursive: true });
    const text = readFileSync(path.join(folder, file), 'utf8');
    assert.ok(text.includes(from));
    writeFileSync(path.join(folder, file), text.replace(from, to));
    return path.join(folder, 'novus');
}

test('the rules that decided decide the same, byte for byte', () => {
    const got = rules('replay', 'novus', '--data', data);
    assert.deepEqual(got, { status: 0, stdout: 'decisions 3, now different: 0\n', stderr: '' });
});

test('a comment and a line moved change nothing', () => {
    const got = rules('replay', changed('novus/confirm.lua', 'local SHORT_MAX = 6', '-- As ever.\n\n\nlocal SHORT_MAX = 6'),
        '--data', data);
    assert.equal(got.stdout, 'decisions 3, now different: 0\n');
});

test('another rule changes the answers it should, and only those', () => {
    const folder = changed('novus/confirm.lua', 'return #reasons > 0 and reasons or confirm()',
        'if order.total > money "5000.00" and #reasons == 0 then return review("large") end\n'
        + '        return #reasons > 0 and reasons or confirm()');
    const got = rules('replay', folder, '--data', data);
    assert.equal(got.status, 1);
    assert.match(got.stdout, /^\d+ 2026-04-01T\d\d:\d\d:\d\d confirm \S+\n {2}- confirm\n {2}\+ review large\ndecisions 3, now different: 1\n$/);
    const json = JSON.parse(rules('replay', folder, '--data', data, '--json').stdout);
    assert.equal(json.asked, 3);
    assert.deepEqual(json.changes.map((change) => [change.before.verdict, change.after.verdict]), [['confirm', 'review']]);
    assert.match(json.changes[0].file_hash, /^[0-9a-f]{64}$/);
});

test('where the reasons are the same, the params that differ are shown', () => {
    const got = rules('replay', changed('novus/confirm.lua', 'missing = as_qty(line.missing)', 'missing = as_qty(0)'),
        '--data', data);
    assert.match(got.stdout, /\n {2}- \{"hold":true,"reasons":\[\{"code":"short","params":\{"missing":"q\d+",/);
    assert.match(got.stdout, /\n {2}\+ \{"hold":true,"reasons":\[\{"code":"short","params":\{"missing":"q0",/);
    assert.match(got.stdout, /now different: 1\n$/);
});

test('since leaves out what is older', () => {
    assert.match(rules('replay', 'novus', '--data', data, '--since', '2026-04-02').stdout, /^decisions 0,/);
    assert.match(rules('replay', 'novus', '--data', data, '--since', '2026-04-01').stdout, /^decisions 3,/);
    assert.equal(rules('replay', 'novus', '--data', data, '--since', 'April').status, 2);
});

// One value of the database, through a deliberately failing constraint: the tool of the tests only runs statements.
function logged(column) {
    const copy = scratch('rules-log');
    cpSync(data, copy, { recursive: true });
    const { status } = spawnSync(SQL, [path.join(copy, 'novus/kabinet.db'),
        `UPDATE decision SET verdict = verdict WHERE ${column}`], { encoding: 'utf8' });
    return status === 0; // it fails where it touched nothing
}

test('the log has the request, the file, the costs, and no names of people', () => {
    assert.ok(logged(`request = '${first}'`));
    assert.ok(logged("file = 'novus/confirm.lua' AND revision = 1 AND length(file_hash) = 64 AND instructions > 0 AND microseconds < 100000"));
    assert.ok(logged(`input LIKE '%"author":{"login":"employee@demo","name":"***"%'`));
    assert.ok(!logged('verdict <> json_extract(answer, \'$.verdict\')'));
});

test('a decision becomes a test that passes, and fails when the rule is changed', () => {
    const folder = scratch('rules-as-test');
    mkdirSync(folder);
    for (const name of ['base', 'novus']) cpSync(path.join(ROOT, 'rules', name), path.join(folder, name), { recursive: true });
    const changes = JSON.parse(rules('replay', changed('novus/confirm.lua', 'missing = as_qty(line.missing)', 'missing = as_qty(0)'),
        '--data', data, '--json').stdout).changes;
    const entry = rules('replay', 'novus', '--data', data, '--as-test', String(changes[0].id));
    assert.equal(entry.status, 0);
    assert.match(entry.stdout, /name = "decision \d+ of 2026-04-01T/);
    assert.match(entry.stdout, /reasons = \{\n {16}\{ code = "short", params = \{ missing = qty "[\d.]+", sku = "NV-6060-01" \} \},/);
    writeFileSync(path.join(folder, 'novus/confirm_test.lua'), `return {\n${entry.stdout}}\n`);
    const passes = rules('test', path.join(folder, 'novus'), '--run', 'decision');
    assert.equal(passes.status, 0, passes.stdout + passes.stderr);
    writeFileSync(path.join(folder, 'novus/confirm.lua'),
        readFileSync(path.join(folder, 'novus/confirm.lua'), 'utf8').replace('"short"', '"too_little"'));
    assert.equal(rules('test', path.join(folder, 'novus'), '--run', 'decision').status, 1);
    const explained = rules('explain', 'confirm', 'novus', '--data', data, '--decision', String(changes[0].id));
    assert.equal(explained.status, 1);
    assert.match(explained.stdout, /^novus\/confirm.lua: review\n {2}novus\/confirm.lua:15: short: /);
    assert.equal(rules('explain', 'confirm', 'novus', '--data', data, '--decision', changes[0].order).stdout, explained.stdout);
    const missing = rules('replay', 'novus', '--data', data, '--as-test', '99999');
    assert.equal(missing.status, 2);
    assert.match(missing.stderr, /there is no decision/);
});

test('diff tells where two folders answer differently, on all that their tests give', () => {
    assert.match(rules('diff', 'novus', 'novus').stdout, /^decisions \d+, now different: 0\n$/);
    const folder = changed('novus/supply_plan.lua', 'split = "line"', 'split = "none"');
    const got = rules('diff', 'novus', folder);
    assert.equal(got.status, 1);
    assert.match(got.stdout, /^supply_plan: --example\n {2}- \{"display".*"split":"line".*\n {2}\+ \{"display".*"split":"none"/);
    const json = JSON.parse(rules('diff', 'novus', folder, '--json').stdout);
    assert.ok(json.changes.length >= 3 && json.changes.every((change) => change.hook === 'supply_plan'));
});

test('what cannot be done is said', () => {
    assert.equal(rules('replay', 'novus', '--data', path.join(ROOT, 'build/test/nothing-here')).status, 3);
    assert.equal(rules('diff', 'novus').status, 2);
    assert.equal(kabinet('rules', 'diff', 'novus', 'base', 'novus').status, 2);
});
