// An address that leads nowhere.

import { html } from "/vendor.js";
import { t } from "../i18n.js";
import { PageTitle } from "../parts/page.js";
import { HOME } from "../route.js";

export function MissingPage() {
  return html`<div class="empty">
    <${PageTitle} title=${t("ui.missing.title")} />
    <p>${t("ui.missing.text")}</p>
    <a class="button" href=${HOME}>${t("ui.missing.home")}</a>
  </div>`;
}
