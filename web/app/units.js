// The units of an item: what the quantity field counts in, how finely, and what a quantity is in another of them. Pure.

import { compare, isPositive, scaled } from "./decimal.js";

/**
 * All units of an item, its base unit first.
 * @param {{unit: string, pack: string}} item
 * @param {{name: string, base_qty: string, step: string}[]} others
 * @returns {{name: string, size: string, step: string}[]} size: in base units
 */
export function unitsOf({ unit, pack }, others) {
  return [{ name: unit, size: "1", step: pack }, ...others.map(({ name, base_qty: size, step }) => ({ name, size, step }))];
}

/** The unit of that name; the base unit for null, and where there is none of the name. */
export function unitNamed(units, name) {
  return units.find((unit) => unit.name === name) ?? units[0];
}

/** The quantity in another unit where it comes out in thousandths; else it stays the number it was. */
export function inUnit(qty, from, to) {
  if (!isPositive(qty)) return qty;
  const moved = scaled(qty, from.size, to.size);
  return moved !== null && compare(moved, "0") > 0 ? moved : qty;
}
