// One order: its state and what it means, its lines as they were promised, what has happened to it; cancelling and
// changing it where this user may.

import { html, useEffect, useRef, useState } from "/vendor.js";
import { orderCancel, orderChange, orderGet } from "../api.js";
import { changed } from "../changes.js";
import { isPositive } from "../decimal.js";
import { dayAdd } from "../format.js";
import { dayFullText, dayText, language, moneyOrDash, moneyText, quantityText, t, timeText } from "../i18n.js";
import { editBody, editOf } from "../order_edit.js";
import { DateField } from "../parts/date_field.js";
import { Dialog } from "../parts/dialog.js";
import { Icon } from "../parts/icon.js";
import { Cards, Table } from "../parts/list.js";
import { PageTitle, Skeleton } from "../parts/page.js";
import { ProblemBox } from "../parts/problem.js";
import { BarLegend, Promised } from "../parts/promise_bar.js";
import { QuantityField } from "../parts/quantity_field.js";
import { AuthorLock, Erp, Status, STATUSES } from "../parts/status.js";
import { toastDone } from "../parts/toast.js";
import { useQuery } from "../query.js";
import { routePath } from "../route.js";
import { DATE_AHEAD_DAYS, isStaff, me, phone, referenceTitle } from "../state.js";

// -------------------------------------------------------------------------------------------------------- facts

function Facts({ order, edit, onEdit }) {
  const { today } = me.value;
  const dateValue = edit
    ? html`<${DateField} label=${t("ui.date.desired")} value=${edit.date} min=${today} max=${dayAdd(today, DATE_AHEAD_DAYS)}
        onValue=${(date) => onEdit({ ...edit, date })} />`
    : dayFullText(order.date);
  const facts = [
    [t("ui.date.desired"), dateValue],
    isStaff.value && [t("ui.orders.dealer"), order.dealer],
    [t("ui.order.contract"), order.contract],
    [t("ui.order.legal_entity"), order.legal_entity],
    [t("ui.basket.method"), order.delivery.title],
    [t("ui.orders.author"), order.author],
    [t("ui.orders.created"), timeText(order.created_at)],
    [referenceTitle(), order.reference],
    [t("ui.basket.comment"), order.comment, "fact-long"],
  ].filter((fact) => fact && fact[1]);
  return html`<dl class="facts order-facts">
    ${facts.map(([name, value, look]) => html`<div key=${name} class=${look}><dt>${name}</dt><dd>${value}</dd></div>`)}
  </dl>`;
}

function State({ order }) {
  const look = STATUSES[order.status];
  return html`<section class="panel order-state" aria-label=${t("ui.orders.status")}>
    <div class="order-state-row" role="status">
      <${Status} order=${order} />
      ${order.erp !== "none" && html`<${Erp} erp=${order.erp} />`}
    </div>
    ${look && html`<p>${t(look.means)}</p>`}
    ${order.held_until && html`<p class="held"><${Icon} name="lock" /><span>${t("ui.order.held_until", { time: timeText(order.held_until) })}</span></p>`}
    ${order.reasons.length > 0 && html`<div>
      <p class="strong">${t("ui.order.reasons")}</p>
      <ul class="reasons">${order.reasons.map(({ code, text }, index) => html`<li key=${code + index}>${text}</li>`)}</ul>
    </div>`}
  </section>`;
}

function Parts({ parts }) {
  if (parts.length === 0) return null;
  return html`<section class="panel" aria-labelledby="parts">
    <h2 id="parts">${t("ui.order.parts")}</h2>
    <ul class="parts">
      ${parts.map((part) => html`<li key=${part.number}>
        <span class="strong">${part.number}</span>
        <span>${t("ui.order.ships", { day: dayText(part.shipping_day) })}</span>
        <${Erp} erp=${part.erp} />
      </li>`)}
    </ul>
  </section>`;
}

function Timeline({ timeline }) {
  return html`<section class="panel no-print" aria-labelledby="timeline">
    <h2 id="timeline">${t("ui.order.timeline")}</h2>
    <ol class="timeline">
      ${timeline.map((event, index) => html`<li key=${index}>
        <p>${event.text}</p>
        <p class="muted"><time datetime=${event.at}>${timeText(event.at)}</time> · ${event.actor}</p>
      </li>`)}
    </ol>
  </section>`;
}

// -------------------------------------------------------------------------------------------------------- lines

const unitPrice = ({ price, unit }) =>
  price ? html`${moneyText(price.amount, price.currency)} <span class="per">${t("ui.item.per_unit", { unit })}</span>` : "—";

/** As it was asked; in another unit than the item's also what that is in its own. */
function Asked({ line }) {
  if (!line.entered) return html`<span class="strong">${quantityText(line.qty, line.unit)}</span>`;
  return html`<span class="strong">${quantityText(line.entered.qty, line.entered.unit)}</span>
    <span class="muted">${t("ui.quantity.equals", { quantity: quantityText(line.qty, line.unit) })}</span>`;
}

function LineQuantity({ line, index, edit, onEdit }) {
  const part = edit?.lines[index];
  if (!edit) return html`<${Asked} line=${line} />`;
  const change = (what) => onEdit({ ...edit, lines: edit.lines.with(index, { ...part, ...what }) });
  if (part.removed) {
    return html`<button type="button" class="link" onClick=${() => change({ removed: false })}>${t("ui.order.restore")}</button>`;
  }
  return html`<span class="edit-line">
    <${QuantityField} label=${t("ui.quantity.of", { sku: line.sku })} value=${part.qty} pack="1" onValue=${(qty) => change({ qty })} />
    <button type="button" class="icon-button" aria-label=${t("ui.basket.remove", { sku: line.sku })}
      onClick=${() => change({ removed: true })}><${Icon} name="cross" /></button>
  </span>`;
}

/** While it is edited the old promise is dimmed: the new one is known when it is stored. */
function LinePromise({ line, edit }) {
  if (!line.text && line.pegs.length === 0) return null;
  return html`<${Promised} line=${line} stale=${Boolean(edit)} />`;
}

function lineClass(line, index, edit) {
  if (edit?.lines[index].removed) return "is-removed";
  // How much is short may be hidden: then the figure is null.
  return line.late || line.short === null || isPositive(line.short) ? "is-short" : "";
}

function Row({ order, line, index, edit, onEdit }) {
  return html`<tr class=${lineClass(line, index, edit)}>
    <th scope="row" class="cell-name">
      <a href=${routePath("item", { id: line.item })}>${line.name}</a>
      <span class="muted">${line.sku}</span>
    </th>
    <td class="cell-quantity">
      <${LineQuantity} line=${line} index=${index} edit=${edit} onEdit=${onEdit} />
      ${line.date !== order.date && html`<span class="muted">${t("ui.order.line_date", { day: dayText(line.date) })}</span>`}
    </td>
    <td class="cell-promise"><${LinePromise} line=${line} edit=${edit} /></td>
    <td class="cell-price">${unitPrice(line)}</td>
    <td class="cell-amount">${moneyOrDash(line.amount, order.currency)}</td>
  </tr>`;
}

const head = () => html`
  <th scope="col">${t("ui.item.name")}</th>
  <th scope="col" class="cell-quantity">${t("ui.quantity.title")}</th>
  <th scope="col"><span class="with-legend">${t("ui.bar.title")}<${BarLegend} /></span></th>
  <th scope="col" class="cell-price">${t("ui.item.price")}</th>
  <th scope="col" class="cell-amount">${t("ui.basket.amount")}</th>`;

function Card({ order, line, index, edit, onEdit }) {
  return html`<li class="card ${lineClass(line, index, edit)}">
    <div class="card-head">
      <a class="card-name" href=${routePath("item", { id: line.item })}>${line.name}</a>
      <span class="muted">${line.sku} · ${unitPrice(line)}</span>
    </div>
    <div class="card-quantity">
      <${LineQuantity} line=${line} index=${index} edit=${edit} onEdit=${onEdit} />
      <span class="sum">${moneyOrDash(line.amount, order.currency)}</span>
    </div>
    ${line.date !== order.date && html`<p class="muted">${t("ui.order.line_date", { day: dayText(line.date) })}</p>`}
    <${LinePromise} line=${line} edit=${edit} />
  </li>`;
}

function Lines({ order, edit, onEdit }) {
  const title = t("ui.basket.lines");
  const each = (Look) => order.lines.map((line, index) => html`<${Look} key=${index} order=${order} line=${line} index=${index}
    edit=${edit} onEdit=${onEdit} />`);
  if (phone.value) return html`<${BarLegend} /><${Cards} title=${title}>${each(Card)}<//>`;
  return html`<${Table} title=${title} look="order-table" head=${head()}>${each(Row)}<//>`;
}

function Totals({ order }) {
  return html`<div class="order-total">
    <p class="total"><span>${t("ui.basket.total")}</span><span class="big">${moneyOrDash(order.total, order.currency)}</span></p>
    ${order.total !== null && html`<p class="muted">${t("ui.order.vat", { amount: moneyText(order.vat, order.currency) })}</p>`}
  </div>`;
}

// ------------------------------------------------------------------------------------------------------ actions

function CancelDialog({ order, busy, problem, onClose, onConfirm }) {
  return html`<${Dialog} title=${t("ui.order.cancel_title", { number: order.number })} onClose=${onClose}
    actions=${html`
      <button type="button" class="button" onClick=${onClose}>${t("ui.order.keep")}</button>
      <button type="button" class="button danger" disabled=${busy} onClick=${onConfirm}>${t("ui.order.cancel_yes")}</button>`}>
    <p>${order.erp === "taken" ? t("ui.order.cancel_taken") : t("ui.order.cancel_free")}</p>
    <${ProblemBox} problem=${problem} />
  <//>`;
}

function Actions({ order, onEdit, onCancel }) {
  const may = (what) => order.allowed.includes(what);
  return html`<div class="actions no-print">
    <${AuthorLock} order=${order} written=${true} />
    ${may("change") && html`<button type="button" class="button" onClick=${onEdit}><${Icon} name="pencil" />${t("ui.order.change")}</button>`}
    ${may("cancel") && html`<button type="button" class="button" onClick=${onCancel}><${Icon} name="cross" />${t("ui.order.cancel")}</button>`}
    <button type="button" class="button" onClick=${() => window.print()}><${Icon} name="print" />${t("ui.order.print")}</button>
  </div>`;
}

function EditBar({ busy, problem, onSave, onLeave, onReload }) {
  // 412: somebody else was faster; what he did must be seen before it is overwritten.
  const reload = problem?.status === 412 || problem?.status === 409;
  return html`<div class="edit-bar no-print">
    <${ProblemBox} problem=${problem}>
      ${reload && html`<button type="button" class="button small" onClick=${onReload}>${t("ui.order.reload")}</button>`}
    <//>
    <p class="muted">${t("ui.order.edit_hint")}</p>
    <div class="actions">
      <button type="button" class="button primary" disabled=${busy} onClick=${onSave}>${t("ui.order.save")}</button>
      <button type="button" class="button" disabled=${busy} onClick=${onLeave}>${t("ui.order.leave_edit")}</button>
    </div>
  </div>`;
}

// ----------------------------------------------------------------------------------------------------- the page

/** Loads the order, and again when it is told that it changed; not under the hands of one who edits it. */
function useOrder(id, editing) {
  const query = useQuery(`order ${language.value} ${id}`, async (options) => {
    const { data, etag } = await orderGet(id, options);
    return { order: data, etag };
  });
  const seen = useRef(changed.value.count);
  useEffect(() => {
    if (editing || changed.value.count === seen.current) return;
    seen.current = changed.value.count;
    if (changed.value.ids.has(id)) query.again();
  }, [changed.value.count, editing]);
  return query;
}

export function OrderPage({ id }) {
  const [edit, setEdit] = useState(null);
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState(null);
  const { answer, problem, again } = useOrder(id, edit !== null);

  if (!answer) return problem ? html`<${ProblemBox} problem=${problem} onRetry=${again} />` : html`<${Skeleton} rows=${8} />`;
  const { order, etag } = answer;

  const attempt = async (act, done) => {
    setBusy(true);
    setRefused(null);
    try {
      const { status } = await act();
      setEdit(null);
      setAsking(false);
      toastDone(t(status === 202 ? "ui.order.cancel_sent" : done, { number: order.number }));
      again();
    } catch (error) {
      setRefused(error);
    }
    setBusy(false);
  };
  const leave = () => {
    setEdit(null);
    setAsking(false);
    setRefused(null);
  };
  const reload = () => {
    leave();
    again();
  };
  const save = () => {
    const body = editBody(order, edit);
    return body ? attempt(() => orderChange(id, body, etag), "ui.order.changed") : leave();
  };

  const shown = { order, edit, onEdit: setEdit };
  return html`<article class="order">
    <div class="order-head">
      <${PageTitle} title=${t("ui.order.title", { number: order.number })} />
      ${!edit && html`<${Actions} order=${order} onEdit=${() => setEdit(editOf(order))} onCancel=${() => setAsking(true)} />`}
    </div>
    <${ProblemBox} problem=${problem} onRetry=${again} />
    <${State} order=${order} />
    ${edit && html`<${EditBar} busy=${busy} problem=${refused} onSave=${save} onLeave=${leave} onReload=${reload} />`}
    <section class="panel"><${Facts} ...${shown} /></section>
    <section class="order-lines" aria-label=${t("ui.basket.lines")}>
      <${Lines} ...${shown} />
      <${Totals} order=${order} />
    </section>
    <div class="order-columns">
      <${Parts} parts=${order.parts} />
      <${Timeline} timeline=${order.timeline} />
    </div>
    ${asking && html`<${CancelDialog} order=${order} busy=${busy} problem=${refused} onClose=${leave}
      onConfirm=${() => attempt(() => orderCancel(id), "ui.order.cancelled")} />`}
  </article>`;
}
