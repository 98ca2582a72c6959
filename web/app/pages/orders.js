// The orders of the dealer, or for staff of all dealers, newest first.

import { html, useEffect, useRef } from "/vendor.js";
import { orderList } from "../api.js";
import { changed } from "../changes.js";
import { dayText, language, moneyOrDash, t, timeText } from "../i18n.js";
import { List } from "../parts/list.js";
import { PageTitle } from "../parts/page.js";
import { SearchField } from "../parts/search_field.js";
import { AuthorLock, Erp, Status, STATUSES } from "../parts/status.js";
import { useList } from "../query.js";
import { routePath } from "../route.js";
import { navigate, place, placeUrl } from "../router.js";
import { isStaff, referenceTitle } from "../state.js";

const PAGE_SIZE = 50;

const total = (order) => moneyOrDash(order.total, order.currency);

function Row({ order }) {
  return html`<tr>
    <th scope="row" class="cell-order-number"><a href=${routePath("order", { id: order.id })}>${order.number}</a></th>
    <td class="cell-time">${timeText(order.created_at)}</td>
    ${isStaff.value && html`<td>${order.dealer}</td>`}
    <td><${Status} order=${order} /></td>
    <td class="cell-day">${dayText(order.date)}</td>
    <td><span class="author">${order.author}<${AuthorLock} order=${order} /></span></td>
    <td class="cell-reference">${order.reference}</td>
    <td class="cell-number">${total(order)}</td>
    <td><${Erp} erp=${order.erp} /></td>
  </tr>`;
}

const head = () => html`
  <th scope="col">${t("ui.orders.number")}</th>
  <th scope="col" class="cell-time">${t("ui.orders.created")}</th>
  ${isStaff.value && html`<th scope="col">${t("ui.orders.dealer")}</th>`}
  <th scope="col">${t("ui.orders.status")}</th>
  <th scope="col" class="cell-day">${t("ui.orders.date")}</th>
  <th scope="col">${t("ui.orders.author")}</th>
  <th scope="col" class="cell-reference">${referenceTitle()}</th>
  <th scope="col" class="cell-number">${t("ui.orders.total")}</th>
  <th scope="col">${t("ui.orders.erp")}</th>`;

function Card({ order }) {
  return html`<li class="card">
    <div class="card-top">
      <a class="card-name nowrap" href=${routePath("order", { id: order.id })}>${order.number}</a>
      <${Status} order=${order} />
    </div>
    <p class="card-sub">
      <span class="price">${total(order)}</span>
      <span>${t("ui.orders.date")}${": "}<span class="strong">${dayText(order.date)}</span></span>
    </p>
    ${(isStaff.value || order.reference) && html`<p>${[isStaff.value && order.dealer, order.reference].filter(Boolean).join(" · ")}</p>`}
    <p class="card-sub">
      <span class="muted card-foot">${order.author}<${AuthorLock} order=${order} /></span>
      <span class="muted card-foot">${timeText(order.created_at)}</span>
    </p>
    ${order.erp !== "none" && html`<${Erp} erp=${order.erp} />`}
  </li>`;
}

function Tabs({ mine }) {
  const tabs = [
    ["", t("ui.orders.all")],
    ["1", t("ui.orders.mine")],
  ];
  return html`<nav class="tabs" aria-label=${t("ui.orders.whose")}>
    ${tabs.map(([value, text]) => html`<a key=${value} href=${placeUrl({ mine: value })}
      aria-current=${(mine ?? "") === value ? "page" : undefined}>${text}</a>`)}
  </nav>`;
}

function Toolbar({ query }) {
  return html`<div class="toolbar">
    ${!isStaff.value && html`<${Tabs} mine=${query.mine} />`}
    <select aria-label=${t("ui.orders.status")} value=${query.status ?? ""}
      onChange=${(event) => navigate(placeUrl({ status: event.target.value }), { replace: true })}>
      <option value="">${t("ui.orders.any_status")}</option>
      ${Object.entries(STATUSES).map(([name, look]) => html`<option key=${name} value=${name}>${t(look.name)}</option>`)}
    </select>
    <${SearchField} label=${t(isStaff.value ? "ui.orders.search_staff" : "ui.orders.search")} value=${query.q ?? ""}
      onValue=${(q) => navigate(placeUrl({ q }), { replace: true })} />
  </div>`;
}

function Empty({ query }) {
  const narrowed = query.status || query.mine || query.q;
  return html`<div class="empty">
    <p class="strong">${narrowed ? t("ui.orders.empty_filter") : t("ui.orders.empty")}</p>
    ${narrowed && html`<a class="button" href=${routePath("orders")}>${t("ui.catalogue.reset")}</a>`}
  </div>`;
}

export function OrdersPage() {
  const { query } = place.value;
  const filters = { status: query.status, mine: query.mine, q: query.q };
  const key = `orders ${language.value} ${JSON.stringify(filters)}`;
  const list = useList(key, filters, PAGE_SIZE, async (page, options) => {
    const { orders, next } = (await orderList({ ...filters, ...page }, options)).data;
    return { rows: orders, next };
  });
  // Somebody's order changed.
  const seen = useRef(changed.value.count);
  useEffect(() => {
    if (changed.value.count === seen.current) return;
    seen.current = changed.value.count;
    list.again();
  }, [changed.value.count]);

  return html`<section class="orders">
    <${PageTitle} title=${t("ui.orders.title")} />
    <${Toolbar} query=${query} />
    <${List} list=${list} title=${t("ui.orders.title")} look="orders-table" skeleton=${10} empty=${html`<${Empty} query=${query} />`}
      head=${head()} row=${(order) => html`<${Row} key=${order.id} order=${order} />`}
      card=${(order) => html`<${Card} key=${order.id} order=${order} />`} />
  </section>`;
}
