import { beforeEach, expect, test } from "vitest";
import { createTracing, defineService, type Tracing } from "../../src/index.ts";
import { recordingLogger } from "../support/recording-logger.ts";

let logger: ReturnType<typeof recordingLogger>;
let tracing: Tracing;
beforeEach(() => {
  logger = recordingLogger();
  tracing = createTracing({ service: "checkout", enabled: false, logger });
});

test("a value in an operation's name is warned of once, however often and wherever it comes", () => {
  for (const id of [17, 18, 18]) tracing.startSpan(`order/${id}`).finish();
  tracing.trace("order/19", () => {});

  expect(logger.lines.filter((line) => line.startsWith("WARN"))).toEqual([
    expect.stringMatching(/^WARN The operation name "order\/\?" holds a number/),
  ]);
  expect(tracing.health().faults).toEqual({ dynamic_operation_name: 3 });
});

test("a value in a resource is found in the option, in a start tag and in a tag that is set later", () => {
  tracing.startSpan("get", { resource: "GET /users/1" });
  tracing.startSpan("get", { tags: { "resource.name": "GET /users/2" } });
  tracing.startSpan("get").setTag("resource.name", "GET /users/3");
  tracing.startSpan("get").setTags({ "resource.name": "GET /users/:id", other: "GET /users/4" });

  expect(logger.lines.filter((line) => line.startsWith("WARN"))).toEqual([
    expect.stringMatching(/^WARN The resource name "GET \/users\/\?" holds a number/),
  ]);
  expect(tracing.health().faults).toEqual({ dynamic_resource_name: 3 });
});

test("personal data in a name is redacted, and the name called dynamic", () => {
  tracing.startSpan("mail ada@example.com", { resource: "ada@example.com" });

  expect(tracing.health().faults).toEqual({ dynamic_operation_name: 1, dynamic_resource_name: 1 });
  expect(logger.lines.join()).not.toContain("example.com");
});

test("services that were called are compared with those that are declared", () => {
  tracing.startSpan("charge", { kind: "client", tags: { "peer.service": "payments" } });
  tracing.startSpan("reserve", { kind: "client" }).setTag("peer.service", "stock");
  tracing.startSpan("again").setTag("peer.service", "stock").setTag("peer.service", undefined);
  const declared = defineService({
    name: "checkout",
    team: "orders",
    dependsOn: ["payments", "datastore:orders-db"],
  });

  const { dependencies } = tracing.health();
  expect(dependencies).toEqual(["payments", "stock"]);
  expect(declared.compareDependencies(dependencies)).toEqual({
    undeclared: ["stock"],
    unseen: ["orders-db"],
  });
});
