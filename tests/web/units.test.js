// Units of an item: the same quantity in another one, and how finely each is sold.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inUnit, unitNamed, unitsOf } from "../../web/app/units.js";

const units = unitsOf({ unit: "м²", pack: "1.440" }, [
  { name: "шт", base_qty: "0.360", step: "4.000" },
  { name: "кор", base_qty: "1.440", step: "1.000" },
]);
const [metre, piece, box] = units;

test("the base unit is the first, sold by the pack; what has no name of the item's is it too", () => {
  assert.deepEqual(metre, { name: "м²", size: "1", step: "1.440" });
  assert.equal(unitNamed(units, "кор"), box);
  assert.equal(unitNamed(units, null), metre);
  assert.equal(unitNamed(units, "вагон"), metre);
});

test("a quantity moves to another unit where it comes out exactly", () => {
  assert.equal(inUnit("14.4", metre, box), "10");
  assert.equal(inUnit("10", box, piece), "40");
  assert.equal(inUnit("7", piece, metre), "2.52");
});

test("where it does not, or is no quantity, what was typed stays", () => {
  assert.equal(inUnit("100", metre, box), "100");
  assert.equal(inUnit("", metre, box), "");
  assert.equal(inUnit("0.0001", metre, piece), "0.0001");
});
