import { createClient, type DatadogAPMClient } from "@llmdevops/dd";
import { startTestAgent, type TestAgent } from "@llmdevops/dd-testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

let agent: TestAgent;
let client: DatadogAPMClient;

beforeAll(async () => {
  agent = await startTestAgent();
  client = createClient({
    service: "shop",
    env: "test",
    version: "1.2.3",
    tags: { team: "search" },
    agent: { url: agent.url },
    dogstatsd: { host: "127.0.0.1", port: agent.dogstatsdPort },
    llmobs: { enabled: true, mlApp: "shop" },
    metrics: { cardinality: { blockedTags: ["coupon"] } },
  });
});

beforeEach(() => agent.clear());

afterAll(async () => {
  await client.shutdown();
  await agent.stop();
});

test("a span arrives with service, env, version, tags and its error", async () => {
  const failure = new TypeError("no such order");

  expect(() =>
    client.trace("order.load", { resource: "orders", tags: { "order.lines": 3 } }, () => {
      throw failure;
    }),
  ).toThrow(failure);
  const report = await client.flush();

  expect(report).toMatchObject({ complete: true, openSpans: 0 });
  expect(agent.rejections()).toEqual([]);
  const [span] = agent.spans();
  expect(span).toMatchObject({
    name: "order.load",
    resource: "orders",
    service: "shop",
    error: 1,
    meta: {
      env: "test",
      version: "1.2.3",
      team: "search",
      "error.type": "TypeError",
      "error.message": "no such order",
    },
    metrics: { "order.lines": 3 },
  });
  expect(span?.meta["error.stack"]).toContain("client.test.ts");
});

test("one model call feeds the APM span, the LLM Observability span and the metrics with the same numbers", async () => {
  await client.traceLLM({ provider: "anthropic", model: "claude-sonnet-4-6" }, async (span) => {
    span.setUsage({ input_tokens: 100, cache_read_input_tokens: 900, output_tokens: 20 });
  });
  await client.flush();
  await agent.waitFor({ spans: 1, llmobsSpans: 1, metrics: 8 });

  const [span] = agent.spans();
  const [event] = agent.llmobsSpans();
  const tokens = agent.metrics().filter(({ name }) => name === "llm.request.tokens.input");
  expect(span?.metrics["llm.input_tokens"]).toBe(1_000);
  expect(event).toMatchObject({
    kind: "llm",
    spanId: span?.spanId,
    metrics: { input_tokens: 1_000, non_cached_input_tokens: 100, output_tokens: 20 },
  });
  expect(tokens.map(({ values }) => values)).toEqual([["1000"]].map((row) => row.map(Number)));
  // 100 × $3 + 900 × $0.30 + 20 × $15 per million tokens.
  expect(span?.metrics["llm.cost.total_usd"]).toBe(0.00087);
  expect(event?.metrics["total_cost"]).toBe(0.00087);
});

test("every metric carries service, env and version exactly once", async () => {
  client.increment("orders", 2, { channel: "web" });
  await client.flush();
  await agent.waitFor({ metrics: ({ name }) => name === "orders" });

  const tags = agent.metrics().find(({ name }) => name === "orders")?.tags ?? [];
  expect([...tags].sort()).toEqual([
    "channel:web",
    "env:test",
    "service:shop",
    "team:search",
    "version:1.2.3",
  ]);
});

test("the options of metrics reach the metrics client", async () => {
  client.increment("carts", 1, { coupon: "SUMMER", channel: "web" });
  await client.flush();
  await agent.waitFor({ metrics: ({ name }) => name === "carts" });

  const tags = agent.metrics().find(({ name }) => name === "carts")?.tags ?? [];
  expect(tags).toContain("channel:web");
  expect(tags.filter((tag) => tag.startsWith("coupon:"))).toEqual([]);
});

test("an agent's tools and model calls hang under it in APM and in LLM Observability", async () => {
  await client.traceAgent({ agentName: "planner" }, async (planner) => {
    await client.traceToolCall(planner, "lookup", { id: 1 }, () => "found");
    await client.traceLLM({ provider: "openai", model: "gpt-4o-mini" }, async () => "ok");
  });
  await client.flush();
  await agent.waitFor({ spans: 3, llmobsSpans: 3 });

  const spans = new Map(agent.spans().map((span) => [span.name, span]));
  const events = new Map(agent.llmobsSpans().map((event) => [event.kind, event]));
  const root = spans.get("agent.run");
  expect(spans.get("tool.lookup")?.parentId).toBe(root?.spanId);
  expect(spans.get("llm.request")?.parentId).toBe(root?.spanId);
  expect(events.get("agent")).toMatchObject({ name: "planner", parentId: "undefined" });
  expect(events.get("tool")).toMatchObject({ name: "lookup", parentId: root?.spanId });
  expect(events.get("llm")).toMatchObject({ name: "llm.request", parentId: root?.spanId });
});

test("a trace goes on in another process by its headers, in APM and in LLM Observability", async () => {
  const headers = client.traceAgent({ agentName: "caller" }, () =>
    client.injectContext({} as Record<string, string>),
  );
  const remote = client.extractContext(headers);
  expect(remote).not.toBeNull();
  client.traceAgent({ agentName: "callee", childOf: remote }, () => {});
  await client.flush();
  await agent.waitFor({ spans: 2, llmobsSpans: 2 });

  const [caller, callee] = agent.spans();
  expect(callee).toMatchObject({ traceIdHex: caller?.traceIdHex, parentId: caller?.spanId });
  const events = new Map(agent.llmobsSpans().map((event) => [event.name, event]));
  expect(events.get("callee")).toMatchObject({
    parentId: caller?.spanId,
    traceId: events.get("caller")?.traceId,
  });
});

test("a log record gets the ids under which the trace arrives", async () => {
  const record = client.trace("logged", () => client.injectTraceContext({ msg: "hello" }));
  await client.flush();

  const [span] = agent.spans();
  expect(record).toEqual({
    msg: "hello",
    "dd.trace_id": span?.traceIdHex,
    "dd.span_id": span?.spanId,
    "dd.service": "shop",
    "dd.env": "test",
    "dd.version": "1.2.3",
  });
});

test("prompts and responses stay in the process unless they are asked for", async () => {
  const secret = "the private prompt";

  await client.traceLLM({ provider: "openai", model: "gpt-4o-mini" }, async (span) => {
    span.setInput(secret).setOutput(`answer to ${secret}`);
  });
  await client.flush();
  await agent.waitFor({ spans: 1, llmobsSpans: 1 });

  const arrived = JSON.stringify([agent.spans(), agent.llmobsSpans()], (_key, value) =>
    typeof value === "bigint" ? String(value) : value,
  );
  expect(arrived).not.toContain(secret);
  expect(arrived).not.toContain("prompt_length");
});

test("counts of created, finished and open spans add up in the health report", () => {
  const before = client.health().spans;
  const open = client.startSpan("open");
  client.startSpan("done").finish();

  const during = client.health().spans;
  expect(during.created).toBe(before.created + 2);
  expect(during.created).toBe(during.finished + during.open);
  expect(during.open).toBe(before.open + 1);
  open.finish();
});
