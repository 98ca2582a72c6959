// What an offer, taken or held, makes of the basket's lines. Pure.

const unheld = (line) => ({ ...line, hold: null });

/**
 * The lines with the line <id> replaced by the offer's parts. A part for the line's own day keeps to whatever day that
 * is; what is held stands on the very days it was held for.
 * @param {object[]} lines
 * @param {string} id
 * @param {{lines: {item: string, sku: string, name: string, unit: string, pack: string, qty: string, date: string}[]}} offer
 * @param {{day: string, newId: () => string, hold?: {id: string, until: string}|null}} how day: the order's date
 */
export function offerApplied(lines, id, offer, { day, newId, hold = null }) {
  return lines.flatMap((line) => {
    if (line.id !== id) return [line];
    return offer.lines.map(({ item, sku, name, unit, pack, qty, date }, index) => ({
      ...line,
      id: index === 0 ? line.id : newId(),
      item,
      sku,
      name,
      unit,
      pack,
      qty,
      in: null,
      date: !hold && date === (line.date ?? day) ? line.date : date,
      hold,
    }));
  });
}

/** The lines a hold is, to stand in a basket that has none of them. */
export function heldLines({ id, expires_at: until, lines }, newId) {
  return lines.map(({ item, sku, name, unit, pack, qty, date }) => ({
    id: newId(), item, sku, name, unit, pack, qty, date, hold: { id, until },
  }));
}

/** The lines without the holds that <isOver> says have ended; the same list where there are none. */
export function holdsDropped(lines, isOver) {
  return lines.some((line) => line.hold && isOver(line)) ? lines.map((line) => (line.hold && isOver(line) ? unheld(line) : line)) : lines;
}
