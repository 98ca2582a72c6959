// How numbers, money, days and times are written. Pure: the language and the day of reading are arguments. Numbers and
// short days are written exactly as the server writes them in its sentences.

const SEPARATORS = {
  ru: { group: "\u00a0", point: "," },
  en: { group: ",", point: "." },
};
const MINUS = "\u2212";

/** "1234.5" as the language writes it, with at least digitsMin digits behind the point. */
export function formatNumber(language, decimal, digitsMin = 0) {
  const { group, point } = SEPARATORS[language];
  const negative = decimal.startsWith("-");
  const [whole, fraction = ""] = decimal.slice(negative ? 1 : 0).split(".");
  const kept = fraction.replace(/0+$/, "").padEnd(digitsMin, "0");
  const grouped = whole.replace(/\B(?=([0-9]{3})+$)/g, group);
  return (negative ? MINUS : "") + grouped + (kept && point + kept);
}

const signs = new Map();

function currencySign(currency) {
  if (!signs.has(currency)) {
    let sign = currency;
    try {
      const parts = new Intl.NumberFormat("en", {
        style: "currency",
        currency,
        currencyDisplay: "narrowSymbol",
      }).formatToParts(0);
      sign = parts.find((part) => part.type === "currency").value;
    } catch {
      // A code that Intl does not know is shown as 1C wrote it.
    }
    signs.set(currency, sign);
  }
  return signs.get(currency);
}

/** "1234.5", "RUB": "1 234,50 ₽". */
export function formatMoney(language, amount, currency) {
  return formatNumber(language, amount, 2) + "\u00a0" + currencySign(currency);
}

const dayFormats = new Map();

function formatter(language, name, options) {
  const key = language + name;
  if (!dayFormats.has(key)) dayFormats.set(key, new Intl.DateTimeFormat(language === "ru" ? "ru-RU" : "en-GB", options));
  return dayFormats.get(key);
}

const dayInstant = (day) => new Date(day + "T00:00:00Z");

/** "17.04" or "17 Apr"; with the year where it is another than today's. */
export function formatDay(language, day, today) {
  const sameYear = today && day.slice(0, 4) === today.slice(0, 4);
  if (language === "ru") return `${day.slice(8)}.${day.slice(5, 7)}` + (sameYear ? "" : `.${day.slice(0, 4)}`);
  const month = formatter("en", "month", { month: "short", timeZone: "UTC" }).format(dayInstant(day)).slice(0, 3);
  return `${Number(day.slice(8))} ${month}` + (sameYear ? "" : ` ${day.slice(0, 4)}`);
}

/** "17.04.2026" or "17 Apr 2026". */
export function formatDayFull(language, day) {
  return formatDay(language, day, null);
}

/** "пт" or "Fri". */
export function formatWeekday(language, day) {
  return formatter(language, "weekday", { weekday: "short", timeZone: "UTC" }).format(dayInstant(day));
}

/** An instant in the reader's own zone: "15.04.2026, 14:30". */
export function formatTime(language, instant) {
  const day = language === "ru" ? { day: "2-digit", month: "2-digit" } : { day: "numeric", month: "short" };
  const options = { ...day, year: "numeric", hour: "2-digit", minute: "2-digit" };
  return formatter(language, "time", options).format(new Date(instant));
}

/** Days added to a day, both as YYYY-MM-DD. */
export function dayAdd(day, count) {
  const date = dayInstant(day);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}
