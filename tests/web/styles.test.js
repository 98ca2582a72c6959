// The style sheets hold nothing dead: a class that no module writes, a token that nothing reads, an icon nobody shows. And
// a module writes no class that no sheet knows.

import assert from "node:assert/strict";
import { test } from "node:test";
import { filesOf, read, withoutComments } from "./source.js";

const sheets = filesOf("styles").map(({ name, text }) => ({ name, text: text.replace(/\/\*[^]*?\*\//g, "") }));
const modules = filesOf("app").map(({ name, text }) => ({ name, text: withoutComments(text) }));
const source = modules.map(({ text }) => text).join("\n");

/* Beginnings of classes whose ends are data: what a module writes as `tone-${...}`. */
const built = [...source.matchAll(/([a-z]+(?:-[a-z]+)*-)\$\{/g)].map(([, begin]) => begin);
/* What can be a class: the words of strings, and of the values of class attributes. */
const written = [...source.matchAll(/"([^"\n]*)"|\bclass=([a-z-]+)|\bclass=\$\{((?:[^{}]|\{[^{}]*\})*)\}/g)].map(([whole]) => whole).join("\n");
const words = new Set(written.match(/[a-z]+(?:-[a-z]+)*/g));

/** The classes of a sheet's selectors. */
function classesOf(css) {
  const selectors = css.match(/[^{};]+(?=\{)/g) ?? [];
  return selectors.filter((selector) => !selector.trim().startsWith("@")).flatMap((selector) => [...selector.matchAll(/\.([a-z][a-z-]*)/g)].map(([, name]) => name));
}

const known = new Set(sheets.flatMap(({ text }) => classesOf(text)));

test("every class of the sheets is written by a module", () => {
  assert.ok(known.size > 150);
  for (const { name, text } of sheets) {
    const dead = classesOf(text).filter((one) => !words.has(one) && !built.some((begin) => one.startsWith(begin)));
    assert.deepEqual([...new Set(dead)], [], name);
  }
});

test("every class a module writes is in the sheets", () => {
  const unknown = [];
  let looked = 0;
  for (const { name, text } of modules) {
    // Whole values, and the texts of a choice between values; what is computed otherwise is data.
    const values = [...text.matchAll(/\bclass="([^"$]*)"|\bclass=([a-z-]+)(?=[\s>])|\bclass=\$\{[^"{}]*\?([^{}]*)\}/g)];
    for (const [, quoted, bare, choice] of values) {
      const texts = choice === undefined ? [quoted ?? bare] : [...choice.matchAll(/"([^"]*)"/g)].map(([, one]) => one);
      for (const one of texts.flatMap((value) => value.split(" ")).filter(Boolean)) {
        looked += 1;
        if (!known.has(one)) unknown.push(`${name}: ${one}`);
      }
    }
  }
  assert.deepEqual(unknown, []);
  assert.ok(looked > 200, `only ${looked} classes were looked at`);
});

test("every token is read, and every token that is read is there", () => {
  const css = sheets.map(({ text }) => text).join("\n");
  const given = new Set([...css.matchAll(/(--[a-z-]+)\s*:/g)].map(([, name]) => name));
  const taken = new Set([...css.matchAll(/var\((--[a-z-]+)/g)].map(([, name]) => name));
  assert.deepEqual([...given].filter((name) => !taken.has(name)), []);
  assert.deepEqual([...taken].filter((name) => !given.has(name)), []);
});

test("every icon is shown, and every icon that is shown is there", () => {
  const drawn = new Set([...read("app/parts/icon.js").matchAll(/^ {2}([a-z]+): "M/gm)].map(([, name]) => name));
  const others = modules.filter(({ name }) => name !== "app/parts/icon.js").map(({ text }) => text).join("\n");
  const shown = new Set([...others.matchAll(/\b(?:icon|name)(?:=|: )"([a-z]+)"|<\$\{Icon\} name=\$\{[^}]*\?([^}]*)\}/g)]
    .flatMap(([, one, choice]) => (one ? [one] : [...choice.matchAll(/"([a-z]+)"/g)].map(([, name]) => name))));
  assert.ok(drawn.size > 20);
  assert.deepEqual([...drawn].filter((name) => !shown.has(name)), []);
  // A name="..." may also be a field's.
  const fields = new Set([...others.matchAll(/<(?:input|meta)[^>]*\sname="([a-z]+)"/g)].map(([, name]) => name));
  assert.deepEqual([...shown].filter((name) => !drawn.has(name) && !fields.has(name)), []);
});

test("no sheet is so long that it is about two things", () => {
  for (const { name, text } of filesOf("styles")) assert.ok(text.split("\n").length <= 600, name);
});
