// The page as it is served: what it loads is what there is, and nothing in it the content policy refuses.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { filesOf, read, WEB, withoutComments } from "./source.js";

const page = read("index.html");
const modules = filesOf("app");

/** What a module imports by name: [{names, from}]. */
function imports(text) {
  const found = withoutComments(text).matchAll(/^import \{([^}]*)\} from "([^"]+)";$/gm);
  return [...found].map(([, names, from]) => ({ names: names.split(",").map((part) => part.trim()).filter(Boolean), from }));
}

test("every module of the program is loaded ahead, and no other", () => {
  const listed = [...page.matchAll(/rel="modulepreload" href="\/([^"]+)"/g)].map(([, name]) => name).sort();
  assert.deepEqual(listed, ["vendor.js", ...modules.map(({ name }) => name)].sort());
});

test("every module is JavaScript", async () => {
  const run = promisify(execFile);
  await Promise.all(modules.map(({ name }) => run(process.execPath, ["--check", join(WEB, name)])));
});

test("every module is reached from the first", () => {
  const texts = new Map(modules.map(({ name, text }) => [name, text]));
  const reached = new Set();
  const visit = (name) => {
    if (reached.has(name)) return;
    reached.add(name);
    assert.ok(texts.has(name), `${name} is imported and not there`);
    for (const [, from] of withoutComments(texts.get(name)).matchAll(/^import[^;]* from "(\.[^"]+)";$/gm)) visit(join(dirname(name), from));
  };
  visit("app/main.js");
  assert.deepEqual([...texts.keys()].filter((name) => !reached.has(name)), []);
});

test("what is imported from the libraries is given by vendor.js", () => {
  const given = new Set([...read("vendor.js").matchAll(/export \{([^}]*)\}/g)].flatMap(([, names]) => names.split(",").map((name) => name.trim())));
  const taken = modules.flatMap(({ text }) => imports(text).filter(({ from }) => from === "/vendor.js").flatMap(({ names }) => names));
  assert.deepEqual([...new Set(taken)].sort(), [...given].sort());
});

test("a module gives what is taken from it, and takes nothing it does not use", () => {
  const texts = new Map(modules.map(({ name, text }) => [name, text]));
  for (const [name, text] of texts) {
    for (const { names, from } of imports(text)) {
      const source = texts.get(join(dirname(name), from));
      for (const word of names) {
        assert.ok(text.match(new RegExp(`\\b${word}\\b`, "g")).length > 1, `${name} imports ${word} and does not use it`);
        if (source) assert.match(source, new RegExp(`^export (async function|function|const|class) ${word}\\b`, "m"), `${name} imports ${word}`);
      }
    }
  }
});

test("what a module exports is taken somewhere", () => {
  const tests = filesOf("../tests/web").map(({ text }) => text).join("");
  for (const { name, text } of modules) {
    for (const [, word] of text.matchAll(/^export (?:async function|function|const|class) (\w+)/gm)) {
      const others = modules.filter((other) => other.name !== name).map((other) => other.text).join("") + tests;
      assert.match(others, new RegExp(`\\b${word}\\b`), `${name} exports ${word} for nobody`);
    }
  }
});

test("every style sheet is loaded, and no other", () => {
  const listed = [...page.matchAll(/rel="stylesheet" href="\/([^"]+)"/g)].map(([, name]) => name).sort();
  assert.deepEqual(listed, filesOf("styles").map(({ name }) => name).sort());
});

test("nothing is inline that the content policy refuses", () => {
  assert.doesNotMatch(page, /<script(?![^>]*\ssrc=)|<style|\son[a-z]+=|\sstyle=/);
  for (const { name, text } of modules) {
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|\beval\(|new Function|style="/, name);
  }
});

test("nothing is loaded from elsewhere", () => {
  for (const { name, text } of [...modules, ...filesOf("styles"), { name: "index.html", text: page }]) {
    assert.doesNotMatch(text, /https?:\/\/(?!www\.w3\.org\/2000\/svg)/, name);
  }
});

test("the lock names exact versions and no addresses", () => {
  const lock = JSON.parse(read("package-lock.json"));
  const wanted = JSON.parse(read("package.json"));
  for (const [name, version] of Object.entries({ ...wanted.dependencies, ...wanted.devDependencies })) {
    assert.match(version, /^\d+\.\d+\.\d+$/, name);
    assert.equal(lock.packages[`node_modules/${name}`].version, version);
  }
  for (const [name, entry] of Object.entries(lock.packages)) {
    if (name) assert.ok(entry.integrity && !entry.resolved, name);
  }
});
