// Mistakes built into the simulator's agent: a simulator that does not find them holds nothing.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import planted from '../lib/planted.cjs';
import { ROOT } from '../lib/demo.mjs';
import { simulateAll } from './simulator.mjs';

const SEEDS_MAX = 1000;
const STEPS = 300;
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

for (const mistake of planted.readPlanted(path.join(ROOT, 'tests/sim/planted.txt')))
    test(`found: ${mistake.why}`, async (context) => {
        const found = await simulateAll({ program: build(mistake), seeds: SEEDS_MAX, steps: STEPS, shorten: false });
        assert.ok(found, `${SEEDS_MAX} seeds of ${STEPS} steps did not find it`);
        context.diagnostic(`seed ${found.seed}, step ${found.steps}: ${found.what.split('\n')[0]}`);
    });
