// Changing an order: what was edited, and the request that makes it so. Pure.

import { compare, isDecimal } from "./decimal.js";

/** The editable state of an order. */
export function editOf(order) {
  return { date: order.date, lines: order.lines.map(({ qty }) => ({ qty, removed: false })) };
}

const same = (a, b) => (isDecimal(a) && isDecimal(b) ? compare(a, b) === 0 : a === b);

/**
 * The body of PATCH /orders/{id}, with what differs alone; null where nothing does. Lines go all or not at all; a line
 * of the order's own date follows it, one of a date of its own keeps that; one that stays keeps the unit it was asked in.
 */
export function editBody(order, edit) {
  const body = {};
  if (edit.date !== order.date) body.date = edit.date;
  const touched = edit.lines.some(({ qty, removed }, index) => removed || !same(qty, order.lines[index].qty));
  const ownDates = order.lines.some((line) => line.date !== order.date);
  if (touched || (body.date && ownDates)) {
    body.lines = order.lines
      .map((line, index) => ({ line, ...edit.lines[index] }))
      .filter(({ removed }) => !removed)
      .map(({ line, qty }) => ({
        item: line.item,
        ...(line.entered && same(qty, line.qty) ? line.entered : { qty }),
        ...(line.date === order.date ? {} : { date: line.date }),
      }));
  }
  return Object.keys(body).length > 0 ? body : null;
}
