// What a page asks of the server: the latest question wins, an answer stays on the screen until the next is there, and
// a page one comes back to shows at once what it showed before.

import { useEffect, useRef, useState } from "/vendor.js";
import { latest, Overtaken } from "./latest.js";
import { returns } from "./link.js";

/* Answers kept for going back; a page of the catalogue is some 20 KB. */
const KEPT_MAX = 40;
const kept = new Map();

function keep(key, answer) {
  kept.delete(key);
  kept.set(key, answer);
  if (kept.size > KEPT_MAX) kept.delete(kept.keys().next().value);
}

/** Forgets every answer: another user, another language. */
export function queriesForget() {
  kept.clear();
}

/**
 * Asks whenever the key changes.
 * @template T
 * @param {string} key names the question
 * @param {(options: {signal: AbortSignal}, shown: T|null) => Promise<T>} ask  shown: the answer on the screen
 * @param {{delay?: number, keeps?: boolean}} [options] delay: milliseconds of rest before asking, for questions that
 *   are typed; keeps: whether the answer is worth showing when one comes back
 * @returns {{answer: T|null, isOld: boolean, problem: Error|null, busy: boolean, again: () => void,
 *   put: (answer: T) => void}}  isOld: the answer is to the question before
 */
export function useQuery(key, ask, { delay = 0, keeps = true } = {}) {
  const [shown, show] = useState({ key, answer: kept.get(key) ?? null, problem: null, busy: true });
  const [round, setRound] = useState(0);
  const line = useRef(null);
  line.current ??= latest();
  const asked = useRef(key);
  asked.current = key;
  // What no answer came to is asked again when the server is back.
  const back = shown.problem?.isAbsent ? returns.value : 0;

  useEffect(() => {
    const known = kept.get(key);
    show((was) => (known ? { key, answer: known, problem: null, busy: true } : { ...was, busy: true }));
    const start = async () => {
      try {
        const answer = await line.current.ask((signal) => ask({ signal }, known ?? shown.answer));
        if (keeps) keep(key, answer);
        show({ key, answer, problem: null, busy: false });
      } catch (problem) {
        if (!(problem instanceof Overtaken)) show((was) => ({ ...was, problem, busy: false }));
      }
    };
    const timer = setTimeout(start, delay);
    return () => {
      clearTimeout(timer);
      line.current.stop();
    };
  }, [key, round, back]);

  return {
    answer: shown.answer,
    isOld: shown.key !== key,
    problem: shown.problem,
    busy: shown.busy,
    again: () => setRound((number) => number + 1),
    /** Replaces the answer, and overtakes what is being asked; if another question is on the screen by now, only in memory. */
    put(answer) {
      keep(key, answer);
      if (asked.current !== key) return;
      line.current.stop();
      show({ key, answer, problem: null, busy: false });
    },
  };
}

/* The API's most for one page. */
const ROWS_MAX = 200;

/** The first count rows, in as many pages as that takes. */
async function rowsOf(askPage, count, options) {
  let rows = [];
  let page = { next: undefined };
  do {
    page = await askPage({ limit: String(Math.min(ROWS_MAX, count - rows.length)), cursor: page.next }, options);
    rows = [...rows, ...page.rows];
  } while (page.next && rows.length < count);
  return { ...page, rows };
}

/**
 * A list that grows page by page on demand. Asking anew (another day, a change, coming back) keeps as many rows as are
 * shown, as long as the filters are the same.
 * @param {string} key names the question, the filters among it
 * @param {object} filters what chooses the rows
 * @param {number} size rows of a page
 * @param {(page: {limit: string, cursor?: string}, options: object) => Promise<{rows: object[], next: string|null}>} askPage
 */
export function useList(key, filters, size, askPage) {
  const [busyMore, setBusyMore] = useState(false);
  const chosen = JSON.stringify(filters);
  const query = useQuery(key, async (options, shown) => {
    const count = shown?.chosen === chosen ? Math.max(size, shown.rows.length) : size;
    return { ...(await rowsOf(askPage, count, options)), chosen };
  });
  /** Asks for one page more. Throws the Problem. */
  const more = async () => {
    setBusyMore(true);
    try {
      const page = await askPage({ limit: String(size), cursor: query.answer.next }, {});
      query.put({ ...page, rows: [...query.answer.rows, ...page.rows], chosen });
    } finally {
      setBusyMore(false);
    }
  };
  return { ...query, busyMore, more };
}
