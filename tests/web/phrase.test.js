// Templates render here as the server renders them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { renderPhrase } from "../../web/app/phrase.js";

const LINES = "{n, plural, one {{n} строка} few {{n} строки} many {{n} строк} other {{n} строки}}";

test("Russian has three forms for whole numbers", () => {
  const forms = { 0: "строк", 1: "строка", 2: "строки", 4: "строки", 5: "строк", 11: "строк", 12: "строк", 21: "строка", 22: "строки", 111: "строк", 114: "строк", 1001: "строка" };
  for (const [n, form] of Object.entries(forms)) assert.equal(renderPhrase("ru", LINES, { n: Number(n) }), `${n} ${form}`);
});

test("English has two", () => {
  const template = "{n, plural, one {{n} line} other {{n} lines}} in all";
  assert.equal(renderPhrase("en", template, { n: 1 }), "1 line in all");
  assert.equal(renderPhrase("en", template, { n: 21 }), "21 lines in all");
});

test("a form that is missing is the other one", () => {
  assert.equal(renderPhrase("ru", "{n, plural, one {раз} other {разы}}", { n: 5 }), "разы");
});

test("names are replaced, numbers by the writer, text as it is", () => {
  const write = (number) => `<${number}>`;
  assert.equal(renderPhrase("en", "{a} by {day}", { a: 100, day: "17 Apr" }, write), "<100> by 17 Apr");
});

test("what a value contains is not a template", () => {
  assert.equal(renderPhrase("en", "{text}!", { text: "{other}", other: "no" }), "{other}!");
  assert.equal(renderPhrase("ru", "Поиск: {text}", { text: "a{b" }), "Поиск: a{b");
});

test("an unknown name and an unclosed brace stay to be seen", () => {
  assert.equal(renderPhrase("en", "by {day}", {}), "by {day}");
  assert.equal(renderPhrase("en", "by {day", { day: 1 }), "by {day");
});
