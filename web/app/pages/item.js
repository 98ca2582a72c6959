// One item: its price and why, what is promised of it for a quantity by the desired date, and how much by which day.

import { html, useState } from "/vendor.js";
import { itemAvailability, itemGet, promiseAsk } from "../api.js";
import { inBasket } from "../basket.js";
import { compare, isPositive, quotient, share } from "../decimal.js";
import { dayText, language, moneyText, numberText, quantityText, t, today, weekdayText } from "../i18n.js";
import { Icon } from "../parts/icon.js";
import { MethodSelect } from "../parts/method_select.js";
import { addToBasket, Restricted } from "../parts/order_cell.js";
import { PageTitle, Skeleton } from "../parts/page.js";
import { ProblemBox } from "../parts/problem.js";
import { BarLegend, Promised } from "../parts/promise_bar.js";
import { PackHint, QuantityField, stepOf, UnitSelect } from "../parts/quantity_field.js";
import { useQuery } from "../query.js";
import { HOME, routePath } from "../route.js";
import { contract, date, dateChoose, isStaff, method } from "../state.js";
import { inUnit, unitNamed, unitsOf } from "../units.js";

const TYPING_REST_MS = 200;

// A service has no quantity; what the distributor does not show in figures comes in words.
const hasQuantity = (item) => (item.free_now ?? item.free_now_text) !== null;
const told = (qty, words, unit) => (qty === null ? words : quantityText(qty, unit));

function Breadcrumbs({ groups }) {
  return html`<nav class="breadcrumbs" aria-label=${t("ui.item.groups")}>
    <a href=${HOME}>${t("ui.nav.catalogue")}</a>
    ${groups.map(({ id, name }) => html`<${Icon} name="right" /><a key=${id} href=${routePath("catalogue", {}, { group: id })}>${name}</a>`)}
  </nav>`;
}

/** What the quantity is in every other unit of the item. */
function Conversions({ line }) {
  const shown = unitsOf(line, line.units).filter(({ name }) => name !== (line.entered?.unit ?? line.unit));
  if (shown.length === 0 || !isPositive(line.asked)) return null;
  return html`<ul class="units">
    ${shown.map(({ name, size }) => {
      const count = quotient(line.asked, size);
      return html`<li key=${name}>${`${count.exact ? "=" : "≈"}\u00a0${quantityText(count.text, name)}`}</li>`;
    })}
  </ul>`;
}

/** The answer of the promise for this quantity; the line's own error where there is one. */
function Answer({ asked, qty }) {
  const { answer, isOld, problem, again } = asked;
  if (problem) return html`<${ProblemBox} problem=${problem} onRetry=${again} />`;
  if (!isPositive(qty)) return html`<p class="muted">${t("ui.item.ask_quantity")}</p>`;
  if (!answer) return html`<${Skeleton} rows=${2} />`;
  const [line] = answer.lines;
  if (line.error) return html`<p class="line-error">${line.error.text}</p>`;
  return html`<${Conversions} line=${{ ...line, pack: "1" }} />
    <${Promised} line=${line} stale=${isOld} />
    ${line.amount !== null && html`<p class="amount">
      <span class="muted">${t("ui.item.amount", { quantity: quantityText(line.asked, line.unit) })}</span>
      <span class="sum">${moneyText(line.amount, answer.currency)}</span>
    </p>`}`;
}

function OrderPanel({ item }) {
  const [qty, setQty] = useState(stepOf(item.pack));
  const [unitIn, setUnitIn] = useState(null);
  const units = unitsOf(item, item.units);
  const unit = unitNamed(units, unitIn);
  const question = {
    date: date.value,
    contract: contract.value ?? undefined,
    delivery: method.value ? { method: method.value } : undefined,
    lines: [{ item: item.id, qty, unit: unitIn ?? undefined }],
  };
  const asked = useQuery(
    `promise ${language.value} ${JSON.stringify(question)}`,
    async (options) => (isPositive(qty) ? (await promiseAsk(question, options)).data : null),
    { delay: TYPING_REST_MS, keeps: false },
  );
  const there = inBasket.value.get(item.id);
  const put = () => addToBasket(item, qty, unitIn);
  const onUnit = (name) => {
    const next = unitNamed(units, name);
    setQty(inUnit(qty, unit, next));
    setUnitIn(next === units[0] ? null : name);
  };
  return html`<section class="panel order-panel" aria-label=${t("ui.item.order")}>
    <div class="order-row">
      <div class="order-quantity">
        <${QuantityField} label=${t("ui.quantity.of", { sku: item.sku })} value=${qty} pack=${unit.step} onValue=${setQty}
          onEnter=${put} />
        <${UnitSelect} label=${t("ui.quantity.unit_of", { sku: item.sku })} units=${units} value=${unit.name} onValue=${onUnit} />
      </div>
      <button type="button" class="button primary" onClick=${put}>
        <${Icon} name="basket" />${t("ui.item.add")}
      </button>
      ${there && html`<a href=${routePath("basket")}>
        ${t("ui.item.in_basket", { quantity: quantityText(there, item.unit) })}
      </a>`}
    </div>
    <${PackHint} value=${qty} pack=${unit.step} unit=${unit.name} onValue=${setQty} />
    <div class="answer" aria-live="polite"><${Answer} asked=${asked} qty=${qty} /></div>
    <${BarLegend} />
  </section>`;
}

/** The last point that is not after the date: what counts for it. */
function pointOf(curve, day) {
  return curve.filter((point) => point.date <= day).at(-1) ?? null;
}

function Availability({ item }) {
  const { answer, isOld, problem, again } = useQuery(
    `availability ${language.value} ${today.value} ${item.id} ${method.value}`,
    async (options) => (await itemAvailability(item.id, { method: method.value }, options)).data,
  );
  return html`<section class="panel" aria-labelledby="availability">
    <div class="panel-head">
      <h2 id="availability">${t("ui.item.availability")}</h2>
      <${MethodSelect} />
    </div>
    <${ProblemBox} problem=${problem} onRetry=${again} />
    ${!answer && !problem && html`<${Skeleton} rows=${3} />`}
    ${answer && html`<${AvailabilityTable} answer=${answer} isOld=${isOld} />`}
  </section>`;
}

// A day by which there is nothing is no day to choose; where figures are hidden it is not known.
const mayChoose = ({ qty }) => qty === null || isPositive(qty);

function AvailabilityTable({ answer, isOld }) {
  const { curve, unit } = answer;
  const chosen = pointOf(curve, date.value);
  const most = curve.reduce((best, { qty }) => (qty !== null && compare(qty, best) > 0 ? qty : best), "0");
  if (curve.length === 0) return html`<p class="muted">${t("ui.item.never")}</p>`;
  return html`
    <table class=${isOld ? "table availability stale" : "table availability"} aria-labelledby="availability" aria-busy=${isOld}>
      <thead>
        <tr>
          <th scope="col">${t("ui.item.from_day")}</th>
          <th scope="col" class="cell-number">${t("ui.item.can_have", { unit })}</th>
          <th scope="col"><span class="visually-hidden">${t("ui.item.choose_day")}</span></th>
        </tr>
      </thead>
      <tbody>
        ${curve.map((point) => html`<tr key=${point.date} aria-current=${point === chosen ? "true" : undefined}>
          <th scope="row">${dayText(point.date)}<span class="weekday">${weekdayText(point.date)}</span></th>
          <td class="cell-number">${point.qty === null ? point.qty_text : numberText(point.qty)}</td>
          <td class="cell-level">
            ${point.qty !== null && html`<span class="level" aria-hidden="true">
              <span class="level-fill" style=${{ width: `${share(point.qty, most) / 100}%` }}></span>
            </span>`}
            ${point.date !== date.value && mayChoose(point) && html`<button type="button" class="link" onClick=${() => dateChoose(point.date)}
              aria-label=${t("ui.item.choose_day_named", { day: dayText(point.date) })}>${t("ui.item.choose_day")}</button>`}
          </td>
        </tr>`)}
      </tbody>
    </table>
    <p class="muted">${chosen
      ? t("ui.item.by_your_day", { day: dayText(date.value), quantity: told(chosen.qty, chosen.qty_text, unit) })
      : t("ui.item.too_early", { day: dayText(date.value), first: dayText(curve[0].date) })}</p>
  `;
}

function Facts({ item }) {
  const facts = [
    [t("ui.item.sku"), item.sku],
    [t("ui.item.brand"), item.brand],
    [t("ui.item.pack"), quantityText(item.pack, item.unit)],
    ...item.units.map(({ name, base_qty: size }) => [t("ui.item.in_unit", { unit: name }), quantityText(size, item.unit)]),
    [t("ui.item.vat"), item.vat === null ? t("ui.item.no_vat") : `${numberText(item.vat)}\u00a0%`],
    ...item.properties.map(({ name, value }) => [name, value]),
  ].filter(([, value]) => value);
  return html`<section class="panel" aria-labelledby="facts">
    <h2 id="facts">${t("ui.item.facts")}</h2>
    <dl class="facts">${facts.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    ${item.description && html`<p class="description">${item.description}</p>`}
  </section>`;
}

function PriceBlock({ item }) {
  if (isStaff.value) return null;
  return html`<div class="item-price">
    ${item.price
      ? html`<p><span class="big">${moneyText(item.price.amount, item.price.currency)}</span>${" "}
          <span class="muted">${t("ui.item.per_unit", { unit: item.unit })}</span></p>`
      : html`<p class="strong">${t("ui.item.no_price_long")}</p>`}
    ${item.price_why && html`<p class="muted">${item.price_why}</p>`}
  </div>`;
}

export function ItemPage({ id }) {
  const query = { date: date.value, contract: contract.value };
  const { answer: item, isOld, problem, again } = useQuery(
    `item ${language.value} ${id} ${JSON.stringify(query)}`,
    async (options) => (await itemGet(id, query, options)).data,
  );
  if (!item) return problem ? html`<${ProblemBox} problem=${problem} onRetry=${again} />` : html`<${Skeleton} rows=${8} />`;
  return html`<article>
    <${Breadcrumbs} groups=${item.groups} />
    <div class="item-head">
      <div>
        <${PageTitle} title=${item.name} />
        <p class="item-sub">
          <span class="muted">${[item.sku, item.brand].filter(Boolean).join(" · ")}</span>
          ${hasQuantity(item) && html`<span class=${isOld ? "stale" : ""}>${t("ui.item.free_is", { quantity: told(item.free_now, item.free_now_text, item.unit) })}</span>`}
        </p>
      </div>
      <${PriceBlock} item=${item} />
    </div>
    <${ProblemBox} problem=${problem} onRetry=${again} />
    <div class="item-columns">
      <div class="stack">
        ${item.restricted && html`<section class="panel"><${Restricted} restricted=${item.restricted} /></section>`}
        ${!item.restricted && !isStaff.value && html`<${OrderPanel} item=${item} />`}
        ${hasQuantity(item) && html`<${Availability} item=${item} />`}
      </div>
      <div class="stack">
        <${Facts} item=${item} />
      </div>
    </div>
  </article>`;
}
