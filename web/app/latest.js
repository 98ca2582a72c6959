// Of questions asked one after another only the last one counts: its answer may be shown, the others' come too late,
// however long they take. Pure.

/** Thrown in place of what a question gave or threw when another was asked meanwhile, or nobody waits for it. */
export class Overtaken extends Error {}

/**
 * A place where one answer is shown. `ask(question)` runs question(signal) and gives its answer; asking again, or
 * `stop()`, aborts the signal of the one before, whose promise then rejects with Overtaken even if it was answered.
 */
export function latest() {
  let controller = null;
  return {
    async ask(question) {
      controller?.abort();
      const mine = new AbortController();
      controller = mine;
      try {
        const answer = await question(mine.signal);
        if (controller === mine) return answer;
      } catch (error) {
        if (controller === mine) throw error;
      }
      throw new Overtaken();
    },
    stop() {
      controller?.abort();
      controller = null;
    },
  };
}
