// The promise bar: what an order line gets from which shipment, what from stock, and what is short. Basket, item and
// order page show the same one, with the server's sentence.

import { html } from "/vendor.js";
import { barSegments } from "../bar.js";
import { dayText, numberText, t } from "../i18n.js";

const SOURCES = { receipt: "ui.bar.receipt", stock: "ui.bar.stock", short: "ui.bar.short" };

function Segment({ kind, date, quantity, width }) {
  const source = date ? dayText(date) : SOURCES[kind] && t(SOURCES[kind]);
  // The width is data; it is set through the CSSOM, which the policy allows where an attribute is refused.
  return html`<span class="bar-segment bar-${kind}" style=${{ width: `${width / 100}%` }}>
    <span class="bar-label">
      <span class="bar-number">${numberText(quantity)}</span>
      <span>${source}</span>
    </span>
  </span>`;
}

/** @param {{line: {pegs: object[], promised: string|null, short: string|null, text: string}}} props: null: hidden */
function PromiseBar({ line }) {
  if (line.promised === null || line.short === null) return null;
  const segments = barSegments(line);
  if (segments.length === 0) return null;
  return html`<div class="bar" role="img" aria-label=${line.text}>
    ${segments.map((segment, index) => html`<${Segment} key=${index} ...${segment} />`)}
  </div>`;
}

/** The bar and the sentence exactly as the server gives it. stale: the question has changed since. */
export function Promised({ line, stale = false }) {
  return html`<div class=${stale ? "promised stale" : "promised"}>
    <${PromiseBar} line=${line} />
    <p class="promised-text">${line.text}</p>
  </div>`;
}

/** What the patterns mean; once a page. */
export function BarLegend() {
  return html`<ul class="legend" aria-label=${t("ui.bar.legend")}>
    ${Object.entries(SOURCES).map(([kind, key]) => html`<li key=${kind}><span class="swatch bar-${kind}"></span>${t(key)}</li>`)}
  </ul>`;
}
