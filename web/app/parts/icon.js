// Icons: strokes on a grid of 16, drawn here. They say nothing to a screen reader; what stands beside them does.

import { html } from "/vendor.js";

const PATHS = {
  search: "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9ZM10.4 10.4 14 14",
  basket: "M1.5 2.5h2l1.6 8h7.4l1.6-5.6H4M6 13.5h.01M12 13.5h.01",
  person: "M8 2a3 3 0 1 1 0 6 3 3 0 0 1 0-6ZM2.5 14c.5-2.6 2.6-4 5.5-4s5 1.4 5.5 4",
  tiles: "M2.5 2.5h4.5v4.5h-4.5zM9 2.5h4.5v4.5h-4.5zM2.5 9h4.5v4.5h-4.5zM9 9h4.5v4.5h-4.5z",
  list: "M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.01M2.5 8h.01M2.5 12h.01",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  check: "M3 8.5 6.5 12 13 4.5",
  checks: "M1 8.5 4.5 12 10.5 4.5M7.5 11.5l.5.5L15 4.5",
  cross: "M4 4l8 8M12 4l-8 8",
  lock: "M3.5 7.5h9v6h-9zM5.5 7.5v-2a2.5 2.5 0 0 1 5 0v2",
  truck: "M1.5 4h8v7h-8zM9.5 6.5h3l2 2.5v2h-5M4 13h.01M12 13h.01",
  ban: "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2ZM3.8 3.8l8.4 8.4",
  eye: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM8 6.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6Z",
  pencil: "M2.5 13.5l.6-2.9 7.7-7.7 2.3 2.3-7.7 7.7zM9.3 4.4l2.3 2.3",
  send: "M1.5 8 14 2.5 10.5 14 7.5 9z",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  right: "M6 4l4 4-4 4",
  warning: "M8 2 14.5 13.5h-13zM8 6.5v3.5M8 12h.01",
  print: "M4.5 6V2h7v4M4.5 11.5h-2v-5h11v5h-2M4.5 9.5h7v4.5h-7z",
  exit: "M6.5 2.5h-4v11h4M6 8h8M11 5l3 3-3 3",
  link: "M6.5 9.5l3-3M7 4.5l1.2-1.2a2.6 2.6 0 0 1 3.7 0l.8.8a2.6 2.6 0 0 1 0 3.7L11.5 9M4.5 7 3.3 8.2a2.6 2.6 0 0 0 0 3.7l.8.8a2.6 2.6 0 0 0 3.7 0L9 11.5",
  settings: "M2 4.5h6M12 4.5h2M2 11.5h2M8 11.5h6M10 2.5a2 2 0 1 1 0 4 2 2 0 0 1 0-4ZM6 9.5a2 2 0 1 1 0 4 2 2 0 0 1 0-4Z",
  hourglass: "M4 2h8M4 14h8M5 2c0 4 6 4 6 6s-6 2-6 6M11 2c0 4-6 4-6 6s6 2 6 6",
};

/** @param {{name: keyof typeof PATHS, class?: string}} props */
export function Icon({ name, class: extra = "" }) {
  return html`<svg class="icon ${extra}" viewBox="0 0 16 16" aria-hidden="true"><path d=${PATHS[name]} /></svg>`;
}
