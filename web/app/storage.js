// What the browser remembers. A browser that refuses to store (a private window, a full disk) loses memory, not work.

/** The value under the key, or the fallback where there is none or it cannot be read. */
export function remembered(key, fallback, area = localStorage) {
  try {
    const text = area.getItem(key);
    return text === null ? fallback : JSON.parse(text);
  } catch {
    return fallback;
  }
}

/** Stores the value; undefined or null forgets it. Returns whether that succeeded. */
export function remember(key, value, area = localStorage) {
  try {
    if (value === null || value === undefined) area.removeItem(key);
    else area.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
