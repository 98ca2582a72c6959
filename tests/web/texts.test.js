// Every word a person reads stands in the catalogues, and every word of the catalogues is read.

import assert from "node:assert/strict";
import { test } from "node:test";
import { filesOf, HOLE, read, templatesOf, withoutComments } from "./source.js";

const modules = filesOf("app");
const catalogues = { ru: JSON.parse(read("i18n/ru.json")), en: JSON.parse(read("i18n/en.json")) };
const used = new Set(modules.flatMap(({ text }) => text.match(/"ui\.[a-z_.]+"/g) ?? []).map((key) => key.slice(1, -1)));

/* Attributes that people read or hear. */
const SPOKEN = /\s(?:title|placeholder|alt|label|text|aria-label|aria-description|aria-roledescription)=(?:"([^"]*)"|([^\s>]*))/g;

test("there are no Russian letters in the modules", () => {
  for (const { name, text } of modules) {
    const found = withoutComments(text).match(/.*[\u0400-\u04ff].*/);
    assert.equal(found, null, `${name}: ${found?.[0].trim()}`);
  }
});

test("no template has words of its own", () => {
  for (const { name, text } of modules) {
    for (const template of templatesOf(text)) {
      for (const [, quoted, bare] of template.matchAll(SPOKEN)) {
        assert.doesNotMatch(quoted ?? bare, /\p{L}/u, `${name}: ${template.trim().slice(0, 80)}`);
      }
      const words = template.replace(/<[^>]*>/g, " ").replaceAll(HOLE, " ");
      assert.doesNotMatch(words, /\p{L}/u, `${name}: ${words.trim()}`);
    }
  }
});

test("the scanner of templates finds words where they are", () => {
  const [inner, outer] = templatesOf('const a = html`<p title="x">${on && html`<b>Buy</b>`} now</p>`;').sort();
  assert.equal(inner, "<b>Buy</b>");
  assert.equal(outer, `<p title="x">${HOLE} now</p>`);
});

test("the page itself has no word but the program's name", () => {
  const words = read("index.html").replace(/<[^>]*>/g, " ").trim();
  assert.equal(words, "Kabinet");
});

test("every key used is in both catalogues", () => {
  assert.ok(used.size > 100);
  for (const key of used) {
    for (const language of ["ru", "en"]) assert.equal(typeof catalogues[language][key], "string", `${language}.json lacks ${key}`);
  }
});

test("no text is left that nothing uses", () => {
  const unused = Object.keys(catalogues.ru).filter((key) => key.startsWith("ui.") && !used.has(key));
  assert.deepEqual(unused, []);
});

test("a key is written out where it is used, so that these tests see it", () => {
  for (const { name, text } of modules) {
    assert.doesNotMatch(withoutComments(text), /\bt\(\s*(`|"ui\.[^"]*"\s*\+)/, name);
  }
});

test("every name in a text is given where the text is used", () => {
  let looked = 0;
  for (const { name, text } of modules) {
    for (const [, key, given] of text.matchAll(/\bt\("(ui\.[a-z_.]+)"(?:, \{([^}]*)\})?\)/g)) {
      looked += 1;
      const wanted = new Set([...catalogues.ru[key].matchAll(/\{([a-z_]+)[,}]/g)].map(([, word]) => word));
      const named = new Set((given ?? "").split(",").map((part) => part.split(":")[0].trim()));
      for (const word of wanted) assert.ok(named.has(word), `${name}: ${key} wants {${word}}`);
    }
  }
  assert.ok(looked > 150, `only ${looked} uses were found`);
});
