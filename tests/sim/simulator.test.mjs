// The simulator over the code as it is.

import assert from 'node:assert/strict';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { ROOT } from '../lib/demo.mjs';
import { simulateAll } from './simulator.mjs';

const SEEDS = 200;
const STEPS = 1000;

// What every run must have seen, more than once on average.
const HAPPENED = [
    'NV-6060-01 confirmed', 'NV-6060-01 review', 'CV-6060-01 confirmed', 'CV-6060-01 review', 'BS-2012-01 confirmed',
    'BS-2012-01 review', 'held', 'held and ordered', 'edited', 'order_edit_short', 'taken by 1C', 'died',
];

test(`${SEEDS} seeds of ${STEPS} steps hold`, async (context) => {
    const program = path.join(ROOT, `build/obj/${process.env.MODE ?? 'release'}/sim/agent`);
    const tally = new Map();
    const failure = await simulateAll({ program, seeds: SEEDS, steps: STEPS, jobs: os.cpus().length, tally });
    assert.equal(failure && [`seed ${failure.seed}: ${failure.what}`, ...failure.history].join('\n'), undefined);
    for (const what of HAPPENED) assert.ok(tally.get(what) > SEEDS, `${what}: only ${tally.get(what) ?? 0} times`);
    context.diagnostic([...tally].map(([what, times]) => `${what} ${times}`).join(', '));
});
