// An order's state in a word and a sign, and whether 1C has the order.

import { html } from "/vendor.js";
import { t } from "../i18n.js";
import { me } from "../state.js";
import { Icon } from "./icon.js";

/** status: sign, tone, its name for the filter, what it means. */
export const STATUSES = {
  draft: { icon: "pencil", tone: "quiet", name: "ui.status.draft", means: "ui.status.draft_means" },
  approval: { icon: "hourglass", tone: "wait", name: "ui.status.approval", means: "ui.status.approval_means" },
  submitted: { icon: "send", tone: "wait", name: "ui.status.submitted", means: "ui.status.submitted_means" },
  review: { icon: "eye", tone: "wait", name: "ui.status.review", means: "ui.status.review_means" },
  confirmed: { icon: "check", tone: "good", name: "ui.status.confirmed", means: "ui.status.confirmed_means" },
  shipping: { icon: "truck", tone: "good", name: "ui.status.shipping", means: "ui.status.shipping_means" },
  completed: { icon: "checks", tone: "quiet", name: "ui.status.completed", means: "ui.status.completed_means" },
  cancelled: { icon: "cross", tone: "quiet", name: "ui.status.cancelled", means: "ui.status.cancelled_means" },
  rejected: { icon: "ban", tone: "bad", name: "ui.status.rejected", means: "ui.status.rejected_means" },
};

/** The state as the server names it; a request to 1C that is not answered stands below it. */
export function Status({ order }) {
  const look = STATUSES[order.status] ?? STATUSES.draft;
  return html`<span class="status-group">
    <span class="status tone-${look.tone}"><${Icon} name=${look.icon} />${order.status_text}</span>
    ${order.late && html`<span class="status-note"><${Icon} name="warning" />${t("ui.order.late")}</span>`}
    ${order.request === "cancel" && html`<span class="status-note">${t("ui.order.cancel_asked")}</span>`}
  </span>`;
}

const ERP = {
  waiting: { icon: "hourglass", text: "ui.erp.waiting", tone: "wait" },
  taken: { icon: "link", text: "ui.erp.taken", tone: "good" },
};

/** Whether 1C has it; nothing where 1C is not concerned. */
export function Erp({ erp }) {
  const look = ERP[erp];
  if (!look) return html`<span class="muted">${"—"}</span>`;
  return html`<span class="erp erp-${look.tone}"><${Icon} name=${look.icon} />${t(look.text)}</span>`;
}

/**
 * Says that this user may look and not change: the order is a colleague's, and he is no head of the cabinet.
 * @param {{order: object, written?: boolean}} props  written: in words beside the sign
 */
export function AuthorLock({ order, written = false }) {
  if (order.mine || me.value.user.role !== "employee") return null;
  const text = t("ui.order.author_only", { author: order.author });
  if (written) return html`<span class="lock muted"><${Icon} name="lock" />${text}</span>`;
  return html`<span class="lock" role="img" aria-label=${text} title=${text}><${Icon} name="lock" /></span>`;
}
