// Exact arithmetic on decimal strings ("1234.50"). Money and quantities are never floating-point numbers: they come
// as strings, are counted as BigInt millionths, and leave as strings.

const DIGITS = 6;
const MILLION = 10n ** BigInt(DIGITS);
const SHAPE = /^-?[0-9]{1,15}([.][0-9]{1,6})?$/;

/** Whether the text is a decimal of the API's form. */
export function isDecimal(text) {
  return typeof text === "string" && SHAPE.test(text);
}

function micro(text) {
  if (!isDecimal(text)) throw new TypeError(`no decimal: ${text}`);
  const negative = text.startsWith("-");
  const [whole, fraction = ""] = text.slice(negative ? 1 : 0).split(".");
  const value = BigInt(whole) * MILLION + BigInt(fraction.padEnd(DIGITS, "0"));
  return negative ? -value : value;
}

function fromMicro(value) {
  const negative = value < 0n;
  const digits = String(negative ? -value : value).padStart(DIGITS + 1, "0");
  const fraction = digits.slice(-DIGITS).replace(/0+$/, "");
  return (negative ? "-" : "") + digits.slice(0, -DIGITS) + (fraction && "." + fraction);
}

/** Without zeros at the end: "100.000" is "100". */
export function trim(text) {
  return fromMicro(micro(text));
}

/** Below zero, zero or above it, as a comparison of numbers. */
export function compare(a, b) {
  const difference = micro(a) - micro(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function isPositive(text) {
  return isDecimal(text) && micro(text) > 0n;
}

export function add(a, b) {
  return fromMicro(micro(a) + micro(b));
}

export function subtract(a, b) {
  return fromMicro(micro(a) - micro(b));
}

/** The smallest multiple of step that is not below value; a step of zero leaves the value. */
export function multipleUp(value, step) {
  const size = micro(step);
  if (size <= 0n) return trim(value);
  const amount = micro(value);
  const rest = ((amount % size) + size) % size;
  return fromMicro(rest === 0n ? amount : amount + size - rest);
}

export function isMultiple(value, step) {
  return compare(multipleUp(value, step), value) === 0;
}

/** How many of size go into value, to two digits, half up, and whether that is exact. */
export function quotient(value, size) {
  const per = micro(size);
  const hundredths = (micro(value) * 100n * 2n + per) / (per * 2n);
  return {
    text: fromMicro((hundredths * MILLION) / 100n),
    exact: hundredths * per === micro(value) * 100n,
  };
}

/** value x from / to, where that comes out in thousandths; else null. */
export function scaled(value, from, to) {
  const top = micro(value) * micro(from);
  const bottom = micro(to) * 1000n;
  return bottom > 0n && top % bottom === 0n ? fromMicro((top / bottom) * 1000n) : null;
}

/** part / whole in hundredths of a percent, for drawing alone. */
export function share(part, whole) {
  const total = micro(whole);
  return total <= 0n ? 0 : Number((micro(part) * 10000n + total / 2n) / total);
}

/**
 * What a person typed as a decimal string: "1 234,5" is "1234.5". What is no decimal comes back as it is, trimmed, for
 * the server to say what is wrong with it.
 */
export function fromInput(typed) {
  const compact = typed.replace(/[\s\u00a0\u202f]/g, "").replace(",", ".");
  return isDecimal(compact) ? trim(compact) : typed.trim();
}
