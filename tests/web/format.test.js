// Numbers, money and days as people read them; the same as the server writes in its sentences.

import assert from "node:assert/strict";
import { test } from "node:test";
import { dayAdd, formatDay, formatDayFull, formatMoney, formatNumber, formatTime, formatWeekday } from "../../web/app/format.js";

// Three hours ahead of UTC, whatever the machine is set to.
process.env.TZ = "Europe/Moscow";

test("numbers are grouped as the language groups them, from one digit to many", () => {
  assert.equal(formatNumber("ru", "1234567.5"), "1\u00a0234\u00a0567,5");
  assert.equal(formatNumber("en", "1234567.5"), "1,234,567.5");
  assert.equal(formatNumber("ru", "999"), "999");
  assert.equal(formatNumber("ru", "-1000"), "\u22121\u00a0000");
});

test("zeros behind the point go, unless so many digits are wanted", () => {
  assert.equal(formatNumber("ru", "100.000"), "100");
  assert.equal(formatNumber("ru", "1.440"), "1,44");
  assert.equal(formatNumber("en", "5", 2), "5.00");
  assert.equal(formatNumber("en", "5.1234", 2), "5.1234");
});

test("money has two digits and the sign of its currency", () => {
  assert.equal(formatMoney("ru", "215000", "RUB"), "215\u00a0000,00\u00a0₽");
  assert.equal(formatMoney("en", "1234.5", "EUR"), "1,234.50\u00a0€");
  assert.equal(formatMoney("ru", "1.00", "руб"), "1,00\u00a0руб");
});

test("money of any size keeps every kopeck", () => {
  assert.equal(formatMoney("ru", "92233720368547758.07", "RUB"), "92\u00a0233\u00a0720\u00a0368\u00a0547\u00a0758,07\u00a0₽");
});

test("a day of this year has no year", () => {
  assert.equal(formatDay("ru", "2026-04-17", "2026-04-01"), "17.04");
  assert.equal(formatDay("en", "2026-04-07", "2026-04-01"), "7 Apr");
  assert.equal(formatDay("ru", "2027-01-05", "2026-12-30"), "05.01.2027");
  assert.equal(formatDay("en", "2027-09-05", "2026-12-30"), "5 Sep 2027");
  assert.equal(formatDayFull("ru", "2026-04-17"), "17.04.2026");
});

test("a day is the same day in every zone of the reader", () => {
  assert.equal(formatWeekday("ru", "2026-04-17"), "пт");
  assert.equal(formatWeekday("en", "2026-04-17"), "Fri");
});

test("days are added over the ends of months and years", () => {
  assert.equal(dayAdd("2026-12-31", 1), "2027-01-01");
  assert.equal(dayAdd("2028-02-28", 1), "2028-02-29");
  assert.equal(dayAdd("2026-03-01", -1), "2026-02-28");
});

test("an instant is told with day and minute", () => {
  assert.match(formatTime("ru", "2026-04-15T10:30:00Z"), /^15\.04\.2026, 13:30$/);
  assert.match(formatTime("en", "2026-04-15T10:30:00Z"), /^15 Apr 2026, 13:30$/);
});
