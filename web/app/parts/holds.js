// What is held for the cabinet and stands in no line of this basket: its line was removed, or it was held in another
// browser, or by a colleague. Nobody else gets these goods until the end that is shown, so they are not kept in silence.

import { html, useState } from "/vendor.js";
import { holdList } from "../api.js";
import { heldHere, holdEnd, holdRestore, LINES_MAX } from "../basket.js";
import { language, t, timeText } from "../i18n.js";
import { useQuery } from "../query.js";
import { me } from "../state.js";
import { Icon } from "./icon.js";
import { ProblemBox } from "./problem.js";
import { toastProblem } from "./toast.js";

const mayRelease = (hold) => hold.mine || me.value.permissions["order.cancel"] !== "own";

function Hold({ hold, onEnd }) {
  const [{ name, sku }] = hold.lines;
  const [busy, setBusy] = useState(false);
  const restore = () => {
    if (!holdRestore(hold)) toastProblem({ detail: t("ui.basket.full", { most: LINES_MAX }) });
  };
  const release = async () => {
    setBusy(true);
    await holdEnd(hold.id).catch(toastProblem);
    setBusy(false);
    onEnd();
  };
  return html`<li class="hold">
    <div>
      <p class="strong">${name}</p>
      <p>${hold.text}</p>
      <p class="muted">
        ${t("ui.hold.until", { time: timeText(hold.expires_at) })}
        ${!hold.mine && html` · ${t("ui.hold.author", { author: hold.author })}`}
      </p>
    </div>
    <div class="actions">
      ${hold.mine && html`<button type="button" class="button small" disabled=${busy} onClick=${restore}
        aria-label=${t("ui.hold.restore_of", { sku })}><${Icon} name="basket" />${t("ui.hold.restore")}</button>`}
      ${mayRelease(hold) && html`<button type="button" class="button small" disabled=${busy} onClick=${release}
        aria-label=${t("ui.offer.release_of", { sku })}>${t("ui.offer.release")}</button>`}
    </div>
  </li>`;
}

export function Holds() {
  const here = heldHere.value;
  const { answer, problem, again } = useQuery(`holds ${language.value} ${[...here]}`, async (options) => (await holdList(options)).data.holds);
  const holds = (answer ?? []).filter(({ id, state }) => state === "held" && !here.has(id));
  if (problem) return html`<${ProblemBox} problem=${problem} onRetry=${again} />`;
  if (holds.length === 0) return null;
  return html`<section class="panel holds" aria-labelledby="holds">
    <h2 id="holds"><${Icon} name="lock" />${t("ui.hold.title")}</h2>
    <ul>${holds.map((hold) => html`<${Hold} key=${hold.id} hold=${hold} onEnd=${again} />`)}</ul>
  </section>`;
}
