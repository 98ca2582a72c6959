// The server's API (openapi.yaml): one function an operation. Every failure, the network's too, is a Problem.

import { language, t } from "./i18n.js";
import { linkKnocksBy, linkSeen } from "./link.js";

const BASE = "/api/v1";
/* A dealer on a bad line in Kamchatka still gets his answer; a dead server is told within the half minute. */
const TIMEOUT_MS = 30_000;

/** Why a request was refused or never answered; `detail` is a sentence for people. */
export class Problem extends Error {
  constructor({ status, code, detail, params = {}, errors = [], pointer = null, problems = null, requestId = null, isAbsent = false }) {
    super(detail);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.params = params;
    this.errors = errors;
    this.pointer = pointer;
    /** What is wrong with files on the server: {text, list}. */
    this.problems = problems;
    this.requestId = requestId;
    /** No answer came from the server itself. */
    this.isAbsent = isAbsent;
  }
}

let onSessionEnd = () => {};

/** Who is told that the server knows no session any more. */
export function apiOnSessionEnd(tell) {
  onSessionEnd = tell;
}

/* What a proxy says where it cannot reach the server; the server's own refusals are problems in JSON. */
const isProxys = (response) => [502, 503, 504].includes(response.status) && !/json/.test(response.headers.get("Content-Type"));

async function problemOf(response) {
  const requestId = response.headers.get("X-Request-Id");
  const type = response.headers.get("Content-Type") ?? "";
  let body = {};
  if (type.includes("json")) body = await response.json().catch(() => ({}));
  return new Problem({
    ...body,
    status: response.status,
    code: body.code ?? "http",
    detail: body.detail ?? t("ui.error.http", { status: String(response.status) }),
    requestId: body.instance ?? requestId,
    isAbsent: isProxys(response),
  });
}

/** The signal's abort or the time-out ends the request; only the former is an abort to the caller. */
function limited(signal) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), TIMEOUT_MS);
  const forward = () => controller.abort();
  if (signal?.aborted) forward();
  signal?.addEventListener("abort", forward);
  return {
    signal: controller.signal,
    done() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", forward);
    },
  };
}

/**
 * @param {string} method
 * @param {string} path below /api/v1
 * @param {{query?: object, body?: object|string, headers?: object, signal?: AbortSignal, quiet?: boolean}} [options]
 *   quiet: a 401 is an answer here and not the end of the session
 * @returns {Promise<{status: number, data: any, etag: string|null}>}
 */
async function call(method, path, { query = {}, body, headers = {}, signal, quiet = false } = {}) {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value));
  const limit = limited(signal);
  try {
    const response = await fetch(BASE + path + (String(search) && `?${search}`), {
      method,
      // The server wants the type on everything that changes, a body or none.
      headers: {
        "Accept-Language": language.value,
        ...(method === "GET" ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      body: typeof body === "object" ? JSON.stringify(body) : body,
      signal: limit.signal,
    });
    linkSeen(!isProxys(response));
    if (!response.ok) throw await problemOf(response);
    const data = response.status === 204 ? null : await response.json();
    return { status: response.status, data, etag: response.headers.get("ETag") };
  } catch (error) {
    if (signal?.aborted) throw error;
    if (!(error instanceof Problem)) {
      linkSeen(false);
      throw new Problem({ status: 0, code: "network", detail: t("ui.error.network"), isAbsent: true });
    }
    if (error.status === 401 && !quiet) onSessionEnd();
    throw error;
  } finally {
    limit.done();
  }
}

const at = (strings, ...ids) => String.raw({ raw: strings }, ...ids.map(encodeURIComponent));

/* A change is made upon what was shown. */
const upon = (etag) => (etag ? { "If-Match": etag } : {});

export const portalGet = () => call("GET", "/portal");
linkKnocksBy(portalGet);
export const meGet = () => call("GET", "/me", { quiet: true });
export const sessionCreate = (body) => call("POST", "/session", { body, quiet: true });
export const sessionDelete = () => call("DELETE", "/session", { quiet: true });

export const groupList = (options) => call("GET", "/groups", options);
export const itemList = (query, options) => call("GET", "/items", { ...options, query });
export const itemGet = (id, query, options) => call("GET", at`/items/${id}`, { ...options, query });
export const itemAvailability = (id, query, options) =>
  call("GET", at`/items/${id}/availability`, { ...options, query });
export const promiseAsk = (body, options) => call("POST", "/promise", { ...options, body });

export const orderList = (query, options) => call("GET", "/orders", { ...options, query });
export const orderGet = (id, options) => call("GET", at`/orders/${id}`, options);
/** The body as text: a repeat must be the same byte for byte. */
export const orderCreate = (body, key) => call("POST", "/orders", { body, headers: { "Idempotency-Key": key } });
export const orderChange = (id, body, etag) =>
  call("PATCH", at`/orders/${id}`, { body, headers: upon(etag) });
export const orderCancel = (id) => call("POST", at`/orders/${id}/cancel`, { body: {} });

export const revisionList = (options) => call("GET", "/admin/revisions", options);
export const policyReload = (body, etag) => call("POST", "/admin/reload", { body, headers: upon(etag) });
export const policyRollback = (body, etag) => call("POST", "/admin/rollback", { body, headers: upon(etag) });

export const holdList = (options) => call("GET", "/holds", options);
export const holdCreate = (offer) => call("POST", "/holds", { body: { offer } });
export const holdRelease = (id) => call("DELETE", at`/holds/${id}`);

export const changeList = (query, options) => call("GET", "/changes", { ...options, query });
