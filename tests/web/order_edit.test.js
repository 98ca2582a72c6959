// A changed order is sent as what differs, whole lines or none.

import assert from "node:assert/strict";
import { test } from "node:test";
import { editBody, editOf } from "../../web/app/order_edit.js";

const order = {
  date: "2026-04-17",
  lines: [
    { item: "a", qty: "100.000", date: "2026-04-17" },
    { item: "b", qty: "2.000", date: "2026-04-24" },
  ],
};

const edited = (change) => {
  const edit = editOf(order);
  change(edit);
  return editBody(order, edit);
};

test("nothing changed is nothing to send", () => {
  assert.equal(edited(() => {}), null);
  assert.equal(edited((edit) => (edit.lines[0].qty = "100")), null);
});

test("a quantity changed sends all lines; a line of its own date keeps it", () => {
  assert.deepEqual(edited((edit) => (edit.lines[0].qty = "90")), {
    lines: [
      { item: "a", qty: "90" },
      { item: "b", qty: "2.000", date: "2026-04-24" },
    ],
  });
});

test("a line that stays keeps the unit it was asked in; one that is changed is in the item's own", () => {
  const boxes = { ...order, lines: [{ ...order.lines[0], entered: { qty: "10.000", unit: "кор" } }, order.lines[1]] };
  const edit = editOf(boxes);
  edit.lines[1].qty = "3";
  assert.deepEqual(editBody(boxes, edit).lines[0], { item: "a", qty: "10.000", unit: "кор" });
  edit.lines[0].qty = "90";
  assert.deepEqual(editBody(boxes, edit).lines[0], { item: "a", qty: "90" });
});

test("a line removed is not among them", () => {
  assert.deepEqual(edited((edit) => (edit.lines[0].removed = true)), { lines: [{ item: "b", qty: "2.000", date: "2026-04-24" }] });
});

test("a new date takes along the lines that followed the old one, and no others", () => {
  assert.deepEqual(edited((edit) => (edit.date = "2026-04-20")), {
    date: "2026-04-20",
    lines: [
      { item: "a", qty: "100.000" },
      { item: "b", qty: "2.000", date: "2026-04-24" },
    ],
  });
  const plain = { date: "2026-04-17", lines: [{ item: "a", qty: "1.000", date: "2026-04-17" }] };
  assert.deepEqual(editBody(plain, { ...editOf(plain), date: "2026-04-20" }), { date: "2026-04-20" });
});

test("a quantity that is no number is sent for the server to name", () => {
  assert.equal(edited((edit) => (edit.lines[0].qty = "много")).lines[0].qty, "много");
});
