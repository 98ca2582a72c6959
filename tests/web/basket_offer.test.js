// An offer taken or held becomes lines of the basket in the place of the one that was short.

import assert from "node:assert/strict";
import { test } from "node:test";
import { heldLines, holdsDropped, offerApplied } from "../../web/app/basket_offer.js";

const DAY = "2026-04-10";
const item = (name) => ({ item: name, sku: name.toUpperCase(), name, unit: "м²", pack: "1.000" });
const line = (id, more = {}) => ({ id, ...item("a"), qty: "100", date: null, ...more });
const part = (qty, date, name = "a") => ({ ...item(name), qty, date, amount: "1.00" });

let made = 0;
const how = (more = {}) => ({ day: DAY, newId: () => `new${++made}`, ...more });

test("parts stand where the line stood; the first keeps its id and goes with the order's date", () => {
  const lines = [line("x"), line("y"), line("z")];
  const next = offerApplied(lines, "y", { lines: [part("50.000", DAY), part("50.000", "2026-04-16")] }, how());
  assert.deepEqual(next.map(({ id, qty, date }) => [id, qty, date]), [
    ["x", "100", null], ["y", "50.000", null], [next[2].id, "50.000", "2026-04-16"], ["z", "100", null],
  ]);
  assert.match(next[2].id, /^new/);
  assert.equal(lines.length, 3);
});

test("a line with a date of its own keeps it for the part of that day", () => {
  const [first] = offerApplied([line("y", { date: "2026-04-14" })], "y", { lines: [part("50.000", "2026-04-14")] }, how());
  assert.equal(first.date, "2026-04-14");
});

test("a substitute is another item, in its own packs", () => {
  const [next] = offerApplied([line("y")], "y", { lines: [{ ...part("100.800", DAY, "b"), pack: "1.440" }] }, how());
  assert.deepEqual([next.item, next.sku, next.pack, next.qty, next.hold], ["b", "B", "1.440", "100.800", null]);
  assert.equal("amount" in next, false);
});

test("what is held stands on the days it was held for, whatever the order's date becomes", () => {
  const hold = { id: "h", until: "2026-04-01T06:30:00.000Z" };
  const next = offerApplied([line("y")], "y", { lines: [part("50.000", DAY), part("50.000", "2026-04-16")] }, how({ hold }));
  assert.deepEqual(next.map(({ date }) => date), [DAY, "2026-04-16"]);
  assert.ok(next.every((one) => one.hold === hold));
});

test("holds that are over leave their lines, and a list without them is the same list", () => {
  const lines = [line("x", { hold: { id: "h" } }), line("y", { hold: { id: "i" } }), line("z")];
  const next = holdsDropped(lines, (one) => one.hold.id === "h");
  assert.deepEqual(next.map((one) => one.hold ?? null), [null, { id: "i" }, null]);
  assert.equal(holdsDropped(lines, () => false), lines);
});

test("a hold that stands in no line comes back as its lines, held to the same end", () => {
  const part = { item: "i1", sku: "S-1", name: "Tile", unit: "m²", pack: "1.44", qty: "50", date: "2026-04-10", amount: "1.00" };
  let count = 0;
  const lines = heldLines({ id: "h1", expires_at: "2026-04-01T07:00:00Z", lines: [part, { ...part, date: "2026-04-16" }] }, () => `n${++count}`);
  const hold = { id: "h1", until: "2026-04-01T07:00:00Z" };
  const { amount, ...kept } = part;
  assert.deepEqual(lines, [{ ...kept, id: "n1", hold }, { ...kept, id: "n2", date: "2026-04-16", hold }]);
});
