// Beginning and ending a session: what everything else must then do.

import { apiOnSessionEnd, meGet, Problem, sessionCreate, sessionDelete } from "./api.js";
import { changesStart, changesStop } from "./changes.js";
import { queriesForget } from "./query.js";
import { HOME, returnPath, routePath } from "./route.js";
import { navigate, place } from "./router.js";
import { enter, leave, me } from "./state.js";

async function begin(answer) {
  queriesForget();
  await enter(answer);
  changesStart();
}

function end() {
  changesStop();
  leave();
  queriesForget();
}

function toLogin() {
  const { page, full } = place.value;
  if (page === "login") return;
  navigate(routePath("login", {}, { next: full === "/" || full === HOME ? "" : full }), { replace: true });
}

/** Takes up the session that the browser still has, or shows the login page. */
export async function sessionResume() {
  apiOnSessionEnd(() => {
    if (!me.value) return;
    toLogin();
    end();
  });
  try {
    await begin((await meGet()).data);
    if (place.value.page === "login") navigate(returnPath(place.value.query.next), { replace: true });
  } catch (problem) {
    if (!(problem instanceof Problem) || problem.status !== 401) throw problem;
    toLogin();
  }
}

/** Logs in and goes back to where one was. Throws the Problem. */
export async function sessionEnter(login, password) {
  await begin((await sessionCreate({ login, password })).data);
  navigate(returnPath(place.value.query.next), { replace: true });
}

/** Logs out, here even if the server does not answer: it forgets the session by its age then. */
export async function sessionLeave() {
  await sessionDelete().catch(() => {});
  navigate(routePath("login"));
  end();
}
