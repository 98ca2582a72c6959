// Who is logged in and what he chose: the desired date, the contract, the way of delivery. The choices are his and the
// browser's; the tab's own date wins over the one last chosen in another tab.

import { batch, computed, effect, signal } from "/vendor.js";
import { language, languageChosen, languageUse, t, today } from "./i18n.js";
import { remember, remembered } from "./storage.js";

/** The answer of GET /portal. */
export const portal = signal(null);
/** The answer of GET /me; null while nobody is logged in. */
export const me = signal(null);
/** The desired date, YYYY-MM-DD. */
export const date = signal(null);
/** The contract's id; null for staff. */
export const contract = signal(null);
/** The delivery method's name. */
export const method = signal(null);

/** A manager or an admin, who looks at all dealers and orders for none. */
export const isStaff = computed(() => me.value !== null && me.value.dealer === null);
export const isAdmin = computed(() => me.value?.user.role === "admin");
export const contractNow = computed(() => me.value?.contracts.find(({ id }) => id === contract.value) ?? null);

/** How the number is called that the dealer gives an order: his own to him, the dealer's to staff. */
export const referenceTitle = () => t(isStaff.value ? "ui.orders.reference_staff" : "ui.orders.reference");

/** The title of a way of delivery of /me. */
export const methodTitle = ({ titles }) => titles[language.value];

/** Two years ahead: further nobody plans, and a year typed wrong is seen at once. */
export const DATE_AHEAD_DAYS = 730;

/** The key under which this user's things are stored in a browser that others use too. */
export const userKey = (name) => `kabinet.${name}.${me.value.user.id}`;

function firstOf(list, ...wanted) {
  return wanted.find((value) => list.includes(value)) ?? list[0] ?? null;
}

/** Begins a session: the answer of POST /session or GET /me. */
export async function enter(answer) {
  if (!languageChosen() && answer.user.language !== language.value) await languageUse(answer.user.language);
  batch(() => {
    me.value = answer;
    today.value = answer.today;
    const dates = [remembered("kabinet.date", null, sessionStorage), remembered(userKey("date"), null)];
    date.value = dates.find((day) => day >= answer.today) ?? answer.earliest_date;
    const contracts = answer.contracts.map(({ id }) => id);
    contract.value = firstOf(contracts, remembered(userKey("contract"), null), answer.contract);
    const methods = answer.methods.map(({ name }) => name);
    method.value = firstOf(methods, remembered(userKey("method"), null));
  });
}

/** Forgets the session on this side. */
export function leave() {
  me.value = null;
  remember("kabinet.date", null, sessionStorage);
}

export function dateChoose(day) {
  date.value = day;
  remember("kabinet.date", day, sessionStorage);
  remember(userKey("date"), day);
}

export function contractChoose(id) {
  contract.value = id;
  remember(userKey("contract"), id);
}

export function methodChoose(name) {
  method.value = name;
  remember(userKey("method"), name);
}

/** Whether the screen is a phone's, where tables are cards. */
export const phone = signal(false);

export function stateStart() {
  const narrow = window.matchMedia("(max-width: 719px)");
  const look = () => (phone.value = narrow.matches);
  look();
  narrow.addEventListener("change", look);
  effect(() => {
    if (portal.value && !me.value) today.value = portal.value.today;
  });
}
