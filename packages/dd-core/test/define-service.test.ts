import { expect, test } from "vitest";
import { defineService } from "../src/index.ts";

const checkout = {
  name: "checkout",
  team: "orders",
  tier: "1",
  lifecycle: "production",
  contacts: [{ type: "slack", contact: "https://chat.example.com/orders", name: "On call" }],
  links: [{ name: "Code", url: "https://code.example.com/checkout", type: "repo" }],
  runbooks: { "Queue is full": "https://runbooks.example.com/queue" },
  dependsOn: ["payments", "stock"],
} as const;

test("a service becomes an entity of schema v3", () => {
  const text = defineService(checkout).toYAML();
  const [comment, ...json] = text.split("\n");

  expect(comment).toBe("# entity.datadog.yaml");
  expect(JSON.parse(json.join("\n"))).toEqual({
    apiVersion: "v3",
    kind: "service",
    metadata: {
      name: "checkout",
      owner: "orders",
      contacts: [{ name: "On call", type: "slack", contact: "https://chat.example.com/orders" }],
      links: [
        { name: "Code", type: "repo", url: "https://code.example.com/checkout" },
        { name: "Queue is full", type: "runbook", url: "https://runbooks.example.com/queue" },
      ],
    },
    spec: {
      tier: "1",
      lifecycle: "production",
      dependsOn: ["service:payments", "service:stock"],
    },
  });
});

test("absent parts are left out", () => {
  expect(defineService({ name: "a", team: "b" }).entity).toEqual({
    apiVersion: "v3",
    kind: "service",
    metadata: { name: "a", owner: "b" },
    spec: {},
  });
});

test("dependencies seen at run time are compared with those declared", () => {
  const { compareDependencies } = defineService(checkout);

  expect(compareDependencies(["payments", "mail", "mail", "audit"])).toEqual({
    undeclared: ["audit", "mail"],
    unseen: ["stock"],
  });
});

test.each([
  [{ team: "b" }, "name"],
  [{ name: "a" }, "team"],
  [{ name: "a", team: "b", runbooks: { x: "no address" } }, "runbooks.x"],
  [{ name: "a", team: "b", dependsOn: [7] }, "dependsOn[0]"],
])("%o is refused, naming %s", (description, part) => {
  expect(() => defineService(description as never)).toThrow(
    expect.objectContaining({
      name: "ConfigurationError",
      message: expect.stringContaining(part),
    }),
  );
});
