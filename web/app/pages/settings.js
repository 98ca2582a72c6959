// The admin's configuration and rules: what runs, what the files would change, taking it up, and going back.

import { html, useState } from "/vendor.js";
import { policyReload, policyRollback, revisionList } from "../api.js";
import { language, t, timeText } from "../i18n.js";
import { Dialog } from "../parts/dialog.js";
import { Difference } from "../parts/difference.js";
import { Icon } from "../parts/icon.js";
import { PageTitle, Skeleton } from "../parts/page.js";
import { ProblemBox } from "../parts/problem.js";
import { toastDone, toastProblem } from "../parts/toast.js";
import { useQuery } from "../query.js";

/* As the server takes it. */
const WHY_BYTES_MAX = 400;

const KINDS = {
  start: "ui.settings.kind.start",
  reload: "ui.settings.kind.reload",
  rollback: "ui.settings.kind.rollback",
};

/** The problem of a refused change: the files' own mistakes stand below it with their lines. */
function Refused({ problem }) {
  return html`<${ProblemBox} problem=${problem}>
    ${problem.problems && html`<pre class="diagnostics" tabindex="0">${problem.problems.text}</pre>`}
  <//>`;
}

/** What the files would change, as they are now. */
function Draft({ draft, onApply, busy }) {
  const [why, setWhy] = useState("");
  if (draft.changes.length === 0) return html`<p role="status">${t("ui.settings.same", { revision: String(draft.revision) })}</p>`;
  const onSubmit = (event) => {
    event.preventDefault();
    onApply(why);
  };
  return html`
    <p role="status">${t("ui.settings.checked", { tests: draft.tests, files: draft.changes.length })}</p>
    <${Difference} changes=${draft.changes} />
    ${draft.restart && html`<p>${t("ui.settings.restart")}</p>`}
    <form class="settings-apply" onSubmit=${onSubmit}>
      <label for="settings-why">${t("ui.settings.why")}</label>
      <input id="settings-why" type="text" value=${why} maxlength=${WHY_BYTES_MAX / 2} onInput=${(event) => setWhy(event.target.value)} />
      <button class="button primary" disabled=${busy}>${t("ui.settings.apply")}</button>
    </form>`;
}

function Revision({ revision, runs, onBack }) {
  const [open, setOpen] = useState(false);
  const { id, kind, at, actor, why, changes, kept } = revision;
  return html`<li>
    <div class="revision-head">
      <span class="strong">${t("ui.settings.revision", { revision: String(id) })}</span>
      ${runs && html`<span class="status tone-good"><${Icon} name="check" />${t("ui.settings.runs")}</span>`}
      <span>${t(KINDS[kind])}</span>
      <span class="muted">${timeText(at)} · ${actor}</span>
    </div>
    ${why && html`<p>${why}</p>`}
    <div class="revision-actions">
      ${changes.length > 0 && html`<button type="button" class="link" aria-expanded=${open} onClick=${() => setOpen(!open)}>
        ${t("ui.settings.changed", { files: changes.length })}</button>`}
      ${kept && !runs && html`<button type="button" class="link" onClick=${() => onBack(revision)}>${t("ui.settings.back")}</button>`}
    </div>
    ${open && html`<${Difference} changes=${changes} />`}
  </li>`;
}

function BackDialog({ revision, onClose, onYes }) {
  const actions = html`
    <button type="button" class="button" onClick=${onClose}>${t("ui.settings.back_no")}</button>
    <button type="button" class="button primary" onClick=${onYes}>${t("ui.settings.back_yes")}</button>`;
  return html`<${Dialog} title=${t("ui.settings.back_title", { revision: String(revision.id) })} onClose=${onClose} actions=${actions}>
    <p>${t("ui.settings.back_text")}</p>
  <//>`;
}

export function SettingsPage() {
  const query = useQuery(`settings ${language.value}`, async (options) => {
    const { data, etag } = await revisionList(options);
    return { ...data, etag };
  });
  const [draft, setDraft] = useState(null);
  const [refused, setRefused] = useState(null);
  const [busy, setBusy] = useState(false);
  const [back, setBack] = useState(null);

  /** Asks for a change upon the revision that is shown; what comes is told, and what runs is read again. */
  const change = async (ask, done) => {
    setBusy(true);
    setRefused(null);
    try {
      done((await ask(query.answer.etag)).data);
    } catch (problem) {
      if (problem.problems) setRefused(problem);
      else toastProblem(problem);
    } finally {
      setBusy(false);
      query.again();
    }
  };
  const published = (answer) => {
    setDraft(null);
    toastDone(t("ui.settings.published", { revision: String(answer.revision) }));
  };
  const check = () => {
    setDraft(null);
    change((etag) => policyReload({ dry_run: true }, etag), setDraft);
  };
  const apply = (why) => change((etag) => policyReload({ why }, etag), published);
  const goBack = () => {
    const { id } = back;
    setBack(null);
    change((etag) => policyRollback({ revision: id }, etag), published);
  };

  const { answer, problem } = query;
  return html`<section class="settings">
    <${PageTitle} title=${t("ui.settings.title")}>
      ${answer && html`<button type="button" class="button" disabled=${busy} onClick=${check}>${t("ui.settings.check")}</button>`}
    <//>
    <${ProblemBox} problem=${answer ? null : problem} onRetry=${query.again} />
    ${!answer && !problem && html`<${Skeleton} />`}
    ${refused && html`<${Refused} problem=${refused} />`}
    ${draft && html`<div class="panel settings-draft"><${Draft} draft=${draft} onApply=${apply} busy=${busy} /></div>`}
    ${answer && html`<div class="panel">
      <h2>${t("ui.settings.history")}</h2>
      <ul class="revisions">
        ${answer.revisions.map((revision) => html`<${Revision} key=${revision.id} revision=${revision}
          runs=${revision.id === answer.revision} onBack=${setBack} />`)}
      </ul>
    </div>`}
    ${back && html`<${BackDialog} revision=${back} onClose=${() => setBack(null)} onYes=${goBack} />`}
  </section>`;
}
