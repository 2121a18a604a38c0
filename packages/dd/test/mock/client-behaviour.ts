import { HeaderCarrier } from "@llmdevops/dd";
import { beforeEach, expect, test } from "vitest";
import type { Subject } from "./observed.ts";

/** Facts that hold for every client, whatever it sends to. */
export function describeClientBehaviour(create: () => Subject): void {
  let subject: Subject;
  beforeEach(async () => {
    subject ??= create();
    await subject.reset();
  });

  test("a span has its fields, its tags and those of the configuration", async () => {
    const { client } = subject;
    client
      .startSpan("order.load", {
        resource: "orders",
        type: "db",
        service: "orders-db",
        tags: { "order.lines": 3, "order.paid": true },
      })
      .setTag("order.channel", "web")
      .finish();

    const [span] = await subject.spans(1);
    expect(span).toMatchObject({
      name: "order.load",
      resource: "orders",
      type: "db",
      service: "orders-db",
      parentId: "0",
      error: false,
      tags: {
        "order.lines": "3",
        "order.paid": "1",
        "order.channel": "web",
        env: "test",
        version: "1.2.3",
        team: "search",
      },
    });
  });

  test("a span is a child of the active one, of a named one, or of none", async () => {
    const { client } = subject;
    client.trace("root", { startTime: 1_700_000_000_000 }, (root) => {
      client.startSpan("of the active", { startTime: 1_700_000_000_001 }).finish();
      client.startSpan("of a named", { childOf: root, startTime: 1_700_000_000_002 }).finish();
      client.startSpan("alone", { childOf: null, startTime: 1_700_000_000_003 }).finish();
    });

    const [root, active, named, alone] = await subject.spans(4);
    expect([active?.parentId, named?.parentId, alone?.parentId]).toEqual([
      root?.spanId,
      root?.spanId,
      "0",
    ]);
    expect([active?.traceIdHex, named?.traceIdHex]).toEqual([root?.traceIdHex, root?.traceIdHex]);
    expect(alone?.traceIdHex).not.toBe(root?.traceIdHex);
  });

  test("the active span survives awaits and belongs to its own call", async () => {
    const { client } = subject;
    const names = await Promise.all(
      ["a", "b"].map((name) =>
        client.trace(name, async () => {
          await new Promise((resolve) => setImmediate(resolve));
          return client.getCurrentSpan()?.name;
        }),
      ),
    );

    expect(names).toEqual(["a", "b"]);
    expect(client.getCurrentSpan()).toBeUndefined();
  });

  test("an error that is thrown is recorded and thrown on", async () => {
    const failure = new TypeError("no such order");
    expect(() =>
      subject.client.trace("order.load", () => {
        throw failure;
      }),
    ).toThrow(failure);

    const [span] = await subject.spans(1);
    expect(span).toMatchObject({
      error: true,
      tags: { "error.type": "TypeError", "error.message": "no such order" },
    });
    expect(span?.tags["error.stack"]).toContain("client-behaviour.ts");
  });

  test("an error that was handled is an event, and the span has not failed", async () => {
    const span = subject.client.startSpan("retry");
    span.setError(new Error("first try"), { handled: true }).finish();

    const [arrived] = await subject.spans(1);
    expect(arrived).toMatchObject({ error: false, eventNames: ["exception"] });
  });

  test("a link leads to the linked span", async () => {
    const { client } = subject;
    const first = client.startSpan("first", { startTime: 1_700_000_000_000 });
    const second = client.startSpan("second", { startTime: 1_700_000_000_001 });
    second.addLink(first, { reason: "follows" });
    first.finish();
    second.finish();

    const [, linked] = await subject.spans(2);
    expect(linked?.linkedSpans).toEqual([first.spanId]);
  });

  test("secrets are redacted before a span or metric is recorded", async () => {
    const { client } = subject;
    client
      .startSpan("mail", { tags: { recipient: "ada@example.com", password: "hunter2" } })
      .finish();

    const [span] = await subject.spans(1);
    expect(span?.tags["recipient"]).toBe("[EMAIL_REDACTED]");
    expect(JSON.stringify(span?.tags)).not.toContain("hunter2");
  });

  test("a finished span does not change any more, and finishing twice counts once", async () => {
    const { client } = subject;
    const before = client.health();
    const span = client.startSpan("once");
    span.finish();
    span.setTag("late", 1).finish();

    const spans = await subject.spans(1);
    expect(spans).toHaveLength(1);
    expect(spans[0]?.tags).not.toHaveProperty("late");
    expect(client.health().spans.finished).toBe(before.spans.finished + 1);
  });

  test("headers carry the ids of the span, and another client goes on from them", async () => {
    const { client } = subject;
    const carrier = new HeaderCarrier();
    const parent = client.startSpan("outbound", { startTime: 1_700_000_000_000 });
    client.injectContext(carrier, parent);
    const context = client.extractContext(carrier);
    client.startSpan("inbound", { childOf: context, startTime: 1_700_000_000_001 }).finish();
    parent.finish();

    expect(carrier.get("x-datadog-trace-id")).toBe(parent.traceId);
    expect(carrier.get("x-datadog-parent-id")).toBe(parent.spanId);
    expect(carrier.get("x-datadog-sampling-priority")).toMatch(/^[12]$/);
    expect(carrier.get("traceparent")).toBe(
      `00-${parent.context().traceIdHex}-${BigInt(parent.spanId).toString(16).padStart(16, "0")}-01`,
    );
    const [outbound, inbound] = await subject.spans(2);
    expect(inbound).toMatchObject({ parentId: outbound?.spanId, traceIdHex: outbound?.traceIdHex });
  });

  test("nothing is injected without a span", () => {
    expect(subject.client.injectContext({})).toEqual({});
  });

  test("a parent id that is no decimal number is refused, and counted", () => {
    const { client } = subject;
    const context = client.extractContext(
      new HeaderCarrier({
        "x-datadog-trace-id": "1234567890",
        "x-datadog-parent-id": "abcdef123456",
        "x-datadog-sampling-priority": "1",
      }),
    );

    expect(context).toBeNull();
    expect(client.health().faults["invalid_trace_context"]).toBeGreaterThan(0);
  });

  test("a decision that came with the headers is kept", () => {
    const { client } = subject;
    const context = client.extractContext({
      "x-datadog-trace-id": "1234567890",
      "x-datadog-parent-id": "42",
      "x-datadog-sampling-priority": "-1",
    });
    const span = client.startSpan("dropped", { childOf: context });
    const headers = client.injectContext({} as Record<string, string>, span);
    span.finish();

    expect(headers["x-datadog-trace-id"]).toBe("1234567890");
    expect(headers["x-datadog-sampling-priority"]).toBe("-1");
  });

  test("baggage travels with the trace", () => {
    const { client } = subject;
    const span = client.startSpan("with baggage", { baggage: { tenant: "acme" } });
    const child = client.startSpan("child", { childOf: span });
    const headers = client.injectContext({} as Record<string, string>, child);
    child.finish();
    span.finish();

    expect(client.extractContext(headers)?.baggage).toEqual({ tenant: "acme" });
  });

  test("a log record gets the ids of the active span", () => {
    const { client } = subject;
    client.trace("logged", (span) => {
      expect(client.injectTraceContext({ message: "hello" })).toEqual({
        message: "hello",
        "dd.trace_id": span.context().traceIdHex,
        "dd.span_id": span.spanId,
        "dd.service": "shop",
        "dd.env": "test",
        "dd.version": "1.2.3",
      });
    });
  });

  test("every kind of metric is recorded with its own tags and those of the configuration", async () => {
    const { client } = subject;
    const tags = { channel: "web" };
    client.increment("a.count", 2, tags);
    client.decrement("b.count", 1, tags);
    client.gauge("a.gauge", 1, tags);
    client.histogram("a.histogram", 1, tags);
    client.distribution("a.distribution", 1, tags);
    client.timing("a.timing", 1, tags);
    client.set("a.set", "x", tags);

    const metrics = await subject.metrics(7);
    const all = ["channel:web", "env:test", "service:shop", "team:search", "version:1.2.3"];
    expect(metrics.map(({ name, type }) => `${type} ${name}`).sort()).toEqual([
      "count a.count",
      "count b.count",
      "distribution a.distribution",
      "gauge a.gauge",
      "histogram a.histogram",
      "set a.set",
      "timing a.timing",
    ]);
    for (const metric of metrics) expect(metric.tags).toEqual(all);
  });

  test("values and names that cannot be sent are dropped and counted alike", async () => {
    const { client } = subject;
    const before = client.health().faults;
    client.gauge("bad.value", Number.NaN);
    client.gauge("bad.kind", "x" as unknown as number);
    client.increment("");
    client.increment("good name!");

    expect((await subject.metrics(1)).map(({ name }) => name)).toEqual(["good_name_"]);
    const { faults } = client.health();
    for (const reason of [
      "metric_value_not_finite",
      "metric_value_invalid",
      "invalid_metric_name",
    ]) {
      expect((faults[reason] ?? 0) - (before[reason] ?? 0), reason).toBe(1);
    }
  });

  test("bound metrics, timers and scopes record what the calls do", async () => {
    const { client } = subject;
    const placed = client.counter("orders", { channel: "web" });
    placed.increment(2);
    client.recorder("set", "buyers").record("ada");
    client.timer("load", undefined, { type: "timing" }).record(4);
    expect(client.time("query", () => "rows")).toBe("rows");
    await expect(client.time("commit", async () => "done")).resolves.toBe("done");
    const payments = client.scope({ prefix: "payments.", tags: { via: "card" } });
    payments.gauge("open", 3, { via: "cash" });
    payments.scope({ tags: ["team:billing"] }).increment("refunds");

    const metrics = await subject.metrics(7);
    const own = ["env:test", "service:shop"];
    expect(
      metrics.map(({ name, type, tags }) => `${type} ${name} ${tags.join(" ")}`).sort(),
    ).toEqual([
      `count orders channel:web ${own.join(" ")} team:search version:1.2.3`,
      `count payments.refunds ${own.join(" ")} team:billing version:1.2.3 via:card`,
      `distribution commit ${own.join(" ")} team:search version:1.2.3`,
      `distribution query ${own.join(" ")} team:search version:1.2.3`,
      `gauge payments.open ${own.join(" ")} team:search version:1.2.3 via:cash`,
      `set buyers ${own.join(" ")} team:search version:1.2.3`,
      `timing load ${own.join(" ")} team:search version:1.2.3`,
    ]);
  });

  test("names of which nothing can be used are refused where something is made of them, else counted", () => {
    const { client } = subject;
    const before = client.health().faults["invalid_metric_name"] ?? 0;
    const refused = expect.objectContaining({ name: "InvalidMetricNameError" });

    expect(() => client.counter("")).toThrow(refused);
    expect(() => client.recorder("gauge", "9")).toThrow(refused);
    expect(() => client.timer("é")).toThrow(refused);
    expect(() => client.scope({ prefix: "9lives." })).toThrow(refused);
    expect(client.time("", () => 5)).toBe(5);
    expect(client.health().faults["invalid_metric_name"]).toBe(before + 4);
  });

  test("tags may be a list, and are bounded and guarded in either form", async () => {
    const { client } = subject;
    client.increment("by.object", 1, {
      user_id: "42",
      job: "0f8fad5b-d9cb-469f-a165-70867728950e",
      mail: "ada@example.com",
      password: "hunter2",
      empty: undefined,
      "llm.request.tokens": 5,
    });
    client.increment("by.list", 1, [
      "user_id:42",
      "job:0f8fad5b-d9cb-469f-a165-70867728950e",
      "mail:ada@example.com",
      "password:hunter2",
      "beta",
    ]);

    const metrics = await subject.metrics(2);
    const found = new Map(metrics.map(({ name, tags }) => [name, tags]));
    const own = ["env:test", "service:shop", "team:search", "version:1.2.3"];
    const bounded = ["job:other", "mail:[EMAIL_REDACTED]"];
    expect(found.get("by.object")?.filter((tag) => !tag.startsWith("password"))).toEqual(
      [...own, ...bounded, "llm.request.tokens:5"].sort(),
    );
    expect(found.get("by.list")?.filter((tag) => !tag.startsWith("password"))).toEqual(
      [...own, ...bounded, "beta"].sort(),
    );
    expect(JSON.stringify(metrics)).not.toMatch(/hunter2|user_id/);
  });

  test("a tag has at most 100 values and 200 characters, a call at most 100 tags and what fits a line", async () => {
    const { client } = subject;
    const before = client.health().faults["metric_tags_over_limit"] ?? 0;
    for (let index = 0; index < 103; index += 1) client.gauge("many", 1, { shard: index });
    client.gauge("long", 1, { note: "x".repeat(400), [`${"k".repeat(250)}`]: "left out" });
    client.gauge("full", 1, Object.fromEntries(Array.from(Array(120), (_, key) => [`t${key}`, 1])));

    const metrics = await subject.metrics(103);
    const shards = metrics.filter(({ name }) => name === "many").flatMap(({ tags }) => tags);
    expect(new Set(shards.filter((tag) => tag.startsWith("shard:"))).size).toBe(101);
    expect(shards).toContain("shard:other");
    const long = metrics.find(({ name }) => name === "long");
    expect(long?.tags.find((tag) => tag.startsWith("note:"))).toHaveLength(200);
    expect(long?.tags).toHaveLength(5);
    expect(metrics.find(({ name }) => name === "full")?.tags).toHaveLength(104);
    expect((client.health().faults["metric_tags_over_limit"] ?? 0) - before).toBe(1);
  });

  test("a metric has at most so many series as it was told; the others share one", async () => {
    const { client } = subject;
    for (let index = 0; index < 180; index += 1) {
      client.increment("routes", 1, { route: index % 60, zone: Math.floor(index / 60) });
    }

    const tags = (await subject.metrics(121))
      .filter(({ name }) => name === "routes")
      .map((metric) => metric.tags.filter((tag) => /^(route|zone):/.test(tag)).join());
    expect(new Set(tags).size).toBe(121);
    expect(new Set(tags)).toContain("route:other,zone:other");
  });

  test("what was recorded, sent, dropped and waits adds up", async () => {
    const { client } = subject;
    client.increment("counted");
    client.event("counted");
    client.increment("counted", Number.NaN);
    await subject.events(1);

    const { recorded, sent, buffered, dropped } = client.health().metrics;
    const lost = Object.values(dropped).reduce((sum, calls) => sum + calls, 0);
    expect(recorded).toBeGreaterThanOrEqual(2);
    expect(buffered).toBe(0);
    expect(sent + lost).toBe(recorded);
  });

  test("events and service checks have the same fields", async () => {
    const { client } = subject;
    client.event("deployed", {
      text: "by ada@example.com\nnow",
      alertType: "success",
      priority: "low",
      aggregationKey: "release",
      tags: { channel: "web" },
    });
    client.serviceCheck("provider.up", "warning", { message: "slow", tags: { channel: "web" } });

    const tags = ["channel:web", "env:test", "service:shop", "team:search", "version:1.2.3"];
    expect(await subject.events(1)).toEqual([
      {
        title: "deployed",
        text: "by [EMAIL_REDACTED]\nnow",
        alertType: "success",
        priority: "low",
        aggregationKey: "release",
        tags,
      },
    ]);
    expect(await subject.serviceChecks(1)).toEqual([
      expect.objectContaining({ name: "provider.up", status: 1, message: "slow", tags }),
    ]);
  });

  test("one model call makes a span, an LLM Observability span and metrics with the same numbers", async () => {
    const { client } = subject;
    await client.traceLLM({ provider: "anthropic", model: "claude-sonnet-4-6" }, async (span) => {
      span.setUsage({ input_tokens: 100, cache_read_input_tokens: 900, output_tokens: 20 });
      span.setFinishReason("end_turn");
    });

    const [span] = await subject.spans(1);
    const [observed] = await subject.llmobsSpans(1);
    expect(span?.tags).toMatchObject({
      "llm.provider": "anthropic",
      "llm.model": "claude-sonnet-4-6",
      "llm.input_tokens": "1000",
      "llm.output_tokens": "20",
      "llm.cost.total_usd": "0.00087",
    });
    expect(observed).toMatchObject({
      kind: "llm",
      spanId: span?.spanId,
      parentId: "undefined",
      metrics: { input_tokens: 1_000, non_cached_input_tokens: 100, total_cost: 0.00087 },
    });
    const names = (await subject.metrics(8)).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        "llm.request.count",
        "llm.request.duration",
        "llm.request.tokens.input",
        "llm.request.cost",
      ]),
    );
  });

  test("an agent's steps, tools and model calls hang below it in both products", async () => {
    const { client } = subject;
    await client.traceAgent({ agentName: "planner" }, async (planner) => {
      await client.traceToolCall(planner, "lookup", { id: 1 }, async () => "found");
      await client.traceLLM({ provider: "openai", model: "gpt-4o-mini" }, async () => "ok");
      expect(client.getAgentLineage(planner)).toEqual(["planner"]);
    });

    const spans = new Map((await subject.spans(3)).map((span) => [span.name, span]));
    const observed = new Map((await subject.llmobsSpans(3)).map((span) => [span.kind, span]));
    const root = spans.get("agent.run");
    expect(spans.get("tool.lookup")).toMatchObject({
      parentId: root?.spanId,
      tags: { "agent.tool": "lookup", "tool.success": "1" },
    });
    expect(spans.get("llm.request")?.parentId).toBe(root?.spanId);
    expect(observed.get("tool")?.parentId).toBe(root?.spanId);
    expect(observed.get("llm")?.parentId).toBe(root?.spanId);
  });

  test("LLM Observability goes on across a hop by the headers", async () => {
    const { client } = subject;
    const headers = client.traceAgent({ agentName: "caller" }, () =>
      client.injectContext({} as Record<string, string>),
    );
    client.traceAgent({ agentName: "callee", childOf: client.extractContext(headers) }, () => {});

    const observed = new Map((await subject.llmobsSpans(2)).map((span) => [span.name, span]));
    expect(observed.get("callee")?.parentId).toBe(observed.get("caller")?.spanId);
  });

  test("created, finished and open spans add up", () => {
    const { client } = subject;
    const before = client.health().spans;
    const open = client.startSpan("open");
    client.startSpan("done").finish();

    const { created, finished, open: left } = client.health().spans;
    expect(created).toBe(before.created + 2);
    expect(created).toBe(finished + left);
    open.finish();
  });
}
