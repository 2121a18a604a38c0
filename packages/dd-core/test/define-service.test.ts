import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigurationError, defineService, type ServiceDescription } from "../src/index.ts";
import { violationsOfEntity } from "./support/entity-schema.ts";

const checkout = {
  name: "checkout",
  team: "orders",
  tier: "1",
  lifecycle: "production",
  type: "web",
  contacts: [
    { type: "slack", contact: "https://chat.example.com/orders", name: "On call" },
    { type: "email", contact: "orders@example.com", name: "Us" },
  ],
  links: [{ name: "Code", url: "https://code.example.com/checkout", type: "repo" }],
  runbooks: { "Queue is full": "https://runbooks.example.com/queue" },
  dependsOn: ["payments", "stock", "datastore:orders-db", "queue:mails"],
} as const satisfies ServiceDescription;

/** The entity as a parser of the file gets it. */
function written(service: ServiceDescription): unknown {
  const [comment, ...json] = defineService(service).toYAML().split("\n");
  expect(comment).toBe("# entity.datadog.yaml");
  return JSON.parse(json.join("\n"));
}

describe("a service", () => {
  test("becomes an entity of schema v3", () => {
    expect(written(checkout)).toEqual({
      apiVersion: "v3",
      kind: "service",
      metadata: {
        name: "checkout",
        owner: "orders",
        contacts: [
          { name: "On call", type: "slack", contact: "https://chat.example.com/orders" },
          { name: "Us", type: "email", contact: "orders@example.com" },
        ],
        links: [
          { name: "Code", type: "repo", url: "https://code.example.com/checkout" },
          { name: "Queue is full", type: "runbook", url: "https://runbooks.example.com/queue" },
        ],
      },
      spec: {
        tier: "1",
        lifecycle: "production",
        type: "web",
        languages: ["js"],
        dependsOn: ["service:payments", "service:stock", "datastore:orders-db", "queue:mails"],
      },
    });
    expect(violationsOfEntity(written(checkout))).toEqual([]);
  });

  test("has no absent parts", () => {
    expect(written({ name: "a", team: "b", languages: [] })).toEqual({
      apiVersion: "v3",
      kind: "service",
      metadata: { name: "a", owner: "b" },
      spec: {},
    });
  });

  test("is either refused at once or valid by Datadog's schema, whatever it is described with", () => {
    const odd = fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom<unknown>(null, 7, {}, []));
    const word = fc.oneof(
      {
        weight: 40,
        arbitrary: fc.constantFrom("email", "ada@example.com", "https://example.com", "queue:a"),
      },
      { weight: 1, arbitrary: odd },
    );
    const texts = fc.oneof(
      { weight: 20, arbitrary: fc.array(word, { maxLength: 2 }) },
      { weight: 1, arbitrary: odd },
    );
    const description = fc.record(
      {
        name: word,
        team: word,
        tier: word,
        lifecycle: word,
        description: word,
        type: word,
        languages: texts,
        contacts: fc.array(
          fc.record(
            { type: word, contact: word, name: word },
            { requiredKeys: ["type", "contact"] },
          ),
          { maxLength: 2 },
        ),
        links: fc.array(fc.record({ name: word, url: word, type: word }), { maxLength: 2 }),
        runbooks: fc.dictionary(fc.string({ maxLength: 4 }), word, { maxKeys: 2 }),
        dependsOn: texts,
      },
      { requiredKeys: ["name", "team"] },
    );
    let accepted = 0;
    fc.assert(
      fc.property(description, (given) => {
        try {
          const entity = written(given as unknown as ServiceDescription);
          accepted += 1;
          expect(violationsOfEntity(entity)).toEqual([]);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigurationError);
        }
      }),
      { numRuns: 3_000 },
    );
    expect(accepted).toBeGreaterThan(50);
  });

  test.each([
    [null, "object"],
    ["checkout", "object"],
    [{ name: "a", team: "b", runbooks: 7 }, "runbooks"],
    [{ name: "a", team: "b", contacts: "x" }, "contacts"],
    [{ name: "a", team: "b", links: [null] }, "links"],
    [{ team: "b" }, "name"],
    [{ name: "a" }, "team"],
    [{ name: "a", team: "b", runbooks: { x: "no address" } }, "runbooks.x"],
    [{ name: "a", team: "b", dependsOn: [7] }, "dependsOn[0]"],
    [{ name: "a", team: "b", tier: "" }, "tier"],
    [{ name: "a", team: "b", languages: [7] }, "languages[0]"],
    [{ name: "a", team: "b", contacts: [{ type: "email", contact: "x" }] }, "contacts[0].contact"],
    [
      { name: "a", team: "b", contacts: [{ type: "slack", contact: "x", name: "y" }] },
      "contacts[0].name",
    ],
    [{ name: "a", team: "b", links: [{ name: "x", url: "https://x.example" }] }, "links[0].type"],
  ])("described as %o is refused, naming %s", (description, part) => {
    expect(() => defineService(description as never)).toThrow(
      expect.objectContaining({
        name: "ConfigurationError",
        message: expect.stringContaining(part),
      }),
    );
  });
});

describe("the check against the schema", () => {
  const valid = defineService(checkout).entity;
  const { metadata, spec } = valid as Record<string, object>;

  test.each([
    [{ ...valid, apiVersion: "v2.2" }, "entity.apiVersion must be v3"],
    [{ ...valid, kind: "queue" }, "entity.kind must be service"],
    [{ ...valid, team: "x" }, "entity.team is not allowed"],
    [{ apiVersion: "v3", kind: "service" }, "entity.metadata is missing"],
    [{ ...valid, metadata: { ...metadata, team: "x" } }, "entity.metadata.team is not allowed"],
    [{ ...valid, spec: { ...spec, tier: "" } }, "entity.spec.tier must be text"],
    [{ ...valid, spec: { ...spec, dependsOn: "x" } }, "entity.spec.dependsOn must be a list"],
    [
      { ...valid, metadata: { ...metadata, links: [{ name: "x", type: "doc", url: "x" }] } },
      "entity.metadata.links[0].url must be text",
    ],
    [
      { ...valid, metadata: { ...metadata, contacts: [{ type: "email", contact: "x" }] } },
      "entity.metadata.contacts[0].contact must be an e-mail address",
    ],
  ])("finds what is wrong with %o", (entity, violation) => {
    expect(violationsOfEntity(entity)).toEqual([expect.stringContaining(violation)]);
  });
});

test("dependencies seen at run time are compared with those declared, by name", () => {
  const { compareDependencies } = defineService(checkout);

  expect(compareDependencies(["payments", "mail", "mail", "audit", "orders-db", "mails"])).toEqual({
    undeclared: ["audit", "mail"],
    unseen: ["stock"],
  });
});
