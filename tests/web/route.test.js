// Addresses and pages, both ways.

import assert from "node:assert/strict";
import { test } from "node:test";
import { HOME, returnPath, routeMatch, routePath, routes } from "../../web/app/route.js";

test("every page's own address leads to it", () => {
  for (const { page } of routes) {
    assert.equal(routeMatch(routePath(page, { id: "42" })).page, page);
  }
});

test("the root and a slash at the end are the same places", () => {
  assert.equal(routeMatch("/").page, "catalogue");
  assert.equal(routeMatch("/orders/").page, "orders");
});

test("an item with a characteristic keeps its # through the address", () => {
  const path = routePath("item", { id: "a1#b/2" });
  assert.equal(path, "/items/a1%23b%2F2");
  assert.deepEqual(routeMatch(path), { page: "item", params: { id: "a1#b/2" } });
});

test("empty filters are not in the address", () => {
  assert.equal(routePath("catalogue", {}, { q: "терра 60", group: "", sort: undefined }), "/catalog?q=%D1%82%D0%B5%D1%80%D1%80%D0%B0+60");
  assert.equal(routePath("orders", {}, {}), "/orders");
});

test("what is no page is missing, and breaks nothing", () => {
  for (const path of ["/nowhere", "/orders/1/2", "/items/", "/items/%E0%A4%A"]) assert.equal(routeMatch(path).page, "missing", path);
});

test("logging in leads back to where one was, and never to another site", () => {
  assert.equal(returnPath("/orders/7?x=1"), "/orders/7?x=1");
  for (const asked of [undefined, "", "//evil.example", "/\\evil.example", "https://evil.example/orders", "/login", "/nowhere", "orders"]) {
    assert.equal(returnPath(asked), HOME, String(asked));
  }
});
