// Ready ways out of a shortage, as the server words them: one click takes one into the basket, another holds it.

import { html, useState } from "/vendor.js";
import { offerHold, offerTake } from "../basket.js";
import { t } from "../i18n.js";
import { me } from "../state.js";
import { Icon } from "./icon.js";
import { toastDone, toastProblem } from "./toast.js";

function Offer({ line, offer, busy, onHold }) {
  const minutes = me.value.hold_minutes;
  return html`<li class="offer">
    <button type="button" class="button small offer-take" disabled=${busy} onClick=${() => offerTake(line.id, offer)}>
      ${offer.text}
    </button>
    ${minutes > 0 && html`<button type="button" class="link" disabled=${busy} onClick=${() => onHold(offer)}
      aria-label=${t("ui.offer.hold_of", { minutes, text: offer.text })}>
      <${Icon} name="lock" />${t("ui.offer.hold", { minutes })}
    </button>`}
  </li>`;
}

/** @param {{line: import("../basket.js").BasketLine, offers: object[]}} props */
export function Offers({ line, offers }) {
  const [busy, setBusy] = useState(false);
  if (offers.length === 0) return null;
  const hold = async (offer) => {
    setBusy(true);
    try {
      await offerHold(line.id, offer);
      toastDone(t("ui.offer.held", { text: offer.text }));
    } catch (problem) {
      toastProblem(problem);
    }
    setBusy(false);
  };
  return html`<ul class="offers" aria-label=${t("ui.offer.title", { sku: line.sku })}>
    ${offers.map((offer) => html`<${Offer} key=${offer.kind} line=${line} offer=${offer} busy=${busy} onHold=${hold} />`)}
  </ul>`;
}
