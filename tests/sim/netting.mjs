// Nothing is counted twice or forgotten, whatever the order of files: the portal beside three models of 1C, which reserves
// for an order of ours on loading, on approval or never, with figures that are physical or free. What happens and which
// file comes when is drawn; a failure names its seed.
//
//   node tests/sim/netting.mjs --seeds 200 [--first 1] [--steps 40] [--only N] [--agent PATH]

import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { Erp } from './erp.mjs';
import { Agent, ROOT, START, Violation, demand, items, nowMs, prepare } from './simulator.mjs';
import { Dice, UNIT, dayText, free } from './world.mjs';

const KINDS = ['rests', 'supply', 'reserves', 'documents'];
const HORIZON = 40;

// Each seed is one of these, in turn.
const VARIANTS = ['physical', 'free'].flatMap((figures) => ['loading', 'approval', 'never'].flatMap((model) => (model === 'never' ? ['list'] : ['list', 'documents', 'both'])
    .map((tells) => ({ figures, model, tells })))).concat({ figures: 'free', model: 'loading', tells: 'nothing' });

class Run {
    constructor({ program, base, seed, steps }) {
        Object.assign(this, { program, base, seed, steps });
        this.dice = new Dice(seed);
        this.variant = VARIANTS[seed % VARIANTS.length];
        this.folder = path.join(base, `netting-${seed}-${Math.random().toString(36).slice(2)}`);
        this.history = [JSON.stringify(this.variant)];
        this.files = [];
        this.sessions = 0;
        this.keys = 0;
    }

    nowMs() {
        return nowMs(this.erp.today, this.erp.second);
    }

    async ask(op, rest = {}) {
        await this.agent.ask('clock', { now: this.nowMs() });
        return this.agent.ask(op, rest);
    }

    async begin() {
        const { dice } = this;
        cpSync(path.join(this.base, 'begin'), this.folder, { recursive: true, filter: (source) => !source.endsWith('packages') });
        const config = path.join(this.folder, 'config/distributors/novus.yaml');
        cpSync(path.join(ROOT, 'config'), path.join(this.folder, 'config'), { recursive: true });
        writeFileSync(config, readFileSync(config, 'utf8').replace(/^stock: .*$/m, `stock: ${this.variant.figures}${this.variant.tells === 'nothing' ? '\nnetted_by: taken' : ''}`));
        const [item] = items(path.join(this.base, 'begin'));
        this.erp = new Erp({
            item, today: START, ...this.variant, stock: dice.between(0, 60),
            receipts: Array.from({ length: dice.below(3) }, (_, index) => ({ order: `po-${index}`, day: START + dice.between(2, 9), quantity: dice.between(10, 70) })),
        });
        this.agent = new Agent(this.program);
        await this.agent.ask('open', { folder: this.folder, root: ROOT, config, seed: this.seed, now: this.nowMs() });
        for (const kind of KINDS.slice(0, 3)) await this.deliver(this.erp.file(kind));
    }

    async deliver(file) {
        const place = path.join(this.folder, `${file.kind}.xml`);
        writeFileSync(place, file.xml);
        const answer = await this.ask('import', { path: place });
        demand(answer.rejected === 0 || answer.fault === 'commerceml_empty', `1C's ${file.kind} was not taken: ${JSON.stringify(answer)}`);
        this.erp.delivered(file);
        if (this.dice.chance(15)) {
            const again = await this.ask('import', { path: place });
            demand(answer.fault || again.created + again.changed === 0, `the same ${file.kind} again changed something: ${JSON.stringify([answer, again])}`);
        }
        return `1C's ${file.kind} of ${file.stamp} comes`;
    }

    async pool() {
        const { pools } = await this.ask('pools', { sku: this.erp.item.sku });
        return pools.find((pool) => pool.supplies.length > 0) ?? { supplies: [], lines: [], firms: [] };
    }

    // --- steps ---

    async place() {
        const { dice, erp } = this;
        const qty = dice.between(1, 30);
        const date = dayText(erp.today + dice.between(1, 14));
        this.keys += 1;
        const lines = [{ sku: erp.item.sku, qty: String(qty) }];
        const who = dice.pick(['employee@demo', 'rival@demo']);
        const { order, fault } = await this.ask('place', { who, key: `key-${this.keys}`, date, lines, body: `${this.keys}` });
        // What would wait for a manager and keep what it got is not what this is about.
        if (order?.keeps && order.status === 'review') await this.ask('cancel', { who, id: order.id });
        if (fault || order.status !== 'confirmed') return `${qty} by ${date}: ${fault ?? order.status}`;
        erp.promised(order.number, qty, order.lines[0].ready);
        return `${order.number}: ${qty} by ${date}`;
    }

    async fetch() {
        this.sessions += 1;
        const session = this.sessions;
        const { xml } = await this.ask('query', { session });
        const numbers = [...xml.matchAll(/<Номер>([^<]+)<\/Номер>/g)].map((match) => match[1]);
        if (this.dice.chance(20)) return `1C looks at ${numbers.join(', ')}`;
        const { fault } = await this.ask('success', { session });
        demand(!fault, `1C's success is refused: ${fault}`);
        for (const number of numbers) this.erp.taken(number);
        return `1C takes ${numbers.join(', ')}`;
    }

    pick(which) {
        return this.dice.pick([...this.erp.orders.values()].filter(which));
    }

    approve() {
        if (this.erp.model !== 'approval') return 'nothing is approved here';
        const order = this.pick((entry) => entry.own && entry.taken && this.erp.open(entry) > this.erp.reserved(entry));
        if (!order) return 'nothing to approve';
        this.erp.reserve(order);
        return `1C reserves ${JSON.stringify(this.erp.sources(order))} for ${order.number}`;
    }

    phone() {
        const order = this.erp.phone(this.dice.between(1, 20), this.erp.today + this.dice.between(0, 8));
        return order ? `${order.number} by phone: ${JSON.stringify(this.erp.sources(order))}` : 'nothing for the phone';
    }

    arrive() {
        const receipt = this.dice.pick(this.erp.receipts);
        if (!receipt) return 'nothing arrives';
        const quantity = this.dice.chance(70) ? receipt.quantity : this.dice.between(1, receipt.quantity);
        this.erp.arrive(receipt, quantity);
        return `${quantity} of ${receipt.order} arrive`;
    }

    ship() {
        const order = this.pick((entry) => entry.taken && this.erp.open(entry) > 0);
        if (!order) return 'nothing to ship';
        const quantity = this.erp.ship(order, this.dice.chance(50) ? this.erp.open(order) : this.dice.between(1, this.erp.open(order)));
        return `${quantity} of ${order.number} are shipped`;
    }

    cancel() {
        const order = this.pick((entry) => entry.taken && this.erp.open(entry) > 0);
        if (!order) return 'nothing to cancel';
        this.erp.cancel(order);
        return `1C cancels ${order.number}`;
    }

    buy() {
        if (this.erp.receipts.length > 3) return 'enough is to come';
        this.buys = (this.buys ?? 0) + 1;
        this.erp.receipts.push({ order: `po-new-${this.buys}`, day: this.erp.today + this.dice.between(2, 12), quantity: this.dice.between(5, 40) });
        return `po-new-${this.buys} is ordered`;
    }

    async report() {
        const file = this.erp.file(this.dice.pick(KINDS));
        if (this.dice.chance(55)) return this.deliver(file);
        this.files.push(file);
        return `1C forms ${file.kind} of ${file.stamp}`;
    }

    async late() {
        const [file] = this.files.splice(this.dice.below(this.files.length || 1), 1);
        return file ? this.deliver(file) : 'nothing to deliver';
    }

    pass() {
        this.erp.pass(this.dice.pick([60, 3600, 6 * 3600]));
        if (this.dice.chance(30)) this.erp.pass(20 * 3600);
        this.erp.punctual();
        return `it is ${dayText(this.erp.today)}`;
    }

    // --- what must hold ---

    view(pool) {
        return (day) => free(pool, day, this.erp.today) / UNIT;
    }

    // No more can be ordered than is nobody's; what 1C took away itself and has not told of yet is its own doing.
    async nothingOversold() {
        if (!this.erp.told()) return;
        const pool = await this.pool();
        const most = this.erp.free(this.erp.today + HORIZON);
        const shown = this.view(pool)(this.erp.today + HORIZON);
        demand(shown <= most, `${shown} are free for the portal, ${most} in truth: ${JSON.stringify(pool)}`);
    }

    // When all is told, what is free is the truth: nothing is counted twice or forgotten.
    async nothingForgotten() {
        this.erp.punctual();
        this.erp.pass(15 * 60); // more than the clocks may differ
        for (const kind of ['documents', 'reserves', 'rests', 'supply']) await this.deliver(this.erp.file(kind));
        const pool = await this.pool();
        // Where 1C reserves what is not there yet, and does not say for whom, only the sum is sure.
        const first = this.variant.tells === 'nothing' ? HORIZON - 1 : 0;
        for (let day = this.erp.today + first; day < this.erp.today + HORIZON; day += 1) {
            const shown = this.view(pool)(day), most = this.erp.free(day);
            demand(shown === most, `all is told: ${shown} are free for ${dayText(day)}, ${most} in truth: ${JSON.stringify(pool)}`);
        }
        const { wrong } = await this.ask('check');
        demand(wrong.length === 0, wrong.join('; '));
    }

    async step() {
        const acts = [['place', 18], ['fetch', 12], ['approve', 10], ['phone', 8], ['arrive', 6], ['ship', 9], ['cancel', 3], ['buy', 4], ['report', 20], ['late', 6], ['pass', 4]];
        let at = this.dice.below(100);
        const [act] = acts.find(([, share]) => (at -= share) < 0);
        this.history.push(`${act}: ${await this[act]()}`);
        await this.nothingOversold();
        if (this.dice.chance(4)) {
            this.history.push('all is told');
            await this.nothingForgotten();
        }
    }

    async run() {
        try {
            await this.begin();
            for (let index = 1; index <= this.steps; index += 1) await this.step();
            this.history.push('the end');
            while (this.files.length > 0) await this.late();
            await this.nothingForgotten();
            await this.agent.end();
        } finally {
            this.agent?.child.kill('SIGKILL');
            await this.agent?.ended;
            if (!process.env.KEEP) rmSync(this.folder, { recursive: true, force: true });
        }
    }
}

export async function net(options) {
    const run = new Run(options);
    try {
        await run.run();
        return undefined;
    } catch (error) {
        return { seed: options.seed, what: error instanceof Violation ? error.message : `${error.stack}`, steps: run.history.length, history: run.history };
    }
}

export async function netAll({ program, first = 1, seeds, steps, jobs = 2 }) {
    const base = await prepare(program);
    let next = first, failure;
    const lane = async () => {
        while (next < first + seeds && !failure) {
            const found = await net({ program, base, seed: next++, steps });
            failure = failure ?? found;
        }
    };
    try {
        await Promise.all(Array.from({ length: jobs }, lane));
    } finally {
        rmSync(base, { recursive: true, force: true });
    }
    return failure;
}

async function main() {
    const args = process.argv.slice(2);
    const value = (name, otherwise) => (args.includes(name) ? args[args.indexOf(name) + 1] : otherwise);
    const failure = await netAll({
        program: path.resolve(value('--agent', path.join(ROOT, 'build/obj/release/sim/agent'))), first: Number(value('--first', 1)),
        seeds: Number(value('--seeds', 40)), steps: Number(value('--steps', 40)), jobs: Number(value('--jobs', os.cpus().length)),
    });
    if (!failure) {
        console.log('nothing is oversold, nothing forgotten');
        return;
    }
    console.log(`seed ${failure.seed} fails: ${failure.what}`);
    failure.history.forEach((line) => console.log(`  ${line}`));
    process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
