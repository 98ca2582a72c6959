// Where the browser is, by the History API. Plain links work: a click on one of ours goes here and not to the server.

import { signal } from "/vendor.js";
import { routeMatch, routePath } from "./route.js";

function here() {
  return {
    ...routeMatch(location.pathname),
    path: location.pathname,
    full: location.pathname + location.search,
    query: Object.fromEntries(new URLSearchParams(location.search)),
  };
}

/** {page, params, path, full, query} of the address shown. */
export const place = signal(here());

/** The address shown with another query: filters change one by one, and an empty value takes one away. */
export const placeUrl = (change) => routePath(place.value.page, place.value.params, { ...place.value.query, ...change });

/* Each entry of the history keeps how far it was scrolled. */
function scrollKeep() {
  history.replaceState({ ...history.state, scroll: window.scrollY }, "");
}

/** Goes to one of our addresses. replace: without a new entry in the history. */
export function navigate(url, { replace = false } = {}) {
  const before = place.value.path;
  scrollKeep();
  if (replace) history.replaceState({}, "", url);
  else history.pushState({}, "", url);
  place.value = here();
  if (place.value.path !== before) window.scrollTo(0, 0);
}

function isPlainClick(event) {
  return event.button === 0 && !event.defaultPrevented && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}

function onClick(event) {
  const link = isPlainClick(event) && event.target.closest("a[href]");
  if (!link || link.target || link.origin !== location.origin || link.getAttribute("href").startsWith("#")) return;
  if (routeMatch(link.pathname).page === "missing") return;
  event.preventDefault();
  navigate(link.pathname + link.search);
}

function onBack() {
  place.value = here();
  const scroll = history.state?.scroll ?? 0;
  // The page is drawn first; what it shows from memory is then as tall as it was.
  requestAnimationFrame(() => window.scrollTo(0, scroll));
}

export function routerStart() {
  history.scrollRestoration = "manual";
  document.addEventListener("click", onClick);
  window.addEventListener("popstate", onBack);
  window.addEventListener("pagehide", scrollKeep);
}
