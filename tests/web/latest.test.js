// Only the last question counts, whatever order the answers come in.

import assert from "node:assert/strict";
import { test } from "node:test";
import { latest, Overtaken } from "../../web/app/latest.js";

/** A question whose answer comes when the test says so. */
function question() {
  const asked = {};
  asked.ask = (signal) => {
    asked.signal = signal;
    return new Promise((answer, refuse) => Object.assign(asked, { answer, refuse }));
  };
  return asked;
}

const outcome = (promise) => promise.then((answer) => ["answer", answer], (error) => [error instanceof Overtaken ? "overtaken" : "refused", error.message]);

test("an answer that comes late is not given, and its request is aborted", async () => {
  const line = latest();
  const [first, second] = [question(), question()];
  const outcomes = [outcome(line.ask(first.ask)), outcome(line.ask(second.ask))];
  assert.equal(first.signal.aborted, true);
  assert.equal(second.signal.aborted, false);
  second.answer("new");
  first.answer("old");
  assert.deepEqual(await Promise.all(outcomes), [["overtaken", ""], ["answer", "new"]]);
});

test("the old answer does not count even where it comes first", async () => {
  const line = latest();
  const [first, second] = [question(), question()];
  const before = outcome(line.ask(first.ask));
  const after = outcome(line.ask(second.ask));
  first.answer("old");
  assert.deepEqual(await before, ["overtaken", ""]);
  second.answer("new");
  assert.deepEqual(await after, ["answer", "new"]);
});

test("what was refused late is silent, what is refused now is told", async () => {
  const line = latest();
  const [first, second] = [question(), question()];
  const outcomes = [outcome(line.ask(first.ask)), outcome(line.ask(second.ask))];
  first.refuse(new Error("old"));
  second.refuse(new Error("new"));
  assert.deepEqual(await Promise.all(outcomes), [["overtaken", ""], ["refused", "new"]]);
});

test("a place that was left shows nothing more", async () => {
  const line = latest();
  const only = question();
  const left = outcome(line.ask(only.ask));
  line.stop();
  assert.equal(only.signal.aborted, true);
  only.answer("late");
  assert.deepEqual(await left, ["overtaken", ""]);
  assert.equal(await line.ask(async () => "again"), "again");
});

test("two places do not overtake each other", async () => {
  const [left, right] = [latest(), latest()];
  const [first, second] = [question(), question()];
  const outcomes = [outcome(left.ask(first.ask)), outcome(right.ask(second.ask))];
  second.answer(2);
  first.answer(1);
  assert.deepEqual(await Promise.all(outcomes), [["answer", 1], ["answer", 2]]);
});
