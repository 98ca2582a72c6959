// Who one is and for whom one orders: dealer, contract, language, logging out. A menu below its button.

import { html, useEffect, useRef, useState } from "/vendor.js";
import { LANGUAGES, language, languageChoose, t } from "../i18n.js";
import { contract, contractChoose, contractNow, me } from "../state.js";
import { sessionLeave } from "../session.js";
import { Icon } from "./icon.js";
import { toastProblem } from "./toast.js";

const ROLES = {
  employee: "ui.role.employee",
  head: "ui.role.head",
  manager: "ui.role.manager",
  admin: "ui.role.admin",
};

export const roleText = (role) => (ROLES[role] ? t(ROLES[role]) : role);

const LANGUAGE_NAMES = { ru: "ui.language.ru", en: "ui.language.en" };

/** The choice of language: a group of two buttons. */
export function LanguageChoice() {
  return html`<div class="segmented" role="group" aria-label=${t("ui.language.label")}>
    ${LANGUAGES.map((name) => html`<button key=${name} type="button" lang=${name} aria-pressed=${language.value === name}
      onClick=${() => languageChoose(name).catch(toastProblem)}>${t(LANGUAGE_NAMES[name])}</button>`)}
  </div>`;
}

function ContractChoice() {
  const { contracts } = me.value;
  const now = contractNow.value;
  if (!now) return null;
  return html`<div class="account-block">
    ${contracts.length > 1
      ? html`<label class="field">
          <span>${t("ui.account.contract")}</span>
          <select value=${contract.value} onChange=${(event) => contractChoose(event.target.value)}>
            ${contracts.map(({ id, number, name }) => html`<option key=${id} value=${id}>${number} · ${name}</option>`)}
          </select>
        </label>`
      : html`<p class="field"><span>${t("ui.account.contract")}</span>${now.number} · ${now.name}</p>`}
    <p class="muted">${now.legal_entity}, ${t("ui.account.inn", { inn: now.inn })}</p>
    ${now.columns.length > 0 && html`<p class="muted">${t("ui.account.columns", { columns: now.columns.join(", ") })}</p>`}
  </div>`;
}

function DealerLine({ dealer }) {
  if (!dealer) return null;
  return html`<div class="account-block">
    <p class="strong">${dealer.name}</p>
    ${dealer.region && html`<p class="muted">${t("ui.account.region", { region: dealer.region })}</p>`}
    ${dealer.manager && html`<p class="muted">${t("ui.account.manager", { name: dealer.manager })}</p>`}
  </div>`;
}

/** @param {{class?: string, text: string}} props  text: what the button shows beside the sign */
export function Account({ class: name = "", text }) {
  const [open, setOpen] = useState(false);
  const box = useRef(null);
  const button = useRef(null);
  useEffect(() => {
    if (!open) return undefined;
    const onPointer = (event) => box.current.contains(event.target) || setOpen(false);
    document.addEventListener("pointerdown", onPointer);
    return () => document.removeEventListener("pointerdown", onPointer);
  }, [open]);
  const onKey = (event) => {
    if (event.key !== "Escape" || !open) return;
    setOpen(false);
    button.current.focus();
  };
  const { user, dealer } = me.value;
  return html`<div class="account ${name}" ref=${box} onKeyDown=${onKey}>
    <button type="button" class="account-button" ref=${button} aria-expanded=${open}
      aria-label=${t("ui.account.open", { name: user.name })} onClick=${() => setOpen(!open)}>
      <${Icon} name="person" /><span class="account-name">${text}</span>
    </button>
    ${open && html`<div class="account-panel" role="region" aria-label=${t("ui.account.title")}>
      <div class="account-block">
        <p class="strong">${user.name}</p>
        <p class="muted">${roleText(user.role)} · ${user.login}</p>
      </div>
      <${DealerLine} dealer=${dealer} />
      <${ContractChoice} />
      <div class="account-block account-foot">
        <${LanguageChoice} />
        <button type="button" class="button small" onClick=${sessionLeave}>
          <${Icon} name="exit" />${t("ui.account.leave")}
        </button>
      </div>
    </div>`}
  </div>`;
}
