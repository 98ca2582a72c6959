// Many at once, and a process that dies: nothing is oversold, nothing that was answered is lost.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';

import { ask, DATE, demo, EXAMPLE, kabinet, key, ROOT, scratch, serve } from '../lib/demo.mjs';

const servers = [];
const started = async (promise) => {
    const server = await promise;
    servers.push(server);
    return server;
};
after(() => Promise.all(servers.map((server) => server.end('SIGKILL'))));

// Before the shipment, so that only the fifty in stock count.
const EARLY = '2026-04-10';

// Sends <count> one-unit orders over <connections> connections of two employees; gives every answer that came.
async function race(server, count, connections, onAnswer = () => {}) {
    const clients = await Promise.all(['employee@demo', 'colleague@demo'].map((login) => server.login(login)));
    const answers = [];
    let sent = 0;
    const lane = async (index) => {
        const client = clients[index % 2].another({ jar: clients[index % 2].jar });
        while (sent < count) {
            sent += 1;
            const headers = { 'Idempotency-Key': key() };
            const body = { date: EARLY, lines: [{ sku: EXAMPLE, qty: '1' }] };
            try {
                const answer = await client.post('/api/v1/orders', body, { headers });
                answers.push(answer);
                onAnswer(answers);
            } catch {
                break; // the server is gone: what this request did is unknown
            }
        }
        client.close();
    };
    await Promise.all(Array.from({ length: connections }, (_, index) => lane(index)));
    return answers;
}

test('two employees race for the last fifty: exactly fifty are confirmed', async () => {
    const server = await started(demo());
    const answers = await race(server, 200, 8);
    assert.equal(answers.length, 200);
    assert.ok(answers.every((answer) => answer.status === 201));
    const statuses = answers.map((answer) => answer.json.status);
    assert.equal(statuses.filter((status) => status === 'confirmed').length, 50);
    assert.equal(statuses.filter((status) => status === 'review').length, 150);
    const pegged = answers.flatMap((answer) => answer.json.lines[0].pegs).reduce((sum, peg) => sum + Number(peg.qty), 0);
    assert.equal(pegged, 50);
    assert.equal(new Set(answers.map((answer) => answer.json.number)).size, 200);

    const employee = await server.login('employee@demo');
    const { json } = await ask(employee, [{ sku: EXAMPLE, qty: '1' }], { date: EARLY });
    assert.equal(json.lines[0].promised, '0.000');
    await server.end();
    const check = kabinet('db', 'check', '--data', server.data);
    assert.equal(check.status, 0, check.stdout + check.stderr);
});

test('an order that was answered survives kill -9, whole', async () => {
    for (const after201 of [3, 17, 60]) {
        const server = await started(demo());
        let killed = false;
        const answers = await race(server, 200, 8, (all) => {
            if (all.length >= after201 && !killed) {
                killed = true;
                server.child.kill('SIGKILL');
            }
        });
        const placed = answers.filter((answer) => answer.status === 201);
        assert.ok(placed.length >= after201);

        const again = await started(serve(server.data));
        const employee = await again.login('employee@demo');
        for (const { json } of placed) {
            const { json: stored } = await employee.get(`/api/v1/orders/${json.id}`);
            assert.equal(stored.status, json.status);
            assert.equal(stored.total, json.total);
            assert.deepEqual(stored.lines.map((line) => [line.qty, line.pegs]), json.lines.map((line) => [line.qty, line.pegs]));
            assert.equal(stored.timeline.length, 2);
        }
        await again.end();
        const check = kabinet('db', 'check', '--data', server.data);
        assert.equal(check.status, 0, check.stdout + check.stderr);
    }
});

test('whoever needs data that a server has is told so, with the exit code of a precondition', async () => {
    const server = await started(demo());
    const { data } = server;
    const verbs = [
        ['serve', '-c', `${data}/kabinet.yaml`, '--today', DATE], ['demo', '--data', data], ['db', 'check', '--data', data],
        ['import', `${data}/packages`, '--data', data],
    ];
    for (const verb of verbs) {
        const second = kabinet(...verb);
        assert.match(second.stderr, /держит другой процесс Kabinet/, verb[0]);
        assert.equal(second.status, 3, verb[0]);
    }
});

test('a check of data that are not there makes none, and does not say that they agree', () => {
    const data = scratch('none');
    assert.match(kabinet('db', 'check', '--data', data).stderr, /нет данных Kabinet: нет файла kabinet\.yaml\n$/);
    assert.equal(kabinet('db', 'check', '--data', data).status, 3);
    mkdirSync(`${data}/distributors`, { recursive: true });
    writeFileSync(`${data}/distributors/novus.yaml`, 'title: Т\nhosts: [localhost]\n');
    writeFileSync(`${data}/kabinet.yaml`, `data: '${data}'\nrules: '${ROOT}/rules'\ndistributors: {novus: distributors/novus.yaml}\n`);
    const { status, stdout, stderr } = kabinet('db', 'check', '--data', data);
    assert.match(stderr, /novus нет базы Kabinet: нет файла kabinet\.db\n$/);
    assert.deepEqual([status, stdout, existsSync(`${data}/novus`)], [3, '', false]);
});
