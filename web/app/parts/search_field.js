// Searching as one types: after a rest the text goes out. A text that comes from elsewhere (going back, a filter taken
// away) comes in, but never over what is being typed.

import { html, useEffect, useRef, useState } from "/vendor.js";
import { Icon } from "./icon.js";

const REST_MS = 300;
/* The API's limit. */
const LENGTH_MAX = 200;

/**
 * @param {{label: string, value: string, onValue: (text: string) => void, live?: boolean, shortcut?: boolean}} props
 *   live: goes out while typing, not only by Enter; shortcut: the slash key leads here
 */
export function SearchField({ label, value, onValue, live = true, shortcut = false }) {
  const [text, setText] = useState(value);
  const input = useRef(null);
  const timer = useRef(null);
  useEffect(() => setText((typed) => (typed.trim() === value ? typed : value)), [value]);
  useEffect(() => () => clearTimeout(timer.current), [live]);
  useEffect(() => {
    if (!shortcut) return undefined;
    // The key, not the letter: with a Russian layout the same key writes a point.
    const onKey = (event) => {
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
      if (event.code !== "Slash" || !plain || event.target.closest("input, textarea, select, dialog")) return;
      event.preventDefault();
      input.current.focus();
      input.current.select();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [shortcut]);
  const send = (typed) => {
    clearTimeout(timer.current);
    onValue(typed.trim());
  };
  const onInput = (event) => {
    const typed = event.target.value;
    setText(typed);
    clearTimeout(timer.current);
    if (live) timer.current = setTimeout(send, REST_MS, typed);
  };
  const onSubmit = (event) => {
    event.preventDefault();
    send(text);
  };
  return html`<form class="search" role="search" aria-label=${label} onSubmit=${onSubmit}>
    <${Icon} name="search" />
    <input ref=${input} type="search" name="q" enterkeyhint="search" autocomplete="off" maxlength=${LENGTH_MAX}
      aria-label=${label} placeholder=${label} aria-keyshortcuts=${shortcut ? "/" : undefined} value=${text}
      onInput=${onInput} />
    ${shortcut && html`<kbd aria-hidden="true">/</kbd>`}
  </form>`;
}
