// Logging in: a plain form that password managers know. In the demo the logins stand below it.

import { html, useEffect, useRef, useState } from "/vendor.js";
import { Problem } from "../api.js";
import { language, t } from "../i18n.js";
import { LanguageChoice, roleText } from "../parts/account.js";
import { Icon } from "../parts/icon.js";
import { PageTitle } from "../parts/page.js";
import { ProblemBox } from "../parts/problem.js";
import { sessionEnter } from "../session.js";
import { portal } from "../state.js";

function DemoLogins({ logins, onChoose }) {
  if (logins.length === 0) return null;
  return html`<section class="demo" aria-labelledby="demo-title">
    <h2 id="demo-title">${t("ui.login.demo")}</h2>
    <ul>
      ${logins.map((entry) => html`<li key=${entry.login}>
        <button type="button" class="demo-login" onClick=${() => onChoose(entry)}>
          <span class="strong">${roleText(entry.role)}</span>
          <span class="muted">${[entry.dealer, entry.login].filter(Boolean).join(" · ")}</span>
        </button>
      </li>`)}
    </ul>
  </section>`;
}

export function LoginPage() {
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const login = useRef(null);
  const password = useRef(null);
  const submit = useRef(null);

  // It is in the words of the language before.
  useEffect(() => setProblem(null), [language.value]);

  // The fields keep their own text: a password manager may write into them without a word to the page.
  const onSubmit = async (event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await sessionEnter(login.current.value.trim(), password.current.value);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
      setBusy(false);
      password.current.focus();
      password.current.select();
    }
  };
  const onChoose = (entry) => {
    login.current.value = entry.login;
    password.current.value = entry.password;
    submit.current.focus();
  };

  return html`<div class="login">
    <div class="login-art" aria-hidden="true"></div>
    <main class="login-main">
      <div class="login-card">
        ${portal.value.insecure && html`<p class="insecure" role="note">
          <${Icon} name="warning" />${t("ui.login.insecure")}
        </p>`}
        <p class="login-brand">${portal.value.title}</p>
        <${PageTitle} title=${t("ui.login.title")} />
        <form class="login-form" method="post" action="/login" onSubmit=${onSubmit}>
          <label class="field">
            <span>${t("ui.login.login")}</span>
            <input ref=${login} name="login" type="text" autocomplete="username" autocapitalize="none" spellcheck="false"
              maxlength="200" required />
          </label>
          <label class="field">
            <span>${t("ui.login.password")}</span>
            <input ref=${password} name="password" type="password" autocomplete="current-password" maxlength="200"
              required />
          </label>
          <${ProblemBox} problem=${problem} />
          <button ref=${submit} type="submit" class="button primary wide" disabled=${busy}>${t("ui.login.enter")}</button>
        </form>
        <${DemoLogins} logins=${portal.value.logins} onChoose=${onChoose} />
        <${LanguageChoice} />
      </div>
    </main>
  </div>`;
}
