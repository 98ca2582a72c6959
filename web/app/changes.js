// Asks now and then what changed, in the tab that is looked at, and tells whoever shows it.

import { signal } from "/vendor.js";
import { changeList } from "./api.js";
import { latest, Overtaken } from "./latest.js";

const EVERY_MS = 20_000;
/* Tabs of one office must not all ask in the same second. */
const JITTER = 0.25;
const BACK_OFF_MAX_MS = 300_000;

/** The orders changed by the last answer that named any, and a number that rises with each. */
export const changed = signal({ count: 0, ids: new Set() });

let cursor = null;
let timer = null;
let wait = EVERY_MS;
let running = false;
/* An answer to who was here before must not move the cursor of who is here now. */
const line = latest();

function plan(ms) {
  clearTimeout(timer);
  timer = setTimeout(ask, ms * (1 - JITTER + 2 * JITTER * Math.random()));
}

async function ask() {
  if (document.hidden || !running) return;
  try {
    const { data } = await line.ask((signal) => changeList({ since: cursor }, { signal }));
    cursor = data.next;
    wait = EVERY_MS;
    if (data.changes.length > 0) {
      changed.value = { count: changed.value.count + 1, ids: new Set(data.changes.map(({ id }) => id)) };
    }
  } catch (problem) {
    if (problem instanceof Overtaken) return;
    // Who may not look at orders is told so once.
    if (problem.status === 403) return;
    wait = Math.min(wait * 2, BACK_OFF_MAX_MS);
  }
  if (running) plan(wait);
}

function onVisible() {
  if (running && !document.hidden) plan(0);
}

/** Begins with a session. */
export function changesStart() {
  if (running) return;
  running = true;
  cursor = null;
  wait = EVERY_MS;
  document.addEventListener("visibilitychange", onVisible);
  plan(0);
}

/** Ends with it. */
export function changesStop() {
  running = false;
  line.stop();
  clearTimeout(timer);
  document.removeEventListener("visibilitychange", onVisible);
}
