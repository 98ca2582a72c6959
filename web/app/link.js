// Whether the server can be reached. A request that no answer came to says that it is away; from then on somebody knocks
// now and then, until any answer says that it is back.

import { signal } from "/vendor.js";

const KNOCK_MS = 3000;
const KNOCK_MAX_MS = 30_000;

/** Whether the server is away. */
export const away = signal(false);
/** Rises each time it is back: what had failed may be asked again. */
export const returns = signal(0);

let timer = null;
let wait = KNOCK_MS;
let knock = async () => {};

/** How to ask the server for nothing but an answer. */
export function linkKnocksBy(ask) {
  knock = ask;
}

function plan() {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    await knock().catch(() => {});
    if (away.value) plan();
  }, wait);
  wait = Math.min(wait * 2, KNOCK_MAX_MS);
}

/** Takes note of a request that ended: whether the server itself answered. */
export function linkSeen(isThere) {
  if (isThere !== away.value) return;
  away.value = !isThere;
  wait = KNOCK_MS;
  if (away.value) plan();
  else {
    clearTimeout(timer);
    returns.value += 1;
  }
}
