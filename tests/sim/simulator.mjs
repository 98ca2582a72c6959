// The simulator: dealers, a 1C that reports late and in any order, a storage that dies in the middle of a write, against the
// real code on a clock that stands still. Every run is one seed; a failure names it, and the shortest run that still fails.
//
//   node tests/sim/simulator.mjs --seeds 200 --steps 1000 [--first 1] [--jobs 2] [--whole] [--agent PATH]

import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { Dice, UNIT, World, dayOf, dayText, free } from './world.mjs';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const START = dayOf('2026-04-01');
const DIED = 137;

// Looking at everything is slow; once in so many steps is soon enough to know the place.
const CHECK_EVERY = 25;

export class Violation extends Error {}

export const demand = (holds, what) => {
    if (!holds) throw new Violation(what);
};

// One process a life. A death is told to whoever waits.
export class Agent {
    constructor(program) {
        this.child = spawn(program, [], { stdio: ['pipe', 'pipe', 'pipe'] });
        this.err = '';
        this.waiting = [];
        this.child.stderr.on('data', (piece) => { this.err += piece; });
        this.child.stdin.on('error', () => {});
        createInterface({ input: this.child.stdout }).on('line', (line) => {
            // A last line may be cut off by the death: then it was no answer.
            if (line.endsWith('}')) this.waiting.shift()?.resolve(JSON.parse(line));
        });
        this.ended = new Promise((resolve) => {
            this.child.on('close', (code, signal) => {
                this.code = code;
                const death = Object.assign(new Error(`the agent ended with ${code ?? signal}: ${this.err}`), { code });
                this.waiting.splice(0).forEach(({ reject }) => reject(death));
                resolve();
            });
        });
    }

    // A machine that is busy with other things is asked again: what comes back says only what the code does.
    async ask(op, rest = {}) {
        for (;;) {
            const answer = await new Promise((resolve, reject) => {
                this.waiting.push({ resolve, reject });
                this.child.stdin.write(`${JSON.stringify({ op, ...rest })}\n`);
            });
            if (answer.fault !== 'store_busy') return answer;
        }
    }

    async end() {
        this.child.stdin.end();
        await this.ended;
    }
}

// The folder every seed begins with.
export async function prepare(program) {
    const folder = mkdtempSync(path.join(scratchRoot(), 'kabinet-sim-'));
    const agent = new Agent(program);
    await agent.ask('open', { folder: path.join(folder, 'begin'), root: ROOT, seed: 1, now: nowMs(START, 6 * 3600), make: true });
    await agent.ask('clock', { now: nowMs(START, 6 * 3600) });
    await agent.ask('close');
    await agent.end();
    return folder;
}

// Memory is enough: what is simulated is the end of a process, not of the machine.
const scratchRoot = () => (readdirSync('/dev').includes('shm') ? '/dev/shm' : os.tmpdir());

// Moscow is three hours ahead, and 1C writes its own time.
export const nowMs = (day, second) => (day * 86_400 + second - 3 * 3600) * 1000;

// At least one pack, and whole ones: what an order may ask for.
const packs = (pack, quantity) => String((Math.max(1, Math.round(quantity / pack)) * pack) / UNIT);

// The items that move: what the demo's own files say of some that lie in its first warehouse.
export function items(begin) {
    const offers = readFileSync(path.join(begin, 'packages/offers0_1.xml'), 'utf8');
    const goods = readFileSync(path.join(begin, 'packages/import0_1.xml'), 'utf8');
    const found = [];
    for (const sku of ['NV-6060-01', 'CV-6060-01', 'BS-2012-01']) {
        const at = offers.indexOf(`<Артикул>${sku}</Артикул>`);
        const id = [...offers.slice(0, at).matchAll(/<Ид>([^<]+)<\/Ид>/g)].at(-1)[1];
        const [warehouse, other] = [...offers.slice(at).matchAll(/ИдСклада="([^"]+)"/g)].map((match) => match[1]);
        const [own] = new RegExp(`<Товар>\\s*<Ид>${id}</Ид>[\\s\\S]*?</Товар>`).exec(goods); // others name it as an analogue
        const pack = Number(/Кратность<\/Наименование>\s*<Значение>([^<]+)/.exec(own)[1]) * UNIT;
        found.push({ sku, id, warehouse, other, pack });
    }
    return found;
}

class Run {
    constructor({ program, base, seed, steps, skip = new Set(), tally = new Map() }) {
        Object.assign(this, { program, base, seed, steps, skip, tally });
        this.dice = new Dice(seed);
        this.folder = path.join(base, `seed-${seed}-${Math.random().toString(36).slice(2)}`);
        this.orders = new Map(); // uuid -> {who, key, body, lines, order as last answered}
        this.holds = new Map(); // uuid -> {who, state, until, lines, calm: nothing was told that could take it away}
        this.history = [];
        this.files = []; // formed and not delivered
        this.sessions = 0;
        this.keys = 0;
        this.lives = 0; // each has other dice: ids are drawn once
    }

    async open() {
        this.agent = new Agent(this.program);
        await this.agent.ask('open', { folder: this.folder, root: ROOT, seed: this.seed * 1000 + (this.lives += 1), now: this.nowMs() });
        await this.agent.ask('clock', { now: this.nowMs() });
    }

    count(what) {
        this.tally.set(what, (this.tally.get(what) ?? 0) + 1);
    }

    nowMs() {
        return nowMs(this.world.today, this.world.second);
    }

    // Asks, and asks again after a death: what a client does who got no answer.
    async ask(op, rest) {
        try {
            return await this.agent.ask(op, rest);
        } catch (death) {
            if (this.agent.code !== DIED && death.code !== DIED) throw new Violation(death.message);
            this.history.push('the process dies and begins again');
            this.count('died');
            await this.agent.ended;
            await this.open();
            await this.remembered();
            return this.agent.ask(op, rest);
        }
    }

    // Everything that was answered is still there as it was answered.
    async remembered() {
        for (const [id, entry] of this.orders) {
            const { order } = await this.agent.ask('order', { who: entry.who, id });
            demand(order, `order ${entry.order.number} is lost`);
            demand(order.total === entry.order.total || entry.unsure, `order ${order.number} has another total`);
            entry.order = order;
        }
        for (const [id, entry] of this.holds) {
            const held = await this.agent.ask('held', { who: entry.who, id });
            demand(held.id, `the hold ${id} is lost`);
            demand(entry.unsure || held.state === this.stateOf(entry), `the hold ${id} was ${this.stateOf(entry)} and is ${held.state}`);
        }
    }

    // A hold whose time is over has expired, whoever looks.
    stateOf(entry) {
        return entry.state === 'held' && entry.until <= this.nowMs() ? 'expired' : entry.state;
    }

    async begin() {
        cpSync(path.join(this.base, 'begin'), this.folder, { recursive: true, filter: (source) => !source.endsWith('packages') });
        this.world = new World(items(path.join(this.base, 'begin')).map((item) => ({
            ...item, stock: this.dice.between(0, 60),
            receipts: Array.from({ length: this.dice.below(3) }, (_, index) => ({ id: `first-${item.sku}-${index}`, day: START + this.dice.between(2, 12), quantity: this.dice.between(5, 70) })),
        })), START);
        await this.open();
        await this.deliver(this.world.rests());
        await this.deliver(this.world.supply());
    }

    // --- what may happen in a step ---

    async place() {
        const { dice, world } = this;
        const who = dice.pick(['employee@demo', 'rival@demo']);
        const count = dice.chance(70) ? 1 : dice.between(2, 4);
        const date = dayText(world.today + dice.between(1, 18));
        const lines = Array.from({ length: count }, () => {
            const { sku, pack } = dice.pick(world.items);
            return { sku, qty: packs(pack, dice.between(1, dice.pick([4, 12, 45])) * UNIT) };
        });
        this.keys += 1;
        const request = { who, key: `key-${this.keys}`, date, lines, body: JSON.stringify({ date, lines }) };
        const expected = count === 1 ? await this.expect(lines[0].sku, date) : undefined;
        const answer = await this.ask('place', request);
        demand(!answer.fault, `an order is refused: ${JSON.stringify(answer)}`);
        this.placed(request, answer);
        lines.forEach((entry) => this.count(`${entry.sku} ${answer.order.status}`));
        const [line] = answer.order.lines;
        if (expected !== undefined && answer.order.status === 'confirmed') demand(line.quantity <= expected(line.ready), `more was confirmed than is free: ${line.quantity} of ${expected(line.ready)}`);
        if (expected !== undefined && answer.order.status === 'review') demand(line.quantity > expected(line.ready), `${line.quantity} of ${line.sku} are free and not confirmed`);
        if (dice.chance(15)) await this.again(request, answer);
        return `${who} orders ${lines.map((entry) => `${entry.qty} of ${entry.sku}`).join(', ')} by ${date}: ${answer.order.status}`;
    }

    // How much is free for a ready day, by the definition and the portal's own view of its pools just before.
    async expect(sku) {
        const { pools } = await this.ask('pools', { sku });
        const { today } = this.world;
        return (ready) => Math.max(0, ...pools.map((pool) => free(pool, ready, today)));
    }

    placed(request, { order }) {
        const before = this.orders.get(order.id);
        demand(!before || before.key === request.key, `order ${order.number} was answered to two requests`);
        this.orders.set(order.id, { ...request, order });
        for (const line of order.lines) {
            if (order.status === 'confirmed') demand(line.promised === line.quantity, `${order.number} is confirmed with a short line`);
            this.pegsHold(order, line);
        }
    }

    pegsHold(order, line) {
        for (const peg of line.pegs) demand(!peg.receipt || peg.day <= line.ready, `${order.number}: what arrives on ${dayText(peg.day)} was to be ready on ${dayText(line.ready)}`);
    }

    async again(request, first) {
        const second = await this.ask('place', request);
        demand(JSON.stringify(second) === JSON.stringify(first), 'the same request got another answer');
        const other = await this.ask('place', { ...request, body: `${request.body} ` });
        demand(other.fault === 'idempotency_key_reused', 'another body under the same key was taken');
    }

    pack(sku) {
        return this.world.items.find((item) => item.sku === sku).pack;
    }

    holding() {
        return [...this.orders.values()].filter(({ order }) => order.status === 'confirmed' || order.keeps);
    }

    // A dealer asks for more than there is, and holds one of the ways out.
    async hold() {
        const { dice, world } = this;
        const who = dice.pick(['employee@demo', 'rival@demo']);
        const { sku, pack } = dice.pick(world.items);
        const date = dayText(world.today + dice.between(1, 18));
        const qty = packs(pack, dice.between(20, 90) * UNIT);
        const expected = await this.expect(sku, date);
        const { offers, fault } = await this.ask('offers', { who, date, lines: [{ sku, qty }] });
        demand(!fault, `asking for ${qty} of ${sku} is refused: ${fault}`);
        for (const { kind, lines } of offers) {
            if (kind === 'substitute') continue;
            const whole = lines.reduce((sum, line) => sum + line.quantity, 0);
            demand(kind === 'less' ? whole < Number(qty) * UNIT : whole === Math.round(Number(qty) * UNIT), `${kind}: ${whole} offered for ${qty}`);
            const [last] = lines.slice(-1);
            demand(whole <= expected(last.ready), `${kind}: ${whole} of ${sku} are offered by ${dayText(last.day)}, ${expected(last.ready)} are free`);
        }
        const offer = dice.pick(offers);
        if (!offer) return `${who} is offered nothing for ${qty} of ${sku} by ${date}`;
        const held = await this.ask('hold', { who, offer: offer.id });
        demand(!held.fault || ['holds_share', 'holds_too_many'].includes(held.fault), `${offer.kind} was offered and is ${held.fault}`);
        if (held.fault) return `${who} may not hold: ${held.fault}`;
        demand(held.state === 'held' && held.until > this.nowMs(), `a new hold is ${held.state}`);
        this.count('held');
        this.holds.set(held.id, { who, state: 'held', until: held.until, lines: held.lines, calm: true });
        return `${who} holds ${offer.kind} for ${qty} of ${sku} by ${date}`;
    }

    // One that is ended already is picked too: it must stay as it ended.
    async claim() {
        const { dice } = this;
        const [id, entry] = dice.pick([...this.holds].slice(-4)) ?? [];
        if (!id) return 'nothing held';
        const before = this.stateOf(entry);
        const lines = entry.lines.map((line) => ({ item: line.item, qty: String(line.quantity / UNIT), date: dayText(line.day), hold: id }));
        const part = lines.length > 1 && dice.chance(30) ? lines.slice(1) : lines;
        const { date } = part[0];
        this.keys += 1;
        const request = { who: entry.who, key: `key-${this.keys}`, date, lines: part, body: JSON.stringify({ date, part }) };
        entry.unsure = true;
        const answer = await this.ask('place', request);
        entry.unsure = false;
        if (answer.fault === 'day_past') return 'it was held for a day that is past';
        if (before !== 'held') {
            demand(answer.fault === 'hold_ended', `a hold that is ${before} was ordered: ${JSON.stringify(answer)}`);
            return `a hold that is ${before} is not ordered`;
        }
        demand(answer.order, `a hold was refused: ${JSON.stringify(answer)}`);
        this.placed(request, answer);
        this.count('held and ordered');
        const { order } = answer;
        const amount = entry.lines.slice(-part.length).reduce((sum, line) => sum + line.amount, 0);
        demand(order.total === amount, `held for ${amount}, ordered for ${order.total}`);
        demand(!entry.calm || order.status === 'confirmed', `${order.number}: what was held is ${order.status}`);
        const keeps = order.status === 'confirmed' || order.keeps;
        entry.state = keeps ? 'confirmed' : 'held';
        return `${entry.who} orders what he held: ${order.status}`;
    }

    async release() {
        const [id, entry] = this.dice.pick([...this.holds].slice(-4)) ?? [];
        if (!id) return 'nothing held';
        const before = this.stateOf(entry);
        entry.unsure = true;
        const { state } = await this.ask('release', { who: entry.who, id });
        entry.unsure = false;
        demand(state === (before === 'held' ? 'released' : before), `a hold that was ${before} is released and ${state}`);
        entry.state = state;
        return `a hold is ${state}`;
    }

    async cancel() {
        const entry = this.dice.pick(this.holding());
        if (!entry) return 'nothing to cancel';
        const answer = await this.ask('cancel', { who: entry.who, id: entry.order.id });
        if (answer.fault) {
            // A death may have hidden that it was done already.
            demand(['order_requested', 'order_status'].includes(answer.fault), `cancelling ${entry.order.number}: ${answer.fault}`);
        } else {
            demand(answer.status === (entry.order.erp === 'taken' ? 202 : 200), `cancelling ${entry.order.number}: ${answer.status}`);
        }
        await this.reread(entry);
        return `${entry.order.number} is cancelled: ${entry.order.status}`;
    }

    async edit() {
        // What stands in for something is none of the items that move.
        const known = new Set(this.world.items.map(({ sku }) => sku));
        const entry = this.dice.pick(this.holding().filter(({ order }) => order.lines.every(({ sku }) => known.has(sku))));
        if (!entry) return 'nothing to change';
        await this.reread(entry);
        const lines = entry.order.lines.map((line) => ({
            sku: line.sku, qty: packs(this.pack(line.sku), line.quantity + this.dice.between(-9, 6) * UNIT),
            date: dayText(Math.max(this.world.today + 1, line.day + this.dice.pick([0, 0, 1, 3, -2]))),
        }));
        entry.unsure = true;
        const answer = await this.ask('edit', { who: entry.who, id: entry.order.id, lines });
        // What 1C took meanwhile, what is not there and what was for a day that is past: nothing else is a reason.
        demand([undefined, 'order_edit_short', 'order_taken', 'day_past'].includes(answer.fault) || entry.order.erp === 'taken', `${entry.order.number} cannot be edited: ${JSON.stringify(answer)}`);
        this.count(answer.fault ?? 'edited');
        const smaller = lines.every((line, index) => Number(line.qty) * UNIT <= entry.order.lines[index].quantity && dayOf(line.date) >= entry.order.lines[index].day);
        const short = entry.order.erp === 'taken' || entry.order.lines.some((line) => line.promised < line.quantity);
        demand(!(smaller && !short && answer.fault === 'order_edit_short'), `${entry.order.number} could not be made smaller or later: ${answer.text} ${JSON.stringify([entry.order.lines, lines])}`);
        await this.reread(entry);
        entry.unsure = false;
        return `${entry.order.number} is changed: ${answer.fault ?? 'done'}`;
    }

    async reread(entry) {
        const { order } = await this.ask('order', { who: entry.who, id: entry.order.id });
        demand(order, `order ${entry.order.number} is gone`);
        entry.order = order;
    }

    async happen() {
        const { dice, world } = this;
        const item = dice.pick(world.items);
        const what = dice.pick(['arrive', 'arrive', 'slip', 'shrink', 'damage', 'find', 'order', 'order']);
        return world[what](dice, item);
    }

    // 1C forms a file; somebody delivers it at once, later, or after a newer one.
    async report() {
        const file = this.dice.pick([() => this.world.rests(), () => this.world.supply()])();
        if (this.dice.chance(60)) return this.deliver(file);
        this.files.push(file);
        return `1C forms ${file.kind}`;
    }

    async late() {
        const index = this.dice.below(this.files.length || 1);
        const [file] = this.files.splice(index, 1);
        return file ? this.deliver(file) : 'nothing to deliver';
    }

    async deliver(file) {
        for (const entry of this.holds.values()) entry.calm = false;
        const place = path.join(this.folder, `${file.kind}.xml`);
        writeFileSync(place, file.xml);
        const answer = await this.ask('import', { path: place });
        demand(answer.rejected === 0, `1C's ${file.kind} was not taken: ${JSON.stringify(answer)}`);
        this.world.delivered(file);
        if (this.dice.chance(20)) {
            const again = await this.ask('import', { path: place });
            demand(again.created + again.changed === 0, `the same ${file.kind} again changed something: ${JSON.stringify([answer, again])}`);
        }
        return `1C's ${file.kind} comes`;
    }

    async pass() {
        const before = this.world.today;
        this.world.pass(this.dice.pick([60, 600, 3600, 6 * 3600, 24 * 3600, 30 * 3600]));
        if (this.world.today !== before) for (const entry of this.holds.values()) entry.calm = false;
        const { fault } = await this.ask('clock', { now: this.nowMs() });
        demand(!fault, `time cannot pass: ${fault}`);
        return `it is ${dayText(this.world.today)}`;
    }

    // 1C fetches orders; it may go away before it says that it has them.
    async fetch() {
        this.sessions += 1;
        const session = this.sessions;
        const { xml } = await this.ask('query', { session });
        const numbers = [...xml.matchAll(/<Номер>([^<]+)<\/Номер>/g)].map((match) => match[1]);
        demand(new Set(numbers).size === numbers.length, 'an order was offered twice at once');
        if (this.dice.chance(30)) return `1C looks at ${numbers.length} orders`;
        const { fault } = await this.ask('success', { session });
        demand(!fault, `1C's success is refused: ${fault}`);
        this.count('taken by 1C');
        for (const entry of this.orders.values()) if (numbers.some((number) => number.startsWith(entry.order.number))) await this.reread(entry);
        const after = await this.ask('query', { session: this.sessions += 1 });
        for (const number of numbers) demand(!after.xml.includes(`<Номер>${number}</Номер>`), `${number} is offered again though 1C has it`);
        return `1C takes ${numbers.length} orders`;
    }

    async die() {
        await this.ask('die', { writes: this.dice.between(1, 60) });
        return 'the storage will die';
    }

    // --- what must hold ---

    // Whatever is promised is there, or on the road, once 1C has said so. While there is doubt about a receipt, what was
    // promised before stays, but nothing comes on top of what exists.
    async nothingOversold() {
        for (const item of this.world.items) {
            const { pools } = await this.ask('pools', { sku: item.sku });
            const promised = pools.flatMap((pool) => [...pool.lines, ...pool.firms]).reduce((sum, line) => sum + line.quantity, 0);
            const there = this.world.total(item) * UNIT;
            const doubt = pools.some((pool) => pool.supplies.some((supply) => supply.doubtful));
            const most = doubt ? Math.max(there, item.promised ?? 0) : there;
            item.promised = promised;
            if (this.world.told(item)) demand(promised <= most, `${item.sku}: ${promised / UNIT} are promised, ${there / UNIT} exist`);
        }
    }

    async everythingAgrees() {
        const { wrong } = await this.ask('check');
        demand(wrong.length === 0, wrong.join('; '));
    }

    async step(index) {
        const acts = [['place', 24], ['hold', 8], ['claim', 5], ['release', 2], ['cancel', 9], ['edit', 8], ['happen', 16], ['report', 13],
            ['late', 4], ['pass', 6], ['fetch', 3], ['die', 2]];
        let at = this.dice.below(100);
        const [act] = acts.find(([, share]) => (at -= share) < 0);
        this.dice = new Dice(this.seed * 1_000_003 + index); // so that a step left out changes no other
        if (this.skip.has(index)) return;
        this.history.push(`${index} ${act}: ${await this[act]()}`);
        await this.nothingOversold();
        if (index % CHECK_EVERY === 0) await this.everythingAgrees();
    }

    async run() {
        try {
            await this.begin();
            for (let index = 1; index <= this.steps; index += 1) await this.step(index);
            await this.ask('die', { writes: 0 });
            await this.remembered();
            await this.everythingAgrees();
            await this.agent.end();
        } finally {
            this.agent?.child.kill('SIGKILL');
            await this.agent?.ended;
            rmSync(this.folder, { recursive: true, force: true });
        }
    }
}

// Runs one seed; what it violates, or nothing.
export async function simulate(options) {
    const run = new Run(options);
    try {
        await run.run();
        return undefined;
    } catch (error) {
        if (!(error instanceof Violation)) throw error;
        return { seed: options.seed, what: error.message, steps: run.history.length, history: run.history };
    }
}

// Leaves out ever smaller runs of steps as long as the failure stays.
export async function shrink(options, failure) {
    let steps = Number(/^\d+/.exec([...failure.history].reverse().find((line) => /^\d+/.test(line)) ?? '0')[0]) + 1;
    const skip = new Set();
    let last = failure;
    for (let size = Math.ceil(steps / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
        for (let from = 1; from <= steps; from += size) {
            const tried = new Set(skip);
            for (let index = from; index < from + size && index <= steps; index += 1) tried.add(index);
            if (tried.size === skip.size) continue;
            const again = await simulate({ ...options, steps, skip: tried });
            if (again?.what !== failure.what) continue;
            tried.forEach((index) => skip.add(index));
            last = again;
        }
    }
    steps -= skip.size;
    return last;
}

// <tally> counts what happened: a run in which something never did says nothing of it.
export async function simulateAll({ program, first = 1, seeds, steps, jobs = 2, shorten = true, tally = new Map() }) {
    const base = await prepare(program);
    const failures = [];
    let next = first;
    const lane = async () => {
        while (next < first + seeds && failures.length === 0) {
            const seed = next++;
            const failure = await simulate({ program, base, seed, steps, tally });
            if (failure) failures.push(shorten ? await shrink({ program, base, seed, steps }, failure) : failure);
        }
    };
    try {
        await Promise.all(Array.from({ length: jobs }, lane));
    } finally {
        rmSync(base, { recursive: true, force: true });
    }
    return failures[0];
}

async function main() {
    const args = process.argv.slice(2);
    const value = (name, otherwise) => (args.includes(name) ? args[args.indexOf(name) + 1] : otherwise);
    const options = {
        program: path.resolve(value('--agent', path.join(ROOT, 'build/obj/release/sim/agent'))),
        first: Number(value('--first', 1)), seeds: Number(value('--seeds', 20)), steps: Number(value('--steps', 300)),
        jobs: Number(value('--jobs', os.cpus().length)), shorten: !args.includes('--whole'),
    };
    const failure = await simulateAll(options);
    if (!failure) {
        console.log(`${options.seeds} seeds of ${options.steps} steps hold`);
        return;
    }
    console.log(`seed ${failure.seed} fails: ${failure.what}`);
    failure.history.forEach((line) => console.log(`  ${line}`));
    process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
