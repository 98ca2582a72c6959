// An order is sent once: what is known of it after each kind of answer, and which line an answer speaks of.

import assert from "node:assert/strict";
import { test } from "node:test";
import { attemptAfter, attemptFound, lineProblems } from "../../web/app/order_attempt.js";

const fresh = { key: "k", body: "{}", lines: ["a"], unknown: false };
const unknown = { ...fresh, unknown: true };

test("no answer, or a server that broke while answering, leaves the order unknown under its key", () => {
  for (const status of [0, 500, 502, 503, 504]) assert.deepEqual(attemptAfter(fresh, status), unknown, String(status));
});

test("a refusal ends the attempt: the next order has a key of its own", () => {
  for (const status of [400, 409, 422]) {
    assert.equal(attemptAfter(fresh, status), null);
    assert.equal(attemptAfter(unknown, status), null);
  }
});

test("an answer that says nothing of the order does not make an unknown one known", () => {
  for (const status of [401, 403, 429]) {
    assert.deepEqual(attemptAfter(unknown, status), unknown, String(status));
    assert.equal(attemptAfter(fresh, status), null, String(status));
  }
});

test("an attempt left by a closed page is unknown", () => {
  assert.deepEqual(attemptFound(fresh), unknown);
  assert.equal(attemptFound(null), null);
});

test("a refusal is told at the lines it points to", () => {
  const problem = {
    pointer: "/lines/0",
    detail: "whole",
    errors: [
      { pointer: "/lines/2/qty", detail: "two" },
      { pointer: "/lines/9/qty", detail: "no such line" },
      { pointer: "/date", detail: "not a line" },
      { detail: "nowhere" },
    ],
  };
  assert.deepEqual([...lineProblems(problem, ["a", "b", "c"])], [["a", "whole"], ["c", "two"]]);
});
