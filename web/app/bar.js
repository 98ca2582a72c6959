// The geometry of the promise bar: which segments stand in it and how wide each is. Pure.

import { add, compare, isPositive, share, subtract } from "./decimal.js";

/** The narrowest a segment may be, in hundredths of a percent: one piece of a thousand must still be seen. */
export const SEGMENT_MIN = 150;
const WHOLE = 10000;

/**
 * The segments of a line {pegs, promised, short}: receipts and stock in the order of the sentence, then what is
 * promised from no named source, then what is short. Widths are hundredths of a percent and sum to 10000.
 * @returns {{kind: "receipt"|"stock"|"other"|"short", date: string|null, quantity: string, width: number}[]}
 */
export function barSegments({ pegs, promised, short }) {
  const segments = pegs
    .filter((peg) => isPositive(peg.qty))
    .map((peg) => ({ kind: peg.source, date: peg.date, quantity: peg.qty }));
  const pegged = segments.reduce((sum, segment) => add(sum, segment.quantity), "0");
  if (compare(promised, pegged) > 0) {
    segments.push({ kind: "other", date: null, quantity: subtract(promised, pegged) });
  }
  if (isPositive(short)) segments.push({ kind: "short", date: null, quantity: short });
  const total = segments.reduce((sum, segment) => add(sum, segment.quantity), "0");
  const sized = segments.map((segment) => ({
    ...segment,
    width: Math.max(SEGMENT_MIN, share(segment.quantity, total)),
  }));
  // What rounding and the least width add is taken from the widest, where nobody sees it.
  const widest = sized.reduce((best, segment) => (best && best.width >= segment.width ? best : segment), null);
  if (widest) widest.width += WHOLE - sized.reduce((sum, segment) => sum + segment.width, 0);
  return sized;
}
