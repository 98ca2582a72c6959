// The lessons of rules/README.md, done as they stand there: files are written, commands run, and what they print is
// what the text says. LESSONS=write puts into the text what they print now, to be read over.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { PROGRAM, ROOT, scratch } from '../lib/demo.mjs';

const HANDBOOK = path.join(ROOT, 'rules/README.md');

function run(command, folder, tools) {
    const { stdout } = spawnSync('sh', ['-c', `${command} 2>&1`], {
        encoding: 'utf8', cwd: folder, env: { ...process.env, LANG: 'en_US.UTF-8', PATH: `${tools}:${process.env.PATH}` },
    });
    return stdout.replace(/\n$/, '');
}

// What a block of commands and their output is when it is done now.
function consoleDone(body, folder, tools) {
    const commands = body.split('\n').filter((line) => line.startsWith('$ ')).map((line) => line.slice(2));
    return commands.map((command) => `$ ${command}\n${run(command, folder, tools)}`.trimEnd()).join('\n') + '\n';
}

test('the lessons do what they say', () => {
    const text = readFileSync(HANDBOOK, 'utf8');
    const folder = scratch('lessons');
    const tools = path.join(folder, 'tools');
    mkdirSync(tools, { recursive: true });
    symlinkSync(PROGRAM, path.join(tools, 'kabinet'));
    let files = 0;
    let consoles = 0;
    const done = text.replace(/^```(\w+)(?: (\S+))?\n([^]*?)^```$/gm, (whole, kind, name, body) => {
        if (name) {
            mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
            writeFileSync(path.join(folder, name), body);
            files++;
        } else if (kind === 'console') {
            consoles++;
            return `\`\`\`console\n${consoleDone(body, folder, tools)}\`\`\``;
        }
        return whole;
    });
    if (process.env.LESSONS === 'write') writeFileSync(HANDBOOK, done);
    else assert.equal(done, text);
    assert.ok(files >= 8 && consoles >= 6);
});
