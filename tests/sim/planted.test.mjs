// Mistakes built into the simulator's agent: a simulator that does not find them holds nothing.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import planted from '../lib/planted.cjs';
import { ROOT } from '../lib/demo.mjs';
import { netAll } from './netting.mjs';
import { simulateAll } from './simulator.mjs';

// Which mistakes who must find.
const FINDERS = [
    { list: 'planted.txt', find: simulateAll, seeds: 1000, steps: 300 },
    { list: 'planted_netting.txt', find: netAll, seeds: 400, steps: 40 },
];
const MODE = process.env.MODE ?? 'release';

// The agent with one mistake in it.
function build(mistake) {
    const source = path.join(ROOT, `build/sim/${mistake.name}.c`);
    const agent = `build/obj/${MODE}/sim/agent-${mistake.name}`;
    mkdirSync(path.dirname(source), { recursive: true });
    writeFileSync(source, planted.plantedText(path.join(ROOT, 'core', mistake.file), mistake));
    rmSync(path.join(ROOT, agent), { force: true });
    const made = spawnSync('make', ['--silent', agent, `MODE=${MODE}`], { cwd: ROOT, encoding: 'utf8' });
    assert.equal(made.status, 0, made.stderr);
    return path.join(ROOT, agent);
}

for (const { list, find, seeds, steps } of FINDERS)
    for (const mistake of planted.readPlanted(path.join(ROOT, 'tests/sim', list)))
        test(`found: ${mistake.why}`, async (context) => {
            const found = await find({ program: build(mistake), seeds, steps, shorten: false });
            assert.ok(found, `${seeds} seeds of ${steps} steps did not find it`);
            context.diagnostic(`seed ${found.seed}, step ${found.steps}: ${found.what.split('\n')[0]}`);
        });
