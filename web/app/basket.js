// The basket: kept in this browser for each user, answered by the server whenever it or the desired date changes, and
// sent as one order exactly once.

import { batch, computed, effect, signal } from "/vendor.js";
import { holdCreate, holdRelease, orderCreate, Problem, promiseAsk } from "./api.js";
import { heldLines, holdsDropped, offerApplied } from "./basket_offer.js";
import { add, isDecimal } from "./decimal.js";
import { language } from "./i18n.js";
import { latest, Overtaken } from "./latest.js";
import { returns } from "./link.js";
import { attemptAfter, attemptFound, lineProblems } from "./order_attempt.js";
import { contract, date, me, method, userKey } from "./state.js";
import { remember, remembered } from "./storage.js";

/** The most lines one order may have (the API's limit). */
export const LINES_MAX = 500;
/* Long enough to type "100" in one breath, short enough to feel live. */
const REST_MS = 250;
const EMPTY = { lines: [], reference: "", comment: "" };
/* What the server says of a line whose hold is over, or is none. */
const HOLD_OVER = ["hold_ended", "hold_not_found", "hold_unfit"];
const UNANSWERED = { key: null, lines: new Map(), total: null, currency: null, problem: null };

/**
 * @typedef {{id: string, item: string, sku: string, name: string, unit: string, pack: string, qty: string,
 *   in?: string|null, date: string|null, hold?: {id: string, until: string}|null}} BasketLine  in: the unit of qty, null
 *   for the item's own; date: the line's own desired date
 */

/** {lines: BasketLine[], reference, comment}. */
export const basket = signal(EMPTY);
/** The server's word on the basket: {key, lines: line id to answer, total, currency, problem}. */
export const answer = signal(UNANSWERED);
/** An order on its way, {key, body, lines, unknown}: kept until an answer came, and unknown while none did. */
export const attempt = signal(null);
/** What the server refused when the basket was sent: line id to sentence. */
export const refusals = signal(new Map());
export const sending = signal(false);

/* crypto.randomUUID exists only behind TLS, and a portal inside an office may have none. */
function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function basketPut(next) {
  basket.value = next;
  refusals.value = new Map();
  remember(userKey("basket"), next);
}

function attemptPut(next) {
  attempt.value = next;
  remember(userKey("attempt"), next);
}

function load() {
  batch(() => {
    basket.value = { ...EMPTY, ...remembered(userKey("basket"), EMPTY) };
    if (!sending.peek()) attempt.value = attemptFound(remembered(userKey("attempt"), null));
  });
}

// ---------------------------------------------------------------------------------------------------- its lines

/* In base units; of a line in another unit the server says how much that is. */
const baseQty = (line) => (line.in ? answer.value.lines.get(line.id)?.asked : line.qty);

/** How much of each item is in the basket: item id to quantity in its base unit. */
export const inBasket = computed(() => {
  const sums = new Map();
  for (const line of basket.value.lines) {
    const qty = baseQty(line);
    if (isDecimal(qty)) sums.set(line.item, add(sums.get(line.item) ?? "0", qty));
  }
  return sums;
});

/**
 * Adds to the item's line in that unit without a date of its own, or makes one. Returns false where the basket is full.
 * @param {string|null} unitIn  the unit of qty; null for the item's own
 */
export function basketAdd({ id, sku, name, unit, pack }, qty, unitIn = null) {
  const lines = basket.value.lines;
  const known = lines.find((line) => line.item === id && !line.date && (line.in ?? null) === unitIn && isDecimal(line.qty));
  if (known) {
    lineChange(known.id, { qty: add(known.qty, qty) });
    return true;
  }
  if (lines.length >= LINES_MAX) return false;
  const line = { id: randomId(), item: id, sku, name, unit, pack, qty, in: unitIn, date: null };
  basketPut({ ...basket.value, lines: [...lines, line] });
  return true;
}

export function lineChange(id, change) {
  const lines = basket.value.lines.map((line) => (line.id === id ? { ...line, ...change } : line));
  basketPut({ ...basket.value, lines });
}

/** Removes a line; the function returned puts it back where it was. */
export function lineRemove(id) {
  const index = basket.value.lines.findIndex((line) => line.id === id);
  const [line] = basket.value.lines.slice(index, index + 1);
  basketPut({ ...basket.value, lines: basket.value.lines.filter((other) => other !== line) });
  return () => basketPut({ ...basket.value, lines: basket.value.lines.toSpliced(index, 0, line) });
}

// ------------------------------------------------------------------------------------------- offers and holds

/** Takes an offer into the line's place; <hold> is what it is held by. Returns false where the basket is full. */
export function offerTake(id, offer, hold = null) {
  const lines = offerApplied(basket.value.lines, id, offer, { day: date.value, newId: randomId, hold });
  if (lines.length > LINES_MAX) return false;
  basketPut({ ...basket.value, lines });
  return true;
}

/** Holds an offer and takes it into the line's place. Throws the Problem; the line's offers are then asked anew. */
export async function offerHold(id, offer) {
  try {
    const { data } = await holdCreate(offer.id);
    offerTake(id, data, { id: data.id, until: data.expires_at });
  } catch (problem) {
    if (problem.code === "offer_gone") promiseAgain();
    throw problem;
  }
}

/** The ids of the holds whose lines stand in the basket. */
export const heldHere = computed(() => new Set(basket.value.lines.flatMap(({ hold }) => (hold ? [hold.id] : []))));

/** Puts the lines of a hold that is not in the basket into it. Returns false where it would be too full. */
export function holdRestore(hold) {
  const lines = [...basket.value.lines, ...heldLines(hold, randomId)];
  if (lines.length > LINES_MAX) return false;
  basketPut({ ...basket.value, lines });
  return true;
}

function holdsForget(isOver) {
  const lines = holdsDropped(basket.value.lines, isOver);
  if (lines !== basket.value.lines) basketPut({ ...basket.value, lines });
}

/** Ends a hold: its lines stay, as any others. Throws the Problem. */
export async function holdEnd(holdId) {
  await holdRelease(holdId);
  holdsForget((line) => line.hold.id === holdId);
}

/** Sets the dealer's own reference or comment. */
export function basketNote(change) {
  basketPut({ ...basket.value, ...change });
}

// -------------------------------------------------------------------------------------------- what is promised

const asked = computed(() => basket.value.lines.filter((line) => line.qty !== ""));

/** The question for POST /promise; null where there is nothing to ask. */
export const question = computed(() => {
  if (!me.value?.dealer || asked.value.length === 0) return null;
  return {
    date: date.value,
    contract: contract.value ?? undefined,
    delivery: method.value ? { method: method.value } : undefined,
    lines: asked.value.map((line) => ({
      item: line.item,
      qty: line.qty,
      unit: line.in ?? undefined,
      date: line.date ?? undefined,
      hold: line.hold?.id,
    })),
  };
});

const questionKey = computed(() => question.value && language.value + JSON.stringify(question.value));

/** Whether the answer shown is to the question as it stands. */
export const isAnswered = computed(() => answer.value.key === questionKey.value);

/* The basket is asked for from several places, and what is held or sent meanwhile makes an answer old although its
   question is the same. */
const promises = latest();

async function askNow() {
  const key = questionKey.value;
  const ids = asked.value.map(({ id }) => id);
  try {
    const { data } = await promises.ask((signal) => promiseAsk(question.value, { signal }));
    const lines = new Map(data.lines.map((line, index) => [ids[index], line]));
    batch(() => {
      answer.value = { key, lines, total: data.total, currency: data.currency, problem: null };
      refusals.value = new Map();
    });
    // The line goes on without it, at the price and the promise of now.
    holdsForget((line) => HOLD_OVER.includes(lines.get(line.id)?.error?.code));
  } catch (problem) {
    if (problem instanceof Overtaken) return;
    if (!(problem instanceof Problem)) throw problem;
    batch(() => {
      answer.value = { ...UNANSWERED, key, lines: answer.value.lines, currency: answer.value.currency, problem };
      refusals.value = lineProblems(problem, ids);
    });
  }
}

/** Asks again, after a problem. */
export function promiseAgain() {
  return question.value ? askNow() : undefined;
}

// ---------------------------------------------------------------------------------------------------- sending it

function settled(sent) {
  const gone = new Set(sent.lines);
  attemptPut(null);
  basketPut({ ...EMPTY, lines: basket.value.lines.filter((line) => !gone.has(line.id)) });
}

function prepared() {
  const { reference, comment } = basket.value;
  const body = {
    ...question.value,
    reference: reference.trim() || undefined,
    comment: comment.trim() || undefined,
    expect_total: (isAnswered.value && answer.value.total) || undefined,
  };
  return { key: randomId(), body: JSON.stringify(body), lines: asked.value.map(({ id }) => id), unknown: false };
}

/**
 * Sends the basket, or repeats the order of which nobody knows whether it arrived: the same bytes under the same key,
 * stored before they leave, so that there can never be two.
 * @returns {Promise<object>} the order; throws the Problem
 */
export async function orderSend() {
  const sent = attempt.value ?? prepared();
  const memory = userKey("attempt");
  sending.value = true;
  attemptPut(sent);
  try {
    const { data } = await orderCreate(sent.body, sent.key);
    // If the session ended meanwhile the attempt stays for the next one, which repeats it and clears the basket.
    if (me.value) settled(sent);
    return data;
  } catch (problem) {
    const left = attemptAfter(sent, problem.status);
    remember(memory, left);
    if (me.value) attempt.value = left;
    // Prices that changed are no fault of a line: the page asks whether to go on.
    if (problem.code === "hold_ended") promiseAgain();
    else if (problem.code !== "price_changed") refusals.value = lineProblems(problem, sent.lines);
    throw problem;
  } finally {
    sending.value = false;
  }
}

/**
 * After 409 price_changed: asks anew and says what differs from what was shown.
 * @returns {Promise<{lines: {line: BasketLine, was: object, now: object}[], was: object, now: object}>}
 */
export async function priceDifferences() {
  const was = answer.value;
  await askNow();
  const now = answer.value;
  const lines = basket.value.lines
    .map((line) => ({ line, was: was.lines.get(line.id), now: now.lines.get(line.id) }))
    .filter((row) => row.was?.amount !== row.now?.amount || row.was?.price?.amount !== row.now?.price?.amount);
  return { lines, was, now };
}

// ------------------------------------------------------------------------------------------------------ its life

export function basketStart() {
  effect(() => {
    if (me.value?.dealer) load();
    else batch(() => {
      basket.value = EMPTY;
      attempt.value = null;
      answer.value = UNANSWERED;
    });
  });
  effect(() => {
    if (!questionKey.value) return undefined;
    const timer = setTimeout(askNow, REST_MS);
    return () => {
      clearTimeout(timer);
      promises.stop();
    };
  });
  effect(() => {
    // The server is back; what it was asked in vain is asked again.
    if (returns.value > 0 && answer.peek().problem?.isAbsent) promiseAgain();
  });
  // Another tab of the same user changed it.
  window.addEventListener("storage", (event) => {
    if (me.value?.dealer && [userKey("basket"), userKey("attempt")].includes(event.key)) load();
  });
}
