// Real files of 1C, where they are at hand: each twice into a folder of its own, with the counts of their index, and the
// second time nothing is new.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import path from 'node:path';

import { kabinet, ROOT, scratch } from '../lib/demo.mjs';

const SAMPLES = path.resolve(ROOT, '../shared/1c/samples');
const FOLDERS = ['dobromyslov__commerceml-parser', 'carono__yii2-1c-exchange', 'carono__php-commerceml', 'gillbeits__commerceml',
    'bigperson__exchange1c'];
const here = existsSync(path.join(SAMPLES, 'INDEX.md'));

// The rows of the index: folder, file, version, encoding, and how many of each element. Only what is read counts here.
function rows() {
    const found = [];
    let folder;
    for (const line of readFileSync(path.join(SAMPLES, 'INDEX.md'), 'utf8').split('\n')) {
        folder = /^- folder `([^/`]+)/.exec(line)?.[1] ?? folder;
        const cells = line.split('|').map((cell) => cell.trim());
        const file = /^`([^`]+)`/.exec(cells[1] ?? '')?.[1];
        if (!file?.endsWith('.xml') || !FOLDERS.includes(folder) || /^(orders|bitrix)/.test(file)) continue;
        const counts = [...cells[8].matchAll(/(Товар|Предложение) (\d+)/g)].map(([, , count]) => Number(count));
        found.push({ folder, file, version: cells[3], encoding: cells[4], read: counts.reduce((sum, count) => sum + count, 0) });
    }
    return found;
}

test('files that 1C really wrote are read whole, and twice is as good as once', { skip: !here && 'no samples beside the project' }, () => {
    const samples = rows();
    assert.ok(samples.length >= 15, `only ${samples.length} files in the index`);
    for (const { folder, file, version, encoding, read } of samples) {
        const data = scratch('samples');
        const once = () => {
            const result = kabinet('import', path.join(SAMPLES, folder, file), '--data', data, '--json');
            assert.equal(result.status, 0, `${folder}/${file}: ${result.stderr}${result.stdout.slice(0, 500)}`);
            return JSON.parse(result.stdout).files[0];
        };
        const first = once();
        assert.equal(first.name, file);
        assert.equal(first.version ?? '-', version, file);
        assert.equal(first.encoding, encoding.includes('1251') ? 'windows-1251' : 'UTF-8', file);
        assert.equal(first.read, read, `${folder}/${file}`);
        assert.equal(first.created + first.changed + first.unchanged, read, file);
        assert.deepEqual(first.rejected, [], file);
        const second = once();
        assert.deepEqual([second.read, second.created, second.changed, second.unchanged], [read, 0, 0, read], `${folder}/${file} again`);
        rmSync(data, { recursive: true });
    }
});
