// Short notices at the edge of the screen. Good news leaves by itself; a problem stays until it is closed.

import { html, signal } from "/vendor.js";
import { t } from "../i18n.js";
import { Icon } from "./icon.js";
import { RequestId } from "./problem.js";

const STAY_MS = 6000;
const SHOWN_MAX = 3;

const toasts = signal([]);
let count = 0;

function close(id) {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

function show(toast) {
  const id = ++count;
  toasts.value = [...toasts.value, { id, ...toast }].slice(-SHOWN_MAX);
  return id;
}

/** Says that something is done. action: {text, run}, what can still be undone. */
export function toastDone(text, action = null) {
  const id = show({ text, action });
  setTimeout(() => close(id), STAY_MS);
}

/** Says that something failed. */
export function toastProblem(problem) {
  show({ text: problem.detail ?? String(problem), requestId: problem.requestId, isProblem: true });
}

function Toast({ id, text, action, requestId, isProblem }) {
  const act = () => {
    close(id);
    action.run();
  };
  return html`<div class=${isProblem ? "toast toast-problem" : "toast"} role=${isProblem ? "alert" : undefined}>
    <div class="toast-body">
      <p>${text}</p>
      <${RequestId} id=${requestId} />
    </div>
    ${action && html`<button type="button" class="link" onClick=${act}>${action.text}</button>`}
    <button type="button" class="icon-button" aria-label=${t("ui.toast.close")} onClick=${() => close(id)}>
      <${Icon} name="cross" />
    </button>
  </div>`;
}

export function Toasts() {
  return html`<div class="toasts" role="status">${toasts.value.map((toast) => html`<${Toast} key=${toast.id} ...${toast} />`)}</div>`;
}
