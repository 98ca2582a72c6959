// Mistakes that tests plant, each a text in a file of core/ and what is put in its place. A list of them reads:
//
//   [name file] why it matters
//   - the text as it stands, which must occur exactly once in the file
//   + what is planted instead
//
// Several "-" or "+" lines are one text of several lines.
'use strict';

const fs = require('node:fs');

// What <list> names: [{name, file, why, from, to, number}].
function readPlanted(list) {
    const planted = [];
    fs.readFileSync(list, 'utf8').split('\n').forEach((line, index) => {
        const head = /^\[(\S+) ([\w./]+)\] (.+)$/.exec(line);
        const last = planted[planted.length - 1];
        if (head)
            planted.push({ name: head[1], file: head[2], why: head[3], from: [], to: [] });
        else if (line.startsWith('- ') && last)
            last.from.push(line.slice(2));
        else if (line.startsWith('+ ') && last)
            last.to.push(line.slice(2));
        else if (line && !line.startsWith('#'))
            throw new Error(`${list}:${index + 1}: neither a heading nor a text`);
    });
    return planted.map((one, index) => ({ ...one, number: index + 1 }));
}

// The text of <source> with the mistake in it; throws where it does not say exactly where that is.
function plantedText(source, one) {
    const pieces = fs.readFileSync(source, 'utf8').split(one.from.join('\n'));
    if (one.from.length === 0 || pieces.length !== 2)
        throw new Error(`stale: its text occurs ${pieces.length - 1} times in ${source}`);
    return pieces.join(one.to.join('\n'));
}

module.exports = { readPlanted, plantedText };
