// What went wrong, in the server's words, with the request's id to give to support.

import { html, useState } from "/vendor.js";
import { t } from "../i18n.js";
import { Icon } from "./icon.js";

/* The clipboard interface exists only behind TLS; selecting the text always works. */
async function copyText(text, element) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
  } else {
    window.getSelection().selectAllChildren(element);
    document.execCommand("copy");
  }
}

/** The request's id and a button that copies it. */
export function RequestId({ id }) {
  const [copied, setCopied] = useState(false);
  if (!id) return null;
  const onClick = async (event) => {
    const code = event.currentTarget.querySelector("code");
    await copyText(id, code).then(() => setCopied(true), () => window.getSelection().selectAllChildren(code));
  };
  return html`<button type="button" class="request-id" onClick=${onClick} aria-label=${t("ui.error.copy_id", { id })}>
    <span>${t("ui.error.request_id")}</span> <code>${id}</code>
    <${Icon} name=${copied ? "check" : "copy"} />
    ${copied && html`<span role="status">${t("ui.error.copied")}</span>`}
  </button>`;
}

/** @param {{problem: import("../api.js").Problem, onRetry?: () => void, children?: any}} props */
export function ProblemBox({ problem, onRetry, children }) {
  if (!problem) return null;
  const details = (problem.errors ?? []).map(({ detail }) => detail).filter((text) => text && text !== problem.detail);
  return html`<div class="problem" role="alert">
    <${Icon} name="warning" class="problem-icon" />
    <div class="problem-body">
      <p>${problem.detail ?? String(problem)}</p>
      ${details.length > 0 && html`<ul>${details.map((text, index) => html`<li key=${index}>${text}</li>`)}</ul>`}
      ${children}
      <div class="problem-foot">
        ${onRetry && html`<button type="button" class="button small" onClick=${onRetry}>${t("ui.error.retry")}</button>`}
        <${RequestId} id=${problem.requestId} />
      </div>
    </div>
  </div>`;
}
