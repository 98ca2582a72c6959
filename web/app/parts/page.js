// What every page begins with: its heading, which is also the window's title and where a screen reader goes on.

import { html, useEffect, useRef } from "/vendor.js";
import { portal } from "../state.js";

/** @param {{title: string, children?: any, hidden?: boolean}} props  children: what stands beside the heading */
export function PageTitle({ title, children, hidden = false }) {
  const heading = useRef(null);
  useEffect(() => {
    document.title = [title, portal.value?.title].filter(Boolean).join(" · ");
  }, [title]);
  useEffect(() => {
    // Nobody is torn away from what he types; whoever followed a link goes on at the heading.
    if (document.activeElement.matches("body, a")) heading.current.focus({ preventScroll: true });
  }, []);
  return html`<div class=${hidden ? "page-title visually-hidden" : "page-title"}>
    <h1 ref=${heading} tabindex="-1">${title}</h1>
    ${children}
  </div>`;
}

/** Grey bars where text is going to be. */
export function Skeleton({ rows = 6 }) {
  return html`<div class="skeleton" aria-hidden="true">
    ${Array.from({ length: rows }, (_, index) => html`<div key=${index} class="skeleton-row"></div>`)}
  </div>`;
}
