// `kabinet rules` as an integrator types it: exit codes, what goes to which stream, and what is said of a slip.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { PROGRAM, ROOT, scratch } from '../lib/demo.mjs';

function rules(...args) {
    const options = { encoding: 'utf8', cwd: ROOT, env: { ...process.env, LANG: 'en_US.UTF-8' } };
    const { status, stdout, stderr } = spawnSync(PROGRAM, ['rules', ...args], options);
    return { status, stdout, stderr };
}

function newFolder() {
    const folder = scratch('rules-verbs');
    mkdirSync(folder);
    return folder;
}

test('run answers with the verdict, its reasons and its exit code', () => {
    const got = rules('run', 'confirm', 'base', '--example', '--json');
    assert.equal(got.status, 1);
    assert.equal(got.stderr, '');
    const answer = JSON.parse(got.stdout);
    assert.equal(answer.verdict, 'review');
    assert.equal(answer.hold, true);
    assert.deepEqual(answer.reasons[0].params, { missing: '12.000', sku: 'NV-MOS-02' });
    assert.equal(answer.reasons[0].text, 'NV-MOS-02 is 12 short. The manager will offer another day or a substitute.');
    assert.equal(answer.reasons[0].file, 'base/confirm.lua');
    assert.match(readFileSync(path.join(ROOT, 'rules/base/confirm.lua'), 'utf8').split('\n')[answer.reasons[0].line - 1],
        /review\("short"/);
});

test('run reads an input from a file and from stdin', () => {
    const folder = newFolder();
    const file = path.join(folder, 'order.json');
    writeFileSync(file, '{"complete": true, "priced": true, "account": {"within": true}}');
    assert.deepEqual(rules('run', 'confirm', 'base', '--input', file),
        { status: 0, stdout: 'base/confirm.lua: confirm\n', stderr: '' });
    const piped = spawnSync(PROGRAM, ['rules', 'run', 'confirm', 'base', '--input', '-'], { input: '{}', encoding: 'utf8' });
    assert.equal(piped.status, 1);
    writeFileSync(file, '{"complet": true}');
    const slip = rules('run', 'confirm', 'base', '--input', file);
    assert.equal(slip.status, 2);
    assert.equal(slip.stdout, '');
    assert.equal(slip.stderr, `kabinet rules: ${file}: the input does not fit: order: no field 'complet' on order, `
        + "did you mean 'complete'?\n");
});

test('the example can be had as a file to change', () => {
    const folder = newFolder();
    const file = path.join(folder, 'order.json');
    writeFileSync(file, rules('api', '--example', 'confirm').stdout);
    assert.equal(rules('run', 'confirm', 'base', '--input', file).stdout,
        rules('run', 'confirm', 'base', '--example').stdout);
});

test('slips are told with what was meant', () => {
    const slips = [
        [['rnu', 'confirm'], "kabinet rules: there is no verb 'rnu'; did you mean 'run'?\n"],
        [['run', 'cofirm', 'base', '--example'], "kabinet rules: there is no rule 'cofirm': did you mean 'confirm'?\n"],
        [['run', 'confirm', 'base', '--exmaple'], 'kabinet rules: there is no option --exmaple; did you mean --example?\n'],
        [['check', '--coverage'], 'kabinet rules: there is no option --coverage\n'],
        [['run', 'confirm', 'base'], 'kabinet rules: an input is needed: --input FILE, --example or --decision ID\n'],
        [['run', 'tax', 'base', '--example'],
            "kabinet rules: there is no rule 'tax', there are access, price_plan, exclusivity, supply_plan, confirm\n"],
        [['test', 'base', '--run', '('],
            "kabinet rules: --run: '(' is no regular expression: Unmatched ( or \\(\n"],
        [['run', 'confirm', '--example'], 'error rules_which: whose rules? there are base, novus\n'],
    ];
    for (const [args, stderr] of slips) {
        const got = rules(...args);
        assert.equal(got.stderr, stderr);
        assert.equal(got.status, 2, stderr);
    }
});

test('trace shows the lines that ran, explain only where the verdict was said', () => {
    const trace = JSON.parse(rules('trace', 'confirm', 'base', '--example', '--json').stdout);
    const explain = JSON.parse(rules('explain', 'confirm', 'base', '--example', '--json').stdout);
    assert.ok(trace.steps.length > explain.said.length && explain.said.length === 2);
    assert.deepEqual(explain.reasons, trace.reasons);
    assert.ok(explain.read.some((read) => read.name === 'account.within' && read.value === 'false'));
    assert.deepEqual(explain.said.map((step) => step.line), explain.reasons.map((reason) => reason.line));
});

test('tests are chosen by name, and a name that none has is an error', () => {
    const one = rules('test', 'base', '--run', '^the holder');
    assert.equal(one.status, 0);
    assert.equal(one.stdout, 'ok    base/exclusivity_test.lua: the holder buys\ntests passed: 1, failed: 0\n');
    const none = rules('test', 'base', '--run', 'zzz');
    assert.equal(none.status, 2);
    assert.equal(none.stderr, "error rules_test_none: no test has a name that matches 'zzz'\n");
});

test('a new folder holds, has tests, and its own files', () => {
    const folder = newFolder();
    const made = rules('new', 'acme', 'confirm', 'price_plan', '--rules', folder);
    assert.equal(made.status, 0, made.stderr);
    assert.equal(rules('check', path.join(folder, 'acme')).status, 0);
    assert.match(rules('test', path.join(folder, 'acme')).stdout, /tests passed: 10, failed: 0\n$/);
    assert.match(readFileSync(path.join(folder, 'kabinet.d.lua'), 'utf8'), /---@field missing kabinet.quantity/);
    assert.equal(readFileSync(path.join(folder, '.luacheckrc'), 'utf8'), readFileSync(path.join(ROOT, '.luacheckrc'), 'utf8'));
    JSON.parse(readFileSync(path.join(folder, '.luarc.json'), 'utf8'));
    const again = rules('new', 'acme', '--rules', folder);
    assert.equal(again.status, 2);
    assert.equal(again.stderr, `kabinet rules: ${folder}/acme is there already\n`);
    assert.equal(rules('new', 'Acme', '--rules', folder).status, 2);
});

test('coverage names the lines that no test ran', () => {
    const folder = newFolder();
    rules('new', 'acme', '--rules', folder);
    const file = path.join(folder, 'acme/confirm.lua');
    writeFileSync(file, readFileSync(file, 'utf8').replace('local reasons = {}',
        'local reasons = {}\n        if order.total > money "1000000.00" then\n            return reject("too_large")\n        end'));
    const got = rules('test', path.join(folder, 'acme'), '--coverage');
    assert.equal(got.status, 0);
    assert.match(got.stdout, /^acme\/confirm.lua: 22 lines of 23 ran, never: 25$/m);
    const json = JSON.parse(rules('test', path.join(folder, 'acme'), '--coverage', '--json').stdout);
    assert.deepEqual(json.coverage.map((one) => one.never_run), [[25]]);
});

test('JUnit has a failure with its words', () => {
    const folder = newFolder();
    rules('new', 'acme', '--rules', folder);
    writeFileSync(path.join(folder, 'acme/confirm_test.lua'),
        'return { { name = "a < b", given = {}, expect = { verdict = "confirm" } } }');
    const got = rules('test', path.join(folder, 'acme'), '--format', 'junit');
    assert.equal(got.status, 1);
    assert.match(got.stdout, /<testsuites tests="1" failures="1">/);
    assert.match(got.stdout, /name="a &lt; b"/);
    assert.match(got.stdout, /<failure message="acme\/confirm.lua:27: attempt to index a nil value \(local 'line'\)"\/>/);
});

test('bench tells what a call takes', () => {
    const got = JSON.parse(rules('bench', 'confirm', 'base', '--calls', '50', '--json').stdout);
    assert.equal(got.calls, 50);
    assert.equal(got.limit, 500000);
    assert.ok(got.instructions > 50 && got.instructions < 1000);
    assert.ok(got.fastest_ns > 0 && got.fastest_ns <= got.median_ns && got.median_ns <= got.p99_ns);
});
