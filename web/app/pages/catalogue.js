// The catalogue for this dealer on his day. The filters live in the address; the rows come page by page on demand.

import { html } from "/vendor.js";
import { groupList, itemList } from "../api.js";
import { compare, isPositive } from "../decimal.js";
import { dayText, language, moneyText, numberText, quantityText, t, timeText } from "../i18n.js";
import { Icon } from "../parts/icon.js";
import { List } from "../parts/list.js";
import { OrderCell, Restricted } from "../parts/order_cell.js";
import { PageTitle } from "../parts/page.js";
import { ProblemBox } from "../parts/problem.js";
import { useList, useQuery } from "../query.js";
import { routePath } from "../route.js";
import { navigate, place, placeUrl } from "../router.js";
import { contract, date, isStaff, phone } from "../state.js";

const PAGE_SIZE = 50;

// ------------------------------------------------------------------------------------------------------ groups

/** The group and those above it, nearest first. */
function lineage(groups, id) {
  const found = groups.find((group) => group.id === id);
  return found ? [found.id, ...lineage(groups, found.parent)] : [];
}

function GroupBranch({ groups, parent, open, chosen }) {
  const here = groups.filter((group) => group.parent === parent);
  if (here.length === 0) return null;
  return html`<ul class="tree">
    ${here.map(({ id, name }) => html`<li key=${id}>
      <a href=${placeUrl({ group: id })} aria-current=${id === chosen ? "true" : undefined}>${name}</a>
      ${open.includes(id) && html`<${GroupBranch} groups=${groups} parent=${id} open=${open} chosen=${chosen} />`}
    </li>`)}
  </ul>`;
}

function GroupTree({ groups, chosen }) {
  return html`<nav class="groups" aria-label=${t("ui.catalogue.groups")}>
    <a href=${placeUrl({ group: "" })} aria-current=${chosen ? undefined : "true"}>
      ${t("ui.catalogue.all_groups")}
    </a>
    <${GroupBranch} groups=${groups} parent=${null} open=${lineage(groups, chosen)} chosen=${chosen} />
  </nav>`;
}

/** The tree as one list, children under their parents: for a narrow screen. */
function flattened(groups, parent = null, depth = 0) {
  return groups
    .filter((group) => group.parent === parent)
    .flatMap((group) => [{ ...group, depth }, ...flattened(groups, group.id, depth + 1)]);
}

function GroupSelect({ groups, chosen }) {
  return html`<select class="group-select" aria-label=${t("ui.catalogue.groups")} value=${chosen ?? ""}
    onChange=${(event) => navigate(placeUrl({ group: event.target.value }))}>
    <option value="">${t("ui.catalogue.all_groups")}</option>
    ${flattened(groups).map(({ id, name, depth }) => html`<option key=${id} value=${id}>
      ${"\u00a0\u00a0".repeat(depth) + name}
    </option>`)}
  </select>`;
}

// ------------------------------------------------------------------------------------------------------- a row

function Price({ item }) {
  if (!item.price) return html`<span class="muted">${t("ui.item.no_price")}</span>`;
  return html`<span class="price">${moneyText(item.price.amount, item.price.currency)}</span>
    ${" "}<span class="per">${t("ui.item.per_unit", { unit: item.unit })}</span>`;
}

// A service has no quantity; what the distributor does not show in figures comes in words.
const NO_QUANTITY = "\u2014";
const freeText = (item) => (item.free_now === null ? item.free_now_text ?? NO_QUANTITY : numberText(item.free_now));

/** What can be had by the date; more than is free now comes from shipments, which is worth a word. */
function OnDate({ item }) {
  const { qty, qty_text: words } = item.on_date;
  if (qty === null) return html`<span class="muted">${words ?? NO_QUANTITY}</span>`;
  const none = !isPositive(qty);
  const more = compare(qty, item.free_now) > 0;
  return html`<span class="on-date">
    ${more && html`<span class="incoming" title=${t("ui.catalogue.incoming")}><${Icon} name="truck" /></span>`}
    <span class=${none ? "muted" : "strong"}>${numberText(qty)}</span>
  </span>`;
}

const itemUrl = (item) => routePath("item", { id: item.id });

function Row({ item }) {
  return html`<tr class=${item.restricted ? "is-restricted" : ""}>
    <td class="cell-sku">${item.sku}</td>
    <th scope="row" class="cell-name" data-sku=${item.sku}><a href=${itemUrl(item)}>${item.name}</a></th>
    <td class="cell-brand">${item.brand}</td>
    ${!isStaff.value && html`<td class="cell-price"><${Price} item=${item} /></td>`}
    <td class="cell-number">${freeText(item)}</td>
    <td class="cell-number cell-date"><${OnDate} item=${item} /></td>
    <td class="cell-pack">${quantityText(item.pack, item.unit)}</td>
    ${!isStaff.value && html`<td class="cell-order">
      ${item.restricted ? html`<${Restricted} restricted=${item.restricted} />` : html`<${OrderCell} item=${item} />`}
    </td>`}
  </tr>`;
}

const head = () => html`
  <th scope="col" class="cell-sku">${t("ui.item.sku")}</th>
  <th scope="col">${t("ui.item.name")}</th>
  <th scope="col" class="cell-brand">${t("ui.item.brand")}</th>
  ${!isStaff.value && html`<th scope="col" class="cell-price">${t("ui.item.price")}</th>`}
  <th scope="col" class="cell-number">${t("ui.item.free_now")}</th>
  <th scope="col" class="cell-number">${t("ui.item.by_date", { day: dayText(date.value) })}</th>
  <th scope="col" class="cell-pack">${t("ui.item.pack")}</th>
  ${!isStaff.value && html`<th scope="col" class="cell-order">${t("ui.item.order")}</th>`}`;

function Card({ item }) {
  return html`<li class=${item.restricted ? "card is-restricted" : "card"}>
    <div class="card-head">
      <a class="card-name" href=${itemUrl(item)}>${item.name}</a>
      <p class="card-sub">
        <span class="muted">${[item.sku, item.brand].filter(Boolean).join(" · ")}</span>
        ${!isStaff.value && html`<span><${Price} item=${item} /></span>`}
      </p>
    </div>
    <dl class="card-facts">
      <div><dt>${t("ui.item.free_now")}</dt><dd>${freeText(item)}</dd></div>
      <div><dt>${t("ui.item.by_date", { day: dayText(date.value) })}</dt><dd><${OnDate} item=${item} /></dd></div>
      <div><dt>${t("ui.item.pack")}</dt><dd>${quantityText(item.pack, item.unit)}</dd></div>
    </dl>
    ${item.restricted && html`<${Restricted} restricted=${item.restricted} />`}
    ${!item.restricted && !isStaff.value && html`<${OrderCell} item=${item} />`}
  </li>`;
}

// ---------------------------------------------------------------------------------------------------- the page

function Count({ answer }) {
  const text = Number.isInteger(answer?.total) && t("ui.catalogue.count", { count: answer.total });
  return html`<span class="count-note" role="status">${text}</span>`;
}

function Toolbar({ groups, query, answer }) {
  return html`<div class="toolbar">
    ${groups && html`<${GroupSelect} groups=${groups} chosen=${query.group} />`}
    <label class="switch">
      <input type="checkbox" role="switch" checked=${query.available === "1"}
        onChange=${(event) => navigate(placeUrl({ available: event.target.checked ? "1" : "" }), { replace: true })} />
      <span>${t("ui.catalogue.available", { day: dayText(date.value) })}</span>
    </label>
    <label class="sort">
      <span>${t("ui.catalogue.sort")}</span>
      <select aria-label=${t("ui.catalogue.sort")} value=${query.sort ?? "name"}
        onChange=${(event) => navigate(placeUrl({ sort: event.target.value === "name" ? "" : event.target.value }), { replace: true })}>
        <option value="name">${t("ui.catalogue.sort_name")}</option>
        <option value="sku">${t("ui.catalogue.sort_sku")}</option>
        ${!isStaff.value && html`<option value="price">${t("ui.catalogue.sort_cheap")}</option>`}
        ${!isStaff.value && html`<option value="-price">${t("ui.catalogue.sort_dear")}</option>`}
        <option value="-available">${t("ui.catalogue.sort_available")}</option>
      </select>
    </label>
    ${phone.value && html`<${Count} answer=${answer} />`}
    ${answer && html`<span class="as-of muted">${t("ui.catalogue.as_of", { time: timeText(answer.as_of) })}</span>`}
  </div>`;
}

/** What narrows the list, each with a cross that takes it away. */
function Chips({ groups, query }) {
  const group = groups?.find(({ id }) => id === query.group);
  const chips = [
    query.q && { text: t("ui.catalogue.chip_search", { text: query.q }), url: placeUrl({ q: "" }) },
    group && { text: group.name, url: placeUrl({ group: "" }) },
  ].filter(Boolean);
  if (chips.length === 0) return null;
  return html`<p class="chips">
    ${chips.map(({ text, url }) => html`<a key=${url} class="chip" href=${url} aria-label=${t("ui.catalogue.chip_remove", { text })}>
      ${text}<${Icon} name="cross" />
    </a>`)}
  </p>`;
}

function Empty({ query }) {
  const narrowed = query.q || query.group || query.available;
  return html`<div class="empty">
    <p class="strong">${t("ui.catalogue.empty")}</p>
    ${query.available && html`<p>${t("ui.catalogue.empty_date", { day: dayText(date.value) })}</p>`}
    ${narrowed && html`<a class="button" href=${routePath("catalogue")}>${t("ui.catalogue.reset")}</a>`}
  </div>`;
}

function useItems(query) {
  const filters = { q: query.q, group: query.group, available: query.available, sort: query.sort };
  const asked = { ...filters, date: date.value, contract: contract.value };
  return useList(`items ${language.value} ${JSON.stringify(asked)}`, filters, PAGE_SIZE, async (page, options) => {
    const { items, ...rest } = (await itemList({ ...asked, ...page }, options)).data;
    return { ...rest, rows: items };
  });
}

export function CataloguePage() {
  const { query } = place.value;
  const groups = useQuery(`groups ${language.value}`, async (options) => (await groupList(options)).data.groups);
  const list = useItems(query);
  const narrow = phone.value;

  return html`<div class="catalogue">
    ${!narrow && html`<aside class="side">${groups.answer && html`<${GroupTree} groups=${groups.answer} chosen=${query.group} />`}</aside>`}
    <section class="catalogue-main">
      <${PageTitle} title=${t("ui.catalogue.title")} hidden=${narrow}>
        ${!narrow && html`<${Count} answer=${list.answer} />`}
      <//>
      <${ProblemBox} problem=${groups.problem} onRetry=${groups.again} />
      <${Toolbar} groups=${groups.answer} query=${query} answer=${list.answer} />
      <${Chips} groups=${groups.answer} query=${query} />
      <${List} list=${list} title=${t("ui.catalogue.title")} look="catalogue-table" skeleton=${12}
        empty=${html`<${Empty} query=${query} />`} head=${head()} row=${(item) => html`<${Row} key=${item.id} item=${item} />`}
        card=${(item) => html`<${Card} key=${item.id} item=${item} />`} />
    </section>
  </div>`;
}
