// The language of the page: the catalogue shared with the server, and everything written in it. What reads `language`
// through these functions is drawn anew when it changes.

import { batch, computed, signal } from "/vendor.js";
import * as format from "./format.js";
import { latest, Overtaken } from "./latest.js";
import { renderPhrase } from "./phrase.js";
import { remember, remembered } from "./storage.js";

export const LANGUAGES = ["ru", "en"];
const KEY = "kabinet.language";

/** "ru" or "en". */
export const language = signal(firstLanguage());
/** The distributor's today, which decides whether a day is written with its year. */
export const today = signal(null);

const catalogue = signal({});
/** Whether there is any text to show yet. */
export const hasTexts = computed(() => Object.keys(catalogue.value).length > 0);

function firstLanguage() {
  const chosen = remembered(KEY, null);
  if (LANGUAGES.includes(chosen)) return chosen;
  const spoken = navigator.languages.map((tag) => tag.slice(0, 2));
  return spoken.find((tag) => LANGUAGES.includes(tag)) ?? "ru";
}

/** Whether somebody chose the language in this browser, rather than the browser or the account naming it. */
export function languageChosen() {
  return LANGUAGES.includes(remembered(KEY, null));
}

const loading = latest();

async function textsLoad(name, signal) {
  const response = await fetch(`/i18n/${name}.json`, { signal });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

/** Loads the texts of a language and makes it the page's. Where another is asked for meanwhile, that one stays. */
export async function languageUse(name) {
  try {
    const texts = await loading.ask((signal) => textsLoad(name, signal));
    batch(() => {
      catalogue.value = texts;
      language.value = name;
    });
    document.documentElement.lang = name;
  } catch (problem) {
    if (!(problem instanceof Overtaken)) throw problem;
  }
}

/** The same by a person's choice, which the browser remembers. */
export async function languageChoose(name) {
  await languageUse(name);
  if (language.value === name) remember(KEY, name);
}

/** The text of a key of the catalogue; numbers among the params are written as the language writes them. */
export function t(key, params = {}) {
  const template = catalogue.value[key];
  if (template === undefined) return key;
  return renderPhrase(language.value, template, params, (number) => numberText(String(number)));
}

export const numberText = (decimal, digitsMin) => format.formatNumber(language.value, decimal, digitsMin);
export const moneyText = (amount, currency) => format.formatMoney(language.value, amount, currency);
/** The same, or a dash where there is no amount. */
export const moneyOrDash = (amount, currency) => (amount === null || amount === undefined ? "\u2014" : moneyText(amount, currency));
export const dayText = (day) => format.formatDay(language.value, day, today.value);
export const dayFullText = (day) => format.formatDayFull(language.value, day);
export const weekdayText = (day) => format.formatWeekday(language.value, day);
export const timeText = (instant) => format.formatTime(language.value, instant);

/** A quantity with its unit, which do not part at the end of a line: "100 м²". */
export function quantityText(decimal, unit) {
  return numberText(decimal) + (unit ? "\u00a0" + unit : "");
}
