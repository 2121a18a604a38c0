import fc from "fast-check";
import { expect, test } from "vitest";
import { httpResource, operationName } from "../../src/index.ts";
import { dynamicPartOf } from "../../src/naming/dynamic-part.ts";
import { hostileValues, nameOf } from "../support/hostile-values.ts";

test.each([
  ["get", "/users/42/orders?page=2", "GET /users/:id/orders"],
  ["GET", "/users/:id", "GET /users/:id"],
  ["GET", "/users/{id}#top", "GET /users/{id}"],
  ["POST", "https://ada:hunter2@api.example.com:8443/v1/messages?beta=true", "POST /v1/messages"],
  ["DELETE", "/a/3F2504E0-4F89-11D3-9A0C-0305E82C3301", "DELETE /a/:id"],
  ["GET", "/files/5f3a9c1e7b2d4a6f", "GET /files/:id"],
  ["GET", "/mail/ada@example.com", "GET /mail/:id"],
  ["GET", "/mail/ada%40example.com", "GET /mail/:id"],
  ["GET", "", "GET /"],
  ["GET", "http://", "GET http://"],
  ["GET", "urn:isbn:x", "GET urn:isbn:x"],
  ["GET", "https://api.example.com", "GET /"],
])("the resource of %s %s is %s", (method, target, resource) => {
  expect(httpResource(method, target)).toBe(resource);
});

test("the resource of any path is the same for all of its numbers, and short", () => {
  const segments = fc.array(fc.stringMatching(/^[a-z0-9._~-]{1,30}$/), { maxLength: 4 });
  fc.assert(
    fc.property(segments, fc.nat(), fc.nat(), (path, one, other) => {
      const resource = httpResource("get", `/${[...path, one].join("/")}`);

      expect(resource).toBe(httpResource("get", `/${[...path, other].join("/")}`));
      expect(dynamicPartOf(resource)).toBeUndefined();
    }),
  );
  expect(httpResource("GET", `/${"a/".repeat(10_000)}`).length).toBeLessThan(210);
});

test.each([
  [["order", "place"], "order.place"],
  [["Order", "place by card"], "order.place_by_card"],
  [["httpClient", "sendRequest"], "http_client.send_request"],
  [["llm.request"], "llm.request"],
  [["  ", "42", "-x-"], "x"],
  [[], "unnamed_operation"],
  [["äöü"], "unnamed_operation"],
])("the operation of %j is %s", (parts, name) => {
  expect(operationName(...parts)).toBe(name);
});

test("an operation's name has 100 characters at most, and of a long part only the beginning counts", () => {
  expect(operationName("a".repeat(80), "b".repeat(80))).toBe(`${"a".repeat(80)}.${"b".repeat(19)}`);
  expect(operationName(`${"-".repeat(100)}hidden`, "shown")).toBe("shown");
});

test("an operation's name always has the form that Datadog keeps, and naming it again changes nothing", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 80 }), { maxLength: 4 }), (parts) => {
      const name = operationName(...parts);

      expect(name).toMatch(/^[a-z][a-z0-9_.]{0,99}$/);
      expect(operationName(name)).toBe(name);
    }),
  );
});

test.each(hostileValues.map((value) => [nameOf(value), () => value] as const))(
  "%s in place of a text does no harm",
  (_name, make) => {
    const value = make() as string;
    const attempt = (run: () => string) => expect(typeof run()).toBe("string");
    attempt(() => httpResource(value, value));
    attempt(() => operationName(value));
  },
);
