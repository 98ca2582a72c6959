// The frame of every page: title, search, the desired date, basket, account; on a phone a bar at the bottom.

import { html } from "/vendor.js";
import { answer, basket, isAnswered } from "../basket.js";
import { moneyText, t, weekdayText } from "../i18n.js";
import { dayAdd } from "../format.js";
import { HOME, routePath } from "../route.js";
import { navigate, place } from "../router.js";
import { date, DATE_AHEAD_DAYS, dateChoose, isAdmin, isStaff, me, phone, portal } from "../state.js";
import { Account } from "./account.js";
import { DateField } from "./date_field.js";
import { Icon } from "./icon.js";
import { SearchField } from "./search_field.js";

function Brand() {
  return html`<a class="brand" href=${HOME}>
    <svg class="brand-mark" viewBox="0 0 20 20" aria-hidden="true">
      <path class="brand-solid" d="M1 1h8v8H1zM11 11h8v8h-8z" />
      <path class="brand-line" d="M11.5 1.5h7v7h-7zM1.5 11.5h7v7h-7z" />
    </svg>
    <span class="brand-name">${portal.value?.title ?? me.value.title}</span>
  </a>`;
}

function Search() {
  const { page, query } = place.value;
  const here = page === "catalogue" ? query : {};
  return html`<${SearchField} label=${t("ui.search.label")} value=${here.q ?? ""} live=${page === "catalogue"} shortcut=${true}
    onValue=${(q) => navigate(routePath("catalogue", {}, { ...here, q }), { replace: page === "catalogue" })} />`;
}

function DesiredDate() {
  const { today } = me.value;
  return html`<div class="desired">
    <label class="desired-label" for="desired-date">${t("ui.date.desired")}</label>
    <span class="desired-row">
      <${DateField} id="desired-date" value=${date.value} min=${today} max=${dayAdd(today, DATE_AHEAD_DAYS)}
        onValue=${dateChoose} />
      <span class="desired-weekday">${weekdayText(date.value)}</span>
    </span>
  </div>`;
}

function BasketLink() {
  const count = basket.value.lines.length;
  const { total, currency } = answer.value;
  const hasSum = count > 0 && total !== null;
  return html`<a class="basket-link" href=${routePath("basket")} aria-current=${place.value.page === "basket" ? "page" : undefined}>
    <${Icon} name="basket" />
    <span class="visually-hidden">${count === 0 ? t("ui.basket.link_empty") : t("ui.basket.link", { count })}</span>
    ${count > 0 && html`<span class="count" aria-hidden="true">${count}</span>`}
    ${hasSum
      ? html`<span class=${isAnswered.value ? "basket-sum" : "basket-sum stale"}>${moneyText(total, currency)}</span>`
      : html`<span class="basket-sum" aria-hidden="true">${t("ui.nav.basket")}</span>`}
  </a>`;
}

function NavLink({ page, icon, text, also = [], count = 0 }) {
  const here = [page, ...also].includes(place.value.page);
  return html`<a class="nav-link" href=${routePath(page)} aria-current=${here ? "page" : undefined}>
    ${icon && html`<${Icon} name=${icon} />`}${text}
    ${count > 0 && html`<span class="count">${count}</span>`}
  </a>`;
}

function BottomBar() {
  return html`<nav class="bottom-bar" aria-label=${t("ui.nav.label")}>
    <${NavLink} page="catalogue" icon="tiles" text=${t("ui.nav.catalogue")} also=${["item"]} />
    <${NavLink} page="orders" icon="list" text=${t("ui.nav.orders")} also=${["order"]} />
    ${!isStaff.value && html`<${NavLink} page="basket" icon="basket" text=${t("ui.nav.basket")}
      count=${basket.value.lines.length} />`}
    ${isAdmin.value && html`<${NavLink} page="settings" icon="settings" text=${t("ui.nav.settings")} />`}
    <${Account} text=${t("ui.nav.account")} />
  </nav>`;
}

function Header() {
  const wide = !phone.value;
  return html`<header class="header">
    <div class="header-row">
      <${Brand} />
      ${wide && html`<nav class="nav" aria-label=${t("ui.nav.label")}>
        <${NavLink} page="catalogue" text=${t("ui.nav.catalogue")} also=${["item"]} />
        <${NavLink} page="orders" text=${t("ui.nav.orders")} also=${["order"]} />
        ${isAdmin.value && html`<${NavLink} page="settings" text=${t("ui.nav.settings")} />`}
      </nav>`}
      ${wide && html`<${Search} />`}
      <${DesiredDate} />
      ${wide && !isStaff.value && html`<${BasketLink} />`}
      ${wide && html`<${Account} class="account-top" text=${me.value.user.name} />`}
    </div>
    ${!wide && place.value.page === "catalogue" && html`<div class="header-row"><${Search} /></div>`}
  </header>`;
}

/** @param {{children: any}} props */
export function Shell({ children }) {
  const onSkip = (event) => {
    event.preventDefault();
    document.querySelector("h1")?.focus();
  };
  return html`
    <a class="skip" href="#main" onClick=${onSkip}>${t("ui.nav.skip")}</a>
    <${Header} />
    <main id="main" class="main">
      ${me.value.warnings.map(({ code, text }) => html`<p key=${code} class="staff-warning" role="status"><${Icon} name="warning" />${text}</p>`)}
      ${children}
    </main>
    ${phone.value && html`<${BottomBar} />`}
  `;
}
