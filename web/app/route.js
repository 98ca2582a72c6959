// The client's addresses: path to page and back. Pure. The server answers each of them with index.html.

export const routes = [
  { page: "login", pattern: "/login" },
  { page: "catalogue", pattern: "/catalog" },
  { page: "item", pattern: "/items/:id" },
  { page: "basket", pattern: "/basket" },
  { page: "orders", pattern: "/orders" },
  { page: "order", pattern: "/orders/:id" },
  { page: "settings", pattern: "/settings" },
];

export const HOME = "/catalog";

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

function paramsOf(pattern, path) {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return null;
  const params = {};
  for (let i = 0; i < wanted.length; i++) {
    if (wanted[i].startsWith(":")) {
      const value = decoded(given[i]);
      if (!value) return null;
      params[wanted[i].slice(1)] = value;
    } else if (wanted[i] !== given[i]) {
      return null;
    }
  }
  return params;
}

/** The page of a path and what the path names; page "missing" where there is none. "/" is the catalogue. */
export function routeMatch(path) {
  const plain = path === "/" ? HOME : path.replace(/\/$/, "");
  for (const { page, pattern } of routes) {
    const params = paramsOf(pattern, plain);
    if (params) return { page, params };
  }
  return { page: "missing", params: {} };
}

/** The address of a page: routePath("item", {id: "a#b"}) is "/items/a%23b". Empty query values are left out. */
export function routePath(page, params = {}, query = {}) {
  const { pattern } = routes.find((route) => route.page === page);
  const path = pattern.replace(/:([a-z]+)/g, (_, name) => encodeURIComponent(params[name]));
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value));
  return path + (String(search) === "" ? "" : `?${search}`);
}

/** Where to go after logging in: an address of this site that was asked for, else home. Never another site's. */
export function returnPath(asked) {
  const ours = typeof asked === "string" && /^\/(?![/\\])/.test(asked);
  const page = ours ? routeMatch(asked.split(/[?#]/)[0]).page : "missing";
  return page === "missing" || page === "login" ? HOME : asked;
}
