// Says that the server cannot be reached, and that it is back: on every page, whatever is being asked.

import { html, useEffect, useRef } from "/vendor.js";
import { t } from "../i18n.js";
import { away, returns } from "../link.js";
import { Icon } from "./icon.js";
import { toastDone } from "./toast.js";

export function Away() {
  const told = useRef(returns.value);
  useEffect(() => {
    if (returns.value === told.current) return;
    told.current = returns.value;
    toastDone(t("ui.away.back"));
  }, [returns.value]);
  // The region is there before there is anything to say: only then it is read out.
  return html`<div role="status">
    ${away.value && html`<p class="away"><${Icon} name="warning" />${t("ui.away.gone")}</p>`}
  </div>`;
}
