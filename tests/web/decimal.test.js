// Arithmetic on decimal strings: what a dealer is asked to pay depends on it.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  add,
  compare,
  fromInput,
  isDecimal,
  isMultiple,
  isPositive,
  multipleUp,
  quotient,
  share,
  subtract,
  trim,
} from "../../web/app/decimal.js";

test("sums that floating point gets wrong are right", () => {
  assert.equal(add("0.1", "0.2"), "0.3");
  assert.equal(subtract("1000000000000.01", "0.02"), "999999999999.99");
  assert.equal(add("-1.5", "1.500"), "0");
});

test("zeros at the end go, the value stays", () => {
  assert.equal(trim("100.000"), "100");
  assert.equal(trim("-0.050"), "-0.05");
  assert.equal(trim("007"), "7");
});

test("comparison is by value, not by text", () => {
  assert.equal(compare("100", "100.000"), 0);
  assert.equal(compare("9.9", "10"), -1);
  assert.equal(compare("-1", "-2"), 1);
  assert.ok(isPositive("0.001"));
  assert.ok(!isPositive("0.000"));
  assert.ok(!isPositive("x"));
});

test("a quantity is rounded up to whole packs, exactly", () => {
  assert.equal(multipleUp("100", "1.44"), "100.8");
  assert.equal(multipleUp("100.8", "1.44"), "100.8");
  assert.equal(multipleUp("0.1", "0.3"), "0.3");
  assert.equal(multipleUp("5", "0"), "5");
  assert.ok(isMultiple("100.800", "1.44"));
  assert.ok(!isMultiple("100", "1.44"));
});

test("a quotient says whether it is exact", () => {
  assert.deepEqual(quotient("100.8", "1.44"), { text: "70", exact: true });
  assert.deepEqual(quotient("100", "1.44"), { text: "69.44", exact: false });
  assert.deepEqual(quotient("1", "8"), { text: "0.13", exact: false });
});

test("a share is drawn in hundredths of a percent", () => {
  assert.equal(share("70", "100"), 7000);
  assert.equal(share("1", "3"), 3333);
  assert.equal(share("1", "0"), 0);
});

test("what people type becomes a decimal string", () => {
  assert.equal(fromInput("1 234,50"), "1234.5");
  assert.equal(fromInput("1\u00a0234.5"), "1234.5");
  assert.equal(fromInput("100"), "100");
});

test("what is no decimal goes to the server as it is", () => {
  for (const typed of ["", "10 шт", "1,2,3", "1e3", "-", ".5", "0x10"]) assert.equal(fromInput(typed), typed);
});

test("only the API's form is a decimal", () => {
  for (const text of ["0", "-1", "1234.50", "0.0001"]) assert.ok(isDecimal(text), text);
  for (const text of ["", "1.", ".5", "1,5", "1e3", " 1", "NaN", "1.0000001", 5, null]) assert.ok(!isDecimal(text), String(text));
});
