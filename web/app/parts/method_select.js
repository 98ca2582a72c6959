// How the goods get to the dealer: it decides how many days before the desired date they leave. Nothing to choose where
// there is one way.

import { html } from "/vendor.js";
import { t } from "../i18n.js";
import { me, method, methodChoose, methodTitle } from "../state.js";

/** @param {{disabled?: boolean}} props */
export function MethodSelect({ disabled }) {
  const { methods } = me.value;
  if (methods.length === 0) return null;
  if (methods.length === 1) return html`<p class="field"><span>${t("ui.basket.method")}</span>${methodTitle(methods[0])}</p>`;
  return html`<label class="field">
    <span>${t("ui.basket.method")}</span>
    <select value=${method.value} disabled=${disabled} onChange=${(event) => methodChoose(event.target.value)}>
      ${methods.map((one) => html`<option key=${one.name} value=${one.name}>
        ${one.transit_days > 0 ? t("ui.basket.method_days", { title: methodTitle(one), days: one.transit_days }) : methodTitle(one)}
      </option>`)}
    </select>
  </label>`;
}
