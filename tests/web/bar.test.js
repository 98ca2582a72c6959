// The promise bar: what is drawn for a line, and that it always fills the bar exactly.

import assert from "node:assert/strict";
import { test } from "node:test";
import { barSegments, SEGMENT_MIN } from "../../web/app/bar.js";

const widths = (segments) => segments.reduce((sum, { width }) => sum + width, 0);

test("the distributor's example: 70 from the shipment, 30 from stock", () => {
  const segments = barSegments({
    pegs: [
      { source: "receipt", date: "2026-04-15", qty: "70.000" },
      { source: "stock", date: null, qty: "30.000" },
    ],
    promised: "100.000",
    short: "0.000",
  });
  assert.deepEqual(segments, [
    { kind: "receipt", date: "2026-04-15", quantity: "70.000", width: 7000 },
    { kind: "stock", date: null, quantity: "30.000", width: 3000 },
  ]);
});

test("what is short stands last", () => {
  const segments = barSegments({ pegs: [{ source: "stock", date: null, qty: "88" }], promised: "88", short: "12" });
  assert.deepEqual(segments.map(({ kind, quantity, width }) => [kind, quantity, width]), [
    ["stock", "88", 8800],
    ["short", "12", 1200],
  ]);
});

test("nothing promised is a bar that is short all over", () => {
  assert.deepEqual(barSegments({ pegs: [], promised: "0", short: "12" }).map(({ kind, width }) => [kind, width]), [["short", 10000]]);
});

test("what is promised from no named source is drawn as such", () => {
  const segments = barSegments({ pegs: [{ source: "stock", date: null, qty: "1" }], promised: "4", short: "0" });
  assert.deepEqual(segments.map(({ kind, quantity }) => [kind, quantity]), [["stock", "1"], ["other", "3"]]);
});

test("nothing asked is no bar", () => {
  assert.deepEqual(barSegments({ pegs: [], promised: "0", short: "0" }), []);
  assert.deepEqual(barSegments({ pegs: [{ source: "stock", date: null, qty: "0.000" }], promised: "0", short: "0" }), []);
});

test("the smallest part is seen, and the widths always fill the bar", () => {
  const pegs = Array.from({ length: 7 }, (_, index) => ({ source: "receipt", date: `2026-04-${10 + index}`, qty: `0.00${index + 1}` }));
  for (const short of ["0", "1", "999999"]) {
    const segments = barSegments({ pegs: [...pegs, { source: "stock", date: null, qty: "1000" }], promised: "1000.028", short });
    assert.equal(widths(segments), 10000);
    assert.ok(segments.every(({ width }) => width >= SEGMENT_MIN));
  }
  assert.equal(widths(barSegments({ pegs: Array(3).fill({ source: "stock", date: null, qty: "1" }), promised: "3", short: "0" })), 10000);
});
