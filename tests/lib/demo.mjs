// Starts the real program on demo data, for tests over HTTP and in the browser. Every test file has a server and a folder
// of its own, so that files may run side by side.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { Client } from '../http/client.mjs';
import { Contract } from './contract.mjs';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const PROGRAM = process.env.KABINET ?? path.join(ROOT, 'build/kabinet');
export const PASSWORD = 'demo-demo-demo';

// The demo's desired date and the day on which it begins.
export const TODAY = '2026-04-01';
export const DATE = '2026-04-17';
export const EXAMPLE = 'NV-6060-01';
export const SENTENCE = '100 м² к 17.04: 70 — поставка 15.04, 30 — склад. На складе останется 20 свободных.';

// A start that takes longer has failed; a loaded machine needs some seconds.
const PATIENCE_MS = 60_000;

let made = 0;

export function scratch(name) {
    const folder = path.join(ROOT, 'build/test', `${name}-${process.pid}-${++made}`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(path.dirname(folder), { recursive: true });
    return folder;
}

// Runs the program to its end.
export function kabinet(...args) {
    const result = spawnSync(PROGRAM, args, { encoding: 'utf8', timeout: PATIENCE_MS, env: { ...process.env, LANG: 'C.UTF-8' } });
    return { status: result.status, stdout: result.stdout, stderr: result.stderr };
}

class Server {
    constructor(child, port) {
        this.child = child;
        this.port = port;
    }

    // From here on every answer that a test gets is held against the contract.
    async contractRead() {
        const { json } = await this.client().get('/api/v1/openapi.json');
        this.contract = new Contract(json);
        return this;
    }

    // A user agent that is nobody yet.
    client(options = {}) {
        const check = (...answer) => this.contract?.check(...answer);
        return new Client({ port: this.port, host: 'localhost', check, ...options });
    }

    // A user agent that has logged in.
    async login(login, options) {
        const client = this.client(options);
        const answer = await client.post('/api/v1/session', { login, password: PASSWORD });
        if (answer.status !== 200) throw new Error(`${login} cannot log in: ${answer.status} ${answer.text}`);
        return client;
    }

    async end(signal = 'SIGTERM') {
        if (this.child.exitCode !== null || this.child.signalCode !== null) return;
        const ended = once(this.child, 'exit');
        this.child.kill(signal);
        await ended;
    }
}

function patiently(child, promise, what) {
    let timer;
    const late = new Promise((_, reject) => {
        timer = setTimeout(() => {
            child.kill('SIGKILL');
            reject(new Error(`${what} takes too long`));
        }, PATIENCE_MS);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// The first line the program writes to its output, or what it wrote to stderr where it ends before.
function firstLine(child, what) {
    let out = '';
    let err = '';
    return patiently(child, new Promise((resolve, reject) => {
        child.stderr.on('data', (piece) => { err += piece; });
        child.stdout.on('data', (piece) => {
            out += piece;
            if (out.includes('\n')) resolve(out.slice(0, out.indexOf('\n')));
        });
        child.on('exit', (code) => reject(new Error(`${what} ended with ${code}: ${err}`)));
    }), what);
}

// Starts the demo on a free port.
export async function demo({ data = scratch('demo'), today = TODAY } = {}) {
    const args = ['demo', '--json', '--listen', '127.0.0.1:0', '--data', data, '--today', today];
    const child = spawn(PROGRAM, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const facts = JSON.parse(await firstLine(child, 'demo'));
    const server = new Server(child, Number(new URL(facts.url).port));
    return Object.assign(await server.contractRead(), { data, facts });
}

// Serves a demo's data again, as it was left.
export async function serve(data, { today = TODAY } = {}) {
    const child = spawn(PROGRAM, ['serve', '-c', path.join(data, 'kabinet.yaml'), '--today', today], {
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    const port = await patiently(child, new Promise((resolve, reject) => {
        child.stderr.on('data', (piece) => {
            log += piece;
            const line = log.split('\n').find((text) => text.includes('"msg":"serving"'));
            if (line) resolve(JSON.parse(line).port);
        });
        child.on('exit', (code) => reject(new Error(`serve ended with ${code}: ${log}`)));
    }), 'serve');
    return Object.assign(await new Server(child, port).contractRead(), { data });
}

// Rewrites a file. A change that finds nothing to change would leave its test without meaning.
export function rewrite(file, change) {
    const before = readFileSync(file, 'utf8');
    const after = change(before);
    assert.notEqual(after, before, `nothing was changed in ${file}`);
    writeFileSync(file, after);
}

// Ends a server and serves its data again: on another day, with the distributor's settings changed (text to text), or his
// rules (name in rules/base: text to text).
export async function reconfigured(server, { today = TODAY, settings, rules } = {}) {
    await server.end();
    const { data } = server;
    if (settings) rewrite(path.join(data, 'distributors/novus.yaml'), settings);
    if (rules) {
        const folder = path.join(data, 'rules');
        cpSync(path.join(ROOT, 'rules'), folder, { recursive: true });
        for (const [name, change] of Object.entries(rules)) rewrite(path.join(folder, 'base', name), change);
        rewrite(path.join(data, 'kabinet.yaml'), (text) => text.replace(/^rules: .*$/m, `rules: '${folder}'`));
    }
    return serve(data, { today });
}

// Settings of the section promise, in place of those it has.
export const promiseOf = (keys) => (text) => text.replace(/^promise:.*\n( .*\n)*/m, `promise: {${keys}}\n`);

let keys = 0;

// A key that no other request of this run has.
export const key = () => `test-${process.pid}-${++keys}`;

export const order = (client, body, headers = {}) =>
    client.post('/api/v1/orders', { date: DATE, ...body }, { headers: { 'Idempotency-Key': key(), ...headers } });

export const ask = (client, lines, rest = {}) => client.post('/api/v1/promise', { date: DATE, ...rest, lines });
