// Putting an item into the basket from a list: a quantity and a button that shows how much is there already.

import { html, useState } from "/vendor.js";
import { basketAdd, inBasket, LINES_MAX } from "../basket.js";
import { isPositive } from "../decimal.js";
import { numberText, quantityText, t } from "../i18n.js";
import { Icon } from "./icon.js";
import { QuantityField, stepOf } from "./quantity_field.js";
import { toastDone, toastProblem } from "./toast.js";

/** Adds and says so; what is no quantity is not added. Returns whether it was. */
export function addToBasket(item, qty, unitIn = null) {
  if (!isPositive(qty)) {
    toastProblem({ detail: t("ui.quantity.malformed", { value: qty }) });
    return false;
  }
  if (!basketAdd(item, qty, unitIn)) {
    toastProblem({ detail: t("ui.basket.full", { most: LINES_MAX }) });
    return false;
  }
  toastDone(t("ui.item.added", { quantity: quantityText(qty, unitIn ?? item.unit), name: item.name }));
  return true;
}

export function OrderCell({ item }) {
  const [qty, setQty] = useState(stepOf(item.pack));
  const there = inBasket.value.get(item.id);
  const add = () => addToBasket(item, qty);
  const name = there
    ? t("ui.item.add_more", { sku: item.sku, quantity: quantityText(there, item.unit) })
    : t("ui.item.add_named", { sku: item.sku });
  return html`<div class="order-cell">
    <${QuantityField} label=${t("ui.quantity.of", { sku: item.sku })} value=${qty} pack=${item.pack} onValue=${setQty}
      onEnter=${add} />
    <button type="button" class=${there ? "button add added" : "button add"} aria-label=${name} title=${name} onClick=${add}>
      <${Icon} name="basket" />${there ? numberText(there) : html`<${Icon} name="plus" class="tiny" />`}
    </button>
  </div>`;
}

/** Why it cannot be ordered. */
export function Restricted({ restricted }) {
  return html`<p class="restricted"><${Icon} name="ban" /><span class="restricted-text" title=${restricted.text}>${restricted.text}</span></p>`;
}
