// What 1C has reserved, shipped and cancelled beside the portal, whatever the order of files. `node tests/sim/netting.mjs
// --seeds N` runs more of the same.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import path from 'node:path';

import { ROOT } from '../lib/demo.mjs';
import { netAll } from './netting.mjs';

const program = path.join(ROOT, `build/obj/${process.env.MODE ?? 'release'}/sim/agent`);

test('nothing is counted twice or forgotten, whatever the order of files', async () => {
    const failure = await netAll({ program, first: 1, seeds: 84, steps: 40 });
    assert.equal(failure, undefined, failure && `seed ${failure.seed}: ${failure.what}\n${failure.history.join('\n')}`);
});
