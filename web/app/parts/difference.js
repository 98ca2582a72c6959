// What changed in files, as diff -u tells it: a line a row, its sign in front.

import { html } from "/vendor.js";
import { t } from "../i18n.js";

const LOOKS = { "+": "difference-added", "-": "difference-removed", "@": "difference-place" };

/** @param {{changes: {file: string, added: number, removed: number, diff: string}[]}} props */
export function Difference({ changes }) {
  return html`<div class="differences">
    ${changes.map(({ file, added, removed, diff }) => html`<figure key=${file} class="difference">
      <figcaption><span class="strong">${file}</span> <span class="muted">${t("ui.settings.lines", { added, removed })}</span></figcaption>
      <pre tabindex="0" aria-label=${file}>${diff.replace(/\n$/, "").split("\n").map((line, index) =>
        html`<span key=${index} class=${LOOKS[line[0]]}>${line}</span>`)}</pre>
    </figure>`)}
  </div>`;
}
