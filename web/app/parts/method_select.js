// How the goods get to the dealer: it decides how many days before the desired date they leave. Nothing to choose where
// there is one way.

import { html } from "/vendor.js";
import { t } from "../i18n.js";
import { me, method, methodChoose } from "../state.js";

/** @param {{disabled?: boolean}} props */
export function MethodSelect({ disabled }) {
  const { methods } = me.value;
  if (methods.length === 0) return null;
  if (methods.length === 1) return html`<p class="field"><span>${t("ui.basket.method")}</span>${methods[0].title}</p>`;
  return html`<label class="field">
    <span>${t("ui.basket.method")}</span>
    <select value=${method.value} disabled=${disabled} onChange=${(event) => methodChoose(event.target.value)}>
      ${methods.map(({ name, title, transit_days: days }) => html`<option key=${name} value=${name}>
        ${days > 0 ? t("ui.basket.method_days", { title, days }) : title}
      </option>`)}
    </select>
  </label>`;
}
