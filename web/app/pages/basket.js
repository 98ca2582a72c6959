// The basket: what is asked, what the server promises for it line by line, what it costs; and sending it as an order.

import { html, useEffect, useState } from "/vendor.js";
import {
  answer,
  attempt,
  basket,
  basketNote,
  holdEnd,
  isAnswered,
  lineChange,
  lineRemove,
  orderSend,
  priceDifferences,
  promiseAgain,
  refusals,
  sending,
} from "../basket.js";
import { isPositive } from "../decimal.js";
import { dayAdd } from "../format.js";
import { dayFullText, moneyOrDash, moneyText, quantityText, t, timeText } from "../i18n.js";
import { DateField } from "../parts/date_field.js";
import { Dialog } from "../parts/dialog.js";
import { Holds } from "../parts/holds.js";
import { Icon } from "../parts/icon.js";
import { Cards, Table } from "../parts/list.js";
import { MethodSelect } from "../parts/method_select.js";
import { Offers } from "../parts/offers.js";
import { PageTitle } from "../parts/page.js";
import { ProblemBox, RequestId } from "../parts/problem.js";
import { BarLegend, Promised } from "../parts/promise_bar.js";
import { PackHint, QuantityField, UnitSelect } from "../parts/quantity_field.js";
import { toastDone, toastProblem } from "../parts/toast.js";
import { HOME, routePath } from "../route.js";
import { navigate } from "../router.js";
import { contractNow, date, DATE_AHEAD_DAYS, me, phone } from "../state.js";
import { inUnit, unitNamed, unitsOf } from "../units.js";

// ------------------------------------------------------------------------------------------------------ a line

/** Why the line cannot be ordered; null where it can. */
function errorOf(line) {
  return answer.value.lines.get(line.id)?.error?.text ?? refusals.value.get(line.id) ?? null;
}

// How much is short may be hidden: then the figure is null, which it never is for a whole line.
const lacks = (promised) => promised.short === null || isPositive(promised.short);
const isShort = (line) => answer.value.lines.has(line.id) && lacks(answer.value.lines.get(line.id));

function Quantity({ line, disabled }) {
  const error = errorOf(line);
  const errorId = `error-${line.id}`;
  const promised = answer.value.lines.get(line.id);
  const units = unitsOf(line, promised?.units ?? []);
  // Until the server has said what its units are, a line in another one knows it by name.
  const unit = line.in && !promised ? { name: line.in, step: "1" } : unitNamed(units, line.in);
  const onValue = (qty) => lineChange(line.id, { qty });
  const onUnit = (name) => {
    const next = unitNamed(units, name);
    lineChange(line.id, { qty: inUnit(line.qty, unit, next), in: next === units[0] ? null : name });
  };
  return html`<span class="quantity-in">
      <${QuantityField} label=${t("ui.quantity.of", { sku: line.sku })} value=${line.qty} pack=${unit.step}
        disabled=${disabled} invalid=${Boolean(error)} describedBy=${error ? errorId : undefined} onValue=${onValue} />
      <${UnitSelect} label=${t("ui.quantity.unit_of", { sku: line.sku })} units=${units} value=${unit.name} disabled=${disabled}
        onValue=${onUnit} />
    </span>
    ${line.in && promised && !promised.error && html`<span class="muted">${t("ui.quantity.equals", { quantity: quantityText(promised.asked, promised.unit) })}</span>`}
    ${!disabled && html`<${PackHint} value=${line.qty} pack=${unit.step} unit=${unit.name} onValue=${onValue} />`}`;
}

/** The line's own desired date, or the button that gives it one. */
function OwnDate({ line, disabled }) {
  if (!line.date) {
    return html`<button type="button" class="link" disabled=${disabled} onClick=${() => lineChange(line.id, { date: date.value })}
      aria-label=${t("ui.basket.own_date_of", { sku: line.sku })}>${t("ui.basket.own_date")}</button>`;
  }
  const { today } = me.value;
  return html`<span class="own-date">
    <${DateField} label=${t("ui.basket.date_of", { sku: line.sku })} value=${line.date} min=${today} disabled=${disabled}
      max=${dayAdd(today, DATE_AHEAD_DAYS)} onValue=${(day) => lineChange(line.id, { date: day })} />
    <button type="button" class="icon-button" aria-label=${t("ui.basket.same_date")} title=${t("ui.basket.same_date")}
      disabled=${disabled} onClick=${() => lineChange(line.id, { date: null })}><${Icon} name="cross" /></button>
  </span>`;
}

/** Until when the line is held, and the way out of it. */
function Held({ line, disabled }) {
  const end = () => holdEnd(line.hold.id).catch(toastProblem);
  return html`<p class="held">
    <${Icon} name="lock" />
    <span>${t("ui.offer.held_until", { time: timeText(line.hold.until) })}${" "}<button type="button" class="link" disabled=${disabled}
      onClick=${end} aria-label=${t("ui.offer.release_of", { sku: line.sku })}>${t("ui.offer.release")}</button></span>
  </p>`;
}

function PromiseCell({ line, disabled }) {
  const promised = answer.value.lines.get(line.id);
  const error = errorOf(line);
  if (error) {
    return html`<p class="line-error" id=${`error-${line.id}`}><${Icon} name="warning" />${error}</p>`;
  }
  if (line.qty === "") return html`<p class="muted">${t("ui.basket.no_quantity")}</p>`;
  if (!promised) return html`<div class="bar-wait" aria-hidden="true"></div>`;
  return html`<${Promised} line=${promised} stale=${!isAnswered.value} />
    ${line.hold && html`<${Held} line=${line} disabled=${disabled} />`}
    ${!disabled && isAnswered.value && html`<${Offers} line=${line} offers=${promised.offers} />`}`;
}

function priceTexts(line) {
  const promised = answer.value.lines.get(line.id);
  if (!promised || promised.error) return { price: "", amount: "" };
  const { price, amount } = promised;
  return {
    price: price ? moneyText(price.amount, price.currency) : t("ui.item.no_price"),
    amount: amount === null ? "" : moneyText(amount, answer.value.currency),
  };
}

function remove(line) {
  const undo = lineRemove(line.id);
  toastDone(t("ui.basket.removed", { name: line.name }), { text: t("ui.basket.undo"), run: undo });
}

function RemoveButton({ line, disabled }) {
  const name = t("ui.basket.remove", { sku: line.sku });
  return html`<button type="button" class="icon-button" aria-label=${name} title=${name} disabled=${disabled}
    onClick=${() => remove(line)}><${Icon} name="cross" /></button>`;
}

const lineClass = (line) => (errorOf(line) ? "has-error" : isShort(line) ? "is-short" : "");

function Row({ line, disabled }) {
  const { price, amount } = priceTexts(line);
  return html`<tr class=${lineClass(line)}>
    <th scope="row" class="cell-name">
      <a href=${routePath("item", { id: line.item })}>${line.name}</a>
      <span class="muted">${line.sku}</span>
    </th>
    <td class="cell-quantity">
      <div class="quantity-row"><${Quantity} line=${line} disabled=${disabled || Boolean(line.hold)} /></div>
      <${OwnDate} line=${line} disabled=${disabled || Boolean(line.hold)} />
    </td>
    <td class="cell-promise"><${PromiseCell} line=${line} disabled=${disabled} /></td>
    <td class="cell-price">${price}<span class="per">${price && t("ui.item.per_unit", { unit: line.unit })}</span></td>
    <td class="cell-amount">${amount}</td>
    <td class="cell-action"><${RemoveButton} line=${line} disabled=${disabled} /></td>
  </tr>`;
}

const head = () => html`
  <th scope="col">${t("ui.item.name")}</th>
  <th scope="col">${t("ui.quantity.title")}</th>
  <th scope="col"><span class="with-legend">${t("ui.bar.title")}<${BarLegend} /></span></th>
  <th scope="col" class="cell-price">${t("ui.item.price")}</th>
  <th scope="col" class="cell-amount">${t("ui.basket.amount")}</th>
  <th scope="col"><span class="visually-hidden">${t("ui.basket.actions")}</span></th>`;

function Card({ line, disabled }) {
  const { price, amount } = priceTexts(line);
  return html`<li class="card ${lineClass(line)}">
    <div class="card-top">
      <div class="card-head">
        <a class="card-name" href=${routePath("item", { id: line.item })}>${line.name}</a>
        <span class="muted">${[line.sku, price].filter(Boolean).join(" · ")}</span>
      </div>
      <${RemoveButton} line=${line} disabled=${disabled} />
    </div>
    <div class="card-quantity">
      <${Quantity} line=${line} disabled=${disabled || Boolean(line.hold)} />
      <span class="sum">${amount}</span>
    </div>
    <${OwnDate} line=${line} disabled=${disabled || Boolean(line.hold)} />
    <${PromiseCell} line=${line} disabled=${disabled} />
  </li>`;
}

function Lines({ lines, disabled }) {
  const title = t("ui.basket.lines");
  const each = (Look) => lines.map((line) => html`<${Look} key=${line.id} line=${line} disabled=${disabled} />`);
  if (phone.value) return html`<${BarLegend} /><${Cards} title=${title}>${each(Card)}<//>`;
  return html`<${Table} title=${title} look="basket-table" head=${head()}>${each(Row)}<//>`;
}

// ------------------------------------------------------------------------------------------------- the summary

function Total() {
  const { total, currency, lines } = answer.value;
  if (lines.size === 0) return null;
  return html`<p class=${isAnswered.value ? "total" : "total stale"}>
    <span>${t("ui.basket.total")}</span>
    <span class="big">${total === null ? t("ui.basket.total_unknown") : moneyText(total, currency)}</span>
  </p>`;
}

/** What will happen to the order, before it is sent. */
function Outlook({ lines }) {
  const errors = lines.filter(errorOf).length;
  const short = lines.filter(isShort).length;
  if (errors > 0) return html`<p class="outlook bad"><${Icon} name="warning" />${t("ui.basket.has_errors", { count: errors })}</p>`;
  if (!isAnswered.value) return null;
  if (short > 0) return html`<p class="outlook wait"><${Icon} name="eye" />${t("ui.basket.has_short", { count: short })}</p>`;
  if (answer.value.problem) return null;
  return html`<p class="outlook good"><${Icon} name="check" />${t("ui.basket.all_promised")}</p>`;
}

function Summary({ lines, disabled, onSend }) {
  const note = (name) => (event) => basketNote({ [name]: event.target.value });
  const now = contractNow.value;
  return html`<aside class="panel summary" aria-label=${t("ui.basket.summary")}>
    <dl class="facts">
      <div><dt>${t("ui.date.desired")}</dt><dd>${dayFullText(date.value)}</dd></div>
      ${now && html`<div><dt>${t("ui.account.contract")}</dt><dd>${now.number}<br /><span class="muted">${now.legal_entity}</span></dd></div>`}
    </dl>
    <${MethodSelect} disabled=${disabled} />
    <label class="field">
      <span>${t("ui.basket.reference")}</span>
      <input type="text" maxlength="100" value=${basket.value.reference} disabled=${disabled} onInput=${note("reference")} />
    </label>
    <label class="field">
      <span>${t("ui.basket.comment")}</span>
      <textarea rows="2" maxlength="2000" value=${basket.value.comment} disabled=${disabled} onInput=${note("comment")}></textarea>
    </label>
    <${Total} />
    <${Outlook} lines=${lines} />
    ${!disabled && html`<button type="button" class="button primary wide send" disabled=${!isAnswered.value} onClick=${onSend}>
      <${Icon} name="send" />${t("ui.basket.send")}
    </button>`}
  </aside>`;
}

// ------------------------------------------------------------------------------------------------------ sending

/** An order that left and was never answered: repeating it is safe, and the only way to know. */
function Unknown({ problem, onRepeat }) {
  return html`<div class="problem" role="alert">
    <${Icon} name="warning" class="problem-icon" />
    <div class="problem-body">
      <p class="strong">${t("ui.basket.unknown")}</p>
      <p>${t("ui.basket.unknown_text")}</p>
      ${problem && html`<p class="muted">${problem.detail}</p>`}
      <div class="problem-foot">
        <button type="button" class="button primary small" disabled=${sending.value} onClick=${onRepeat}>
          ${t("ui.basket.repeat")}
        </button>
        <${RequestId} id=${problem?.requestId} />
      </div>
    </div>
  </div>`;
}

/** What became dearer or cheaper since it was shown, and the question whether to send all the same. */
function PriceDialog({ problem, differences, onClose, onSend }) {
  const { lines, was, now } = differences;
  const money = (side, amount) => moneyOrDash(amount, side.currency ?? was.currency);
  return html`<${Dialog} title=${t("ui.price_changed.title")} onClose=${onClose}
    actions=${html`
      <button type="button" class="button" onClick=${onClose}>${t("ui.price_changed.back")}</button>
      <button type="button" class="button primary" onClick=${onSend}>${t("ui.price_changed.send", { total: money(now, now.total) })}</button>`}>
    <p>${problem.detail}</p>
    ${problem.errors.map(({ detail }, index) => html`<p key=${index}>${detail}</p>`)}
    <table class="table compact">
      <thead>
        <tr>
          <th scope="col">${t("ui.item.name")}</th>
          <th scope="col" class="cell-number">${t("ui.price_changed.was")}</th>
          <th scope="col" class="cell-number">${t("ui.price_changed.now")}</th>
        </tr>
      </thead>
      <tbody>
        ${lines.map((row) => html`<tr key=${row.line.id}>
          <th scope="row">${row.line.name}</th>
          <td class="cell-number">${money(was, row.was?.amount)}</td>
          <td class="cell-number strong">${money(now, row.now?.amount)}</td>
        </tr>`)}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">${t("ui.basket.total")}</th>
          <td class="cell-number">${money(was, was.total)}</td>
          <td class="cell-number strong">${money(now, now.total)}</td>
        </tr>
      </tfoot>
    </table>
  <//>`;
}

function EmptyBasket() {
  return html`<div class="empty">
      <${PageTitle} title=${t("ui.nav.basket")} />
      <p>${t("ui.basket.empty")}</p>
      <a class="button primary" href=${HOME}>${t("ui.basket.to_catalogue")}</a>
    </div>
    ${me.value.dealer && html`<${Holds} />`}`;
}

export function BasketPage() {
  const [problem, setProblem] = useState(null);
  const [differences, setDifferences] = useState(null);
  // Others order too: what was promised a while ago is asked again.
  useEffect(() => void (isAnswered.value && promiseAgain()), []);
  const { lines } = basket.value;
  const isUnknown = attempt.value?.unknown === true;
  const disabled = sending.value || attempt.value !== null;

  const send = async () => {
    setDifferences(null);
    setProblem(null);
    try {
      const order = await orderSend();
      toastDone(t("ui.basket.sent", { number: order.number }));
      navigate(routePath("order", { id: order.id }));
    } catch (error) {
      setProblem(error);
      if (error.code === "price_changed") setDifferences(await priceDifferences());
    }
  };
  const onSend = () => {
    const wrong = lines.find((line) => errorOf(line) || line.qty === "");
    if (!wrong) return send();
    const field = document.querySelectorAll(".basket-lines .quantity-input")[lines.indexOf(wrong)];
    return field.focus();
  };

  if (me.value.dealer === null || (lines.length === 0 && !attempt.value)) return html`<${EmptyBasket} />`;
  return html`<div>
    <${PageTitle} title=${t("ui.nav.basket")}>
      <span class="count-note">${t("ui.basket.count", { count: lines.length })}</span>
    <//>
    ${isUnknown && html`<${Unknown} problem=${problem} onRepeat=${send} />`}
    ${!isUnknown && !differences && html`<${ProblemBox} problem=${problem} />`}
    <${ProblemBox} problem=${answer.value.problem} onRetry=${promiseAgain} />
    <div class="basket-columns">
      <section class="basket-lines" aria-label=${t("ui.basket.lines")}>
        <${Lines} lines=${lines} disabled=${disabled} />
        <${Holds} />
      </section>
      <${Summary} lines=${lines} disabled=${disabled} onSend=${onSend} />
    </div>
    ${differences && html`<${PriceDialog} problem=${problem} differences=${differences} onClose=${() => setDifferences(null)} onSend=${send} />`}
  </div>`;
}
