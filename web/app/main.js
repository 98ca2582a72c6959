// The beginning: texts, the distributor, the session; then the page of the address.

import { html, render, signal } from "/vendor.js";
import { portalGet } from "./api.js";
import { basketStart } from "./basket.js";
import { hasTexts, language, languageUse, t } from "./i18n.js";
import { BasketPage } from "./pages/basket.js";
import { CataloguePage } from "./pages/catalogue.js";
import { ItemPage } from "./pages/item.js";
import { LoginPage } from "./pages/login.js";
import { MissingPage } from "./pages/missing.js";
import { OrderPage } from "./pages/order.js";
import { OrdersPage } from "./pages/orders.js";
import { SettingsPage } from "./pages/settings.js";
import { Away } from "./parts/away.js";
import { ProblemBox } from "./parts/problem.js";
import { Shell } from "./parts/shell.js";
import { Toasts } from "./parts/toast.js";
import { place, routerStart } from "./router.js";
import { sessionResume } from "./session.js";
import { me, portal, stateStart } from "./state.js";

const pages = {
  catalogue: CataloguePage,
  item: ItemPage,
  basket: BasketPage,
  orders: OrdersPage,
  order: OrderPage,
  settings: SettingsPage,
  missing: MissingPage,
};

/* Why the page could not begin; null while it may. */
const failure = signal(null);

function App() {
  if (failure.value && !hasTexts.value) {
    // Without a catalogue there are no words, in any language.
    return html`<main class="main failure"><button type="button" class="button" onClick=${start}>↻</button></main>`;
  }
  if (failure.value) {
    return html`<main class="main failure"><${ProblemBox} problem=${failure.value} onRetry=${start} /></main>`;
  }
  const { page, params } = place.value;
  if (!portal.value) return null;
  // Between the one and the other there is an address without its session, for less than a frame.
  if (me.value && page === "login") return null;
  if (!me.value) return page === "login" ? html`<${Away} /><${LoginPage} /><${Toasts} />` : null;
  const Page = pages[page] ?? MissingPage;
  return html`<${Away} /><${Shell}><${Page} key=${page + (params.id ?? "")} ...${params} /><//><${Toasts} />`;
}

async function start() {
  failure.value = null;
  try {
    await languageUse(language.value);
    portal.value = (await portalGet()).data;
    await sessionResume();
  } catch (problem) {
    failure.value = problem;
    document.title = t("ui.error.title");
  }
}

stateStart();
routerStart();
basketStart();
render(html`<${App} />`, document.getElementById("app"));
start();
