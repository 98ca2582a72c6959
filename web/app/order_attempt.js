// An order on its way, {key, body, lines, unknown}, and what its answer, or the lack of one, means for it. Pure.

/* These say that the order was looked at and not stored. */
const DECIDED = [400, 404, 409, 413, 415, 422];

/** An attempt found in memory: whoever sent it is gone and never heard the answer. */
export function attemptFound(stored) {
  return stored && { ...stored, unknown: true };
}

/**
 * What is left of an attempt that failed with this HTTP status (0: no answer came). Null: it was not stored, and the
 * next order is a new one. Else it is unknown whether it was, and only the same bytes under the same key may be sent;
 * what says nothing of the order (a session that ended, too many requests) leaves an unknown one unknown.
 */
export function attemptAfter(sent, status) {
  const unanswered = status === 0 || status >= 500;
  return unanswered || (sent.unknown && !DECIDED.includes(status)) ? { ...sent, unknown: true } : null;
}

/**
 * The sentences of a refused request by line: pointers like /lines/3/qty name lines of the request.
 * @param {{pointer: string|null, detail: string, errors: {pointer?: string, detail: string}[]}} problem
 * @param {string[]} ids the lines of the request
 * @returns {Map<string, string>} line id to sentence
 */
export function lineProblems(problem, ids) {
  const found = new Map();
  for (const { pointer, detail } of [problem, ...problem.errors]) {
    const index = /^\/lines\/([0-9]+)(\/|$)/.exec(pointer ?? "")?.[1];
    if (index !== undefined && ids[index] !== undefined) found.set(ids[index], detail);
  }
  return found;
}
