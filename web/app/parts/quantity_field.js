// A quantity: typed with comma or point, or stepped by the pack. What is typed goes out as a decimal string at once;
// what is no number goes out as it is, for the server to name.

import { html, useState } from "/vendor.js";
import { add, compare, fromInput, isDecimal, isMultiple, isPositive, multipleUp, subtract } from "../decimal.js";
import { numberText, quantityText, t } from "../i18n.js";
import { Icon } from "./icon.js";

/** How much one press adds: the pack, or about one where the pack is as fine as a saw cuts. */
export function stepOf(pack) {
  if (!isPositive(pack)) return "1";
  return compare(pack, "0.1") < 0 ? multipleUp("1", pack) : pack;
}

function stepped(value, step, up) {
  if (!isDecimal(value)) return step;
  const ceiling = multipleUp(value, step);
  if (up) return compare(ceiling, value) > 0 ? ceiling : add(value, step);
  const below = subtract(ceiling, step);
  return isPositive(below) ? below : step;
}

/**
 * @param {{label: string, value: string, pack: string, onValue: (value: string) => void, onEnter?: () => void,
 *   disabled?: boolean, invalid?: boolean, describedBy?: string}} props
 */
export function QuantityField({ label, value, pack, onValue, onEnter, disabled, invalid, describedBy }) {
  const [typed, setTyped] = useState(null);
  const step = stepOf(pack);
  const shown = typed ?? (isDecimal(value) ? numberText(value) : value);
  const move = (up) => {
    setTyped(null);
    onValue(stepped(value, step, up));
  };
  const onKey = (event) => {
    if (event.key === "Enter" && onEnter) {
      event.preventDefault();
      setTyped(null);
      onEnter();
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      move(event.key === "ArrowUp");
    }
  };
  return html`<div class="quantity">
    <button type="button" class="quantity-step" aria-label=${t("ui.quantity.less")} disabled=${disabled}
      onClick=${() => move(false)}><${Icon} name="minus" /></button>
    <input class="quantity-input" type="text" inputmode="decimal" autocomplete="off" aria-label=${label}
      aria-invalid=${invalid ? "true" : undefined} aria-describedby=${describedBy} value=${shown} disabled=${disabled}
      onInput=${(event) => {
        setTyped(event.target.value);
        onValue(fromInput(event.target.value));
      }}
      onFocus=${(event) => event.target.select()}
      onBlur=${() => setTyped(null)} onKeyDown=${onKey} />
    <button type="button" class="quantity-step" aria-label=${t("ui.quantity.more")} disabled=${disabled}
      onClick=${() => move(true)}><${Icon} name="plus" /></button>
  </div>`;
}

/** The unit the quantity is in; nothing where there is but one. */
export function UnitSelect({ label, units, value, onValue, disabled }) {
  if (units.length < 2) return html`<span>${value}</span>`;
  return html`<select class="unit-select" aria-label=${label} value=${value} disabled=${disabled}
    onChange=${(event) => onValue(event.target.value)}>
    ${units.map(({ name }) => html`<option key=${name} value=${name} selected=${name === value}>${name}</option>`)}
  </select>`;
}

/** Says that the quantity is no whole number of packs, and offers the nearest that are. Nothing where it is one. */
export function PackHint({ value, pack, unit, onValue }) {
  if (!isPositive(value) || !isPositive(pack) || isMultiple(value, pack)) return null;
  const above = multipleUp(value, pack);
  const below = subtract(above, pack);
  return html`<span class="pack-hint">
    <span class="muted">${t("ui.quantity.by", { pack: quantityText(pack, unit) })}</span>
    ${isPositive(below) && html`<button type="button" class="link hint" onClick=${() => onValue(below)}>
      ${t("ui.quantity.take_less", { whole: quantityText(below, unit), less: numberText(subtract(value, below)) })}
    </button>`}
    <button type="button" class="link hint" onClick=${() => onValue(above)}>
      ${t("ui.quantity.take_more", { whole: quantityText(above, unit), more: numberText(subtract(above, value)) })}
    </button>
  </span>`;
}
