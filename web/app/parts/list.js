// A list that grows by a button: a table on a wide screen, cards on a phone; and what stands there while there is none.

import { html } from "/vendor.js";
import { t } from "../i18n.js";
import { phone } from "../state.js";
import { Skeleton } from "./page.js";
import { ProblemBox } from "./problem.js";
import { toastProblem } from "./toast.js";

/** Cards of a list; what is being asked anew is dimmed. */
export function Cards({ title, isOld = false, children }) {
  return html`<ul class=${isOld ? "cards stale" : "cards"} aria-label=${title} aria-busy=${isOld}>${children}</ul>`;
}

/** A table, named by a caption that is heard and not seen. */
export function Table({ title, look, isOld = false, head, children }) {
  return html`<table class=${isOld ? `table ${look} stale` : `table ${look}`} aria-busy=${isOld}>
    <caption class="visually-hidden">${title}</caption>
    <thead><tr>${head}</tr></thead>
    <tbody>${children}</tbody>
  </table>`;
}

/**
 * @param {{list: object, title: string, look: string, head: any, row: (one: object) => any, card: (one: object) => any,
 *   empty: any, skeleton: number}} props  list: what useList gives; look: the table's class; row, card: with a key
 */
export function List({ list, title, look, head, row, card, empty, skeleton }) {
  const { answer, problem, isOld, busy, again, busyMore, more } = list;
  const rows = answer?.rows ?? [];
  return html`
    <${ProblemBox} problem=${problem} onRetry=${again} />
    ${!answer && !problem && html`<${Skeleton} rows=${skeleton} />`}
    ${answer && rows.length === 0 && empty}
    ${rows.length > 0 && !phone.value && html`<${Table} title=${title} look=${look} isOld=${isOld} head=${head}>${rows.map(row)}<//>`}
    ${rows.length > 0 && phone.value && html`<${Cards} title=${title} isOld=${isOld}>${rows.map(card)}<//>`}
    ${answer?.next && html`<button type="button" class="button wide more" disabled=${busyMore || busy}
      onClick=${() => more().catch(toastProblem)}>
      ${t("ui.catalogue.more")}
    </button>`}
  `;
}
