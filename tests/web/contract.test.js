// The tests' own reader of the contract finds what is wrong with an answer, and nothing in one that is right.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Contract } from "../lib/contract.mjs";

const contract = new Contract({
  paths: {
    "/things/{id}": {
      get: {
        operationId: "thing_get",
        responses: {
          200: { description: "", content: { "application/json": { schema: { $ref: "#/components/schemas/Thing" } } } },
          404: { $ref: "#/components/responses/Problem" },
        },
      },
    },
  },
  components: {
    responses: { Problem: { content: { "application/problem+json": { schema: { type: "object", required: ["code"] } } } } },
    schemas: {
      Thing: {
        type: "object",
        required: ["id", "date"],
        properties: { id: { type: "string" }, date: { oneOf: [{ type: "null" }, { type: "string", pattern: "^[0-9]{4}$" }] }, kind: { enum: ["a", "b"] } },
      },
    },
  },
});

const answer = (status, json, type = "application/json; charset=utf-8") => ({ status, json, headers: { "content-type": type } });
const check = (path, ...given) => contract.check("GET", path, answer(...given));

test("what is right passes", () => {
  check("/api/v1/things/1", 200, { id: "1", date: "2026", kind: "a" });
  check("/api/v1/things/1?x=y", 200, { id: "1", date: null });
  check("/api/v1/things/1", 404, { code: "gone" }, "application/problem+json");
  check("/api/v1/things/1", 401, { code: "session_none" }, "application/problem+json");
});

test("a field that is missing, of another type or form, or of another set is named", () => {
  assert.throws(() => check("/api/v1/things/1", 200, { id: "1" }), /lacks date/);
  assert.throws(() => check("/api/v1/things/1", 200, { id: 1, date: null }), /\/id is no string/);
  assert.throws(() => check("/api/v1/things/1", 200, { id: "1", date: "1" }), /\/date fits none/);
  assert.throws(() => check("/api/v1/things/1", 200, { id: "1", date: null, kind: "c" }), /\/kind is "c"/);
});

test("a status that the operation does not name, and another type of answer, are told", () => {
  assert.throws(() => check("/api/v1/things/1", 409, {}), /answered 409, which the contract does not name for thing_get/);
  assert.throws(() => check("/api/v1/things/1", 404, { code: "gone" }), /application\/json/);
});

test("a word of a schema that is not understood is no pass", () => {
  assert.throws(() => contract.wrong({ multipleOf: 2 }, 3), /multipleOf, which is not understood/);
});
