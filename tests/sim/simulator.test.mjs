// The simulator over the code as it is.

import assert from 'node:assert/strict';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { ROOT } from '../lib/demo.mjs';
import { simulateAll } from './simulator.mjs';

const SEEDS = 200;
const STEPS = 1000;

test(`${SEEDS} seeds of ${STEPS} steps hold`, async () => {
    const program = path.join(ROOT, `build/obj/${process.env.MODE ?? 'release'}/sim/agent`);
    const failure = await simulateAll({ program, seeds: SEEDS, steps: STEPS, jobs: os.cpus().length });
    assert.equal(failure && [`seed ${failure.seed}: ${failure.what}`, ...failure.history].join('\n'), undefined);
});
