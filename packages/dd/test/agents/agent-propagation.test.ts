import {
  type AgentSpan,
  createClient,
  HeaderCarrier,
  type SpanContext,
  silentLogger,
} from "@llmdevops/dd";
import { amqpCarrier, kafkaCarrier, type McpParams, mcpCarrier } from "@llmdevops/dd-propagation";
import { startTestAgent } from "@llmdevops/dd-testing";
import { afterAll, describe, expect, test } from "vitest";

const testAgent = await startTestAgent();
const client = createClient({
  service: "assistant",
  agent: { url: testAgent.url },
  logger: silentLogger,
});
afterAll(async () => {
  await client.shutdown();
  await testAgent.stop();
});

function startDesk(): AgentSpan {
  return client.startAgentSpan("run", {
    agentName: "desk",
    childOf: null,
    sessionId: "session, with a comma; and ümlauts",
    conversationId: "conversation-7",
  });
}

/** What another process reads from the message. */
function received(context: SpanContext | null): SpanContext {
  if (context === null) throw new Error("The message carries no context.");
  return context;
}

const messages: readonly (readonly [string, (span: AgentSpan) => SpanContext | null])[] = [
  [
    "HTTP headers",
    (span) => client.extractContext(client.injectContext(new HeaderCarrier(), span)),
  ],
  ["a plain object", (span) => client.extractContext(client.injectContext({}, span))],
  [
    "a RabbitMQ message",
    (span) => {
      const properties = {};
      client.injectContext(amqpCarrier(properties), span);
      return client.extractContext(amqpCarrier(structuredClone(properties)));
    },
  ],
  [
    "a Kafka message",
    (span) => {
      const headers = {};
      client.injectContext(kafkaCarrier(headers), span);
      return client.extractContext(kafkaCarrier(headers));
    },
  ],
  [
    "an MCP request",
    (span) => {
      const params: McpParams = {};
      client.injectContext(mcpCarrier(params), span);
      return client.extractContext(mcpCarrier(JSON.parse(JSON.stringify(params))));
    },
  ],
  [
    "the metadata of an A2A message",
    (span) => {
      const message = { role: "user", parts: [], metadata: {} };
      client.injectContext(message.metadata, span);
      return client.extractContext(JSON.parse(JSON.stringify(message)).metadata);
    },
  ],
];

describe.each(messages)("through %s", (_title, send) => {
  test("a sub-agent of another process joins run, session and conversation", () => {
    const desk = startDesk();
    const context = received(send(desk));

    const span = client.startAgentSpan("run", { agentName: "billing", childOf: context });

    expect(span.traceId).toBe(desk.traceId);
    expect(span.runId).toBe(desk.runId);
    expect(span.getTag("agent.parent")).toBe("desk");
    expect(span.getTag("agent.session_id")).toBe(desk.getTag("agent.session_id"));
    expect(span.getTag("agent.conversation_id")).toBe("conversation-7");
    expect(client.getAgentLineage(span)).toEqual(["desk", "billing"]);
    span.finish();
    desk.finish();
  });

  test("a hand-off is linked, and may start a trace of its own", () => {
    const desk = startDesk();
    const context = received(send(desk));

    const span = client.startAgentSpan("run", {
      agentName: "billing",
      handoffFrom: context,
      childOf: null,
    });

    expect(span.traceId).not.toBe(desk.traceId);
    expect(span.runId).toBe(desk.runId);
    expect(span.getTag("agent.handoff_from")).toBe("desk");
    expect(span.getTag("agent.parent")).toBeUndefined();
    expect(span.graph().toJSON().edges).toMatchObject([
      { from: "agent:desk", to: "agent:billing", relationship: "handoff", count: 1 },
    ]);
    span.finish();
    desk.finish();
  });
});

test("the run goes on below a span of the server that continues the trace", () => {
  const desk = startDesk();
  const childOf = received(client.extractContext(client.injectContext({}, desk)));

  client.trace("http.server", { childOf }, () =>
    client.traceAgent({ agentName: "billing" }, (billing) => {
      expect(billing.runId).toBe(desk.runId);
      expect(billing.getTag("agent.parent")).toBe("desk");
      expect(billing.getTag("agent.conversation_id")).toBe("conversation-7");
    }),
  );
  desk.finish();
});

test("a message without an agent begins a run of its own", () => {
  const carrier = client.trace("http.request", { childOf: null }, (span) =>
    client.injectContext({}, span),
  );

  const span = client.startAgentSpan("run", {
    agentName: "billing",
    childOf: received(client.extractContext(carrier)),
  });

  expect(span.getTag("agent.parent")).toBeUndefined();
  expect(client.getAgentLineage(span)).toEqual(["billing"]);
  span.finish();
});

test("hand-offs that go to and fro between processes are caught, also through one that has no budget", () => {
  const outcomes: (string | undefined)[] = [];
  const reasons: string[][] = [];
  let context: SpanContext | undefined;
  for (const agentName of ["sales", "support", "sales", "support", "sales"]) {
    // Each time the message arrives in a process that knows nothing of the run.
    const span = client.startAgentSpan("run", {
      agentName,
      childOf: null,
      ...(context === undefined ? {} : { handoffFrom: context }),
      ...(agentName === "sales"
        ? { budget: { maximumAlternatingHandoffs: 3, action: "abort" as const } }
        : {}),
    });
    // What it delegates to goes on with the trace, and with its baggage, without having been handed to.
    client.traceAgent({ agentName: "clerk", parentAgentSpan: span }, () => {});
    context = received(client.extractContext(client.injectContext({}, span)));
    reasons.push([...span.summary().violations]);
    span.finish();
    outcomes.push(span.outcome);
  }

  expect(reasons).toEqual([[], [], [], [], ["alternating_handoffs"]]);
  expect(outcomes.at(-1)).toBe("loop_detected");
});

test("a conversation of several days is joined by its ids, run by run, in whatever process", async () => {
  testAgent.clear();
  const other = createClient({
    service: "assistant",
    agent: { url: testAgent.url },
    logger: silentLogger,
  });
  const conversationId = "conversation-of-days";
  for (const [day, each] of [client, other, client].entries()) {
    const desk = each.startAgentSpan("run", {
      agentName: "desk",
      childOf: null,
      sessionId: `day-${day}`,
      conversationId,
    });
    const context = received(each.extractContext(each.injectContext({}, desk)));
    client.startAgentSpan("run", { agentName: "billing", childOf: context }).finish();
    desk.finish();
  }
  await client.flush();
  await other.flush();
  await testAgent.waitFor({ spans: 6 });

  const spans = testAgent
    .spans()
    .filter(({ meta }) => meta["agent.conversation_id"] === conversationId);
  const seen = spans.map(({ meta }) => `${meta["agent.session_id"]} ${meta["agent.name"]}`);
  expect(seen.sort()).toEqual(
    [0, 1, 2].flatMap((day) => [`day-${day} billing`, `day-${day} desk`]),
  );
  const runs = new Set(spans.map(({ meta }) => meta["agent.run_id"]));
  expect(runs.size).toBe(3);
});

test("a hand-off by a sub-agent does not count with those of the agent above it", () => {
  const sales = client.startAgentSpan("run", { agentName: "sales", childOf: null });
  const support = client.startAgentSpan("run", { agentName: "support", handoffFrom: sales });
  const clerk = client.startAgentSpan("run", { agentName: "clerk", parentAgentSpan: support });

  const back = client.startAgentSpan("run", {
    agentName: "sales",
    handoffFrom: received(client.extractContext(client.injectContext({}, clerk))),
    budget: { maximumAlternatingHandoffs: 1 },
  });

  expect(back.summary().violations).toEqual([]);
  for (const span of [back, clerk, support, sales]) span.finish();
});

test("both ends of a hand-off arrive with a link to the other, and the first one as handed over", async () => {
  testAgent.clear();
  const sales = client.startAgentSpan("sales.run", { agentName: "sales", childOf: null });
  const support = client.startAgentSpan("support.run", {
    agentName: "support",
    handoffFrom: sales,
  });
  sales.finish();
  support.finish();
  await client.flush();
  await testAgent.waitFor({ spans: 2 });

  const linksOf = (name: string) =>
    testAgent
      .spans()
      .find((span) => span.name === name)
      ?.spanLinks?.map(({ spanId, attributes }) => [spanId, attributes]);
  expect(linksOf("sales.run")).toEqual([
    [support.spanId, { "link.relationship": "handoff", "link.direction": "to" }],
  ]);
  expect(linksOf("support.run")).toEqual([
    [sales.spanId, { "link.relationship": "handoff", "link.direction": "from" }],
  ]);
  expect(sales.outcome).toBe("handed_off");
});

test("model calls count for the agent whose code makes them, or that they name as their parent", async () => {
  const other = client.startAgentSpan("run", { agentName: "other", childOf: null });
  const usage = { inputTokens: 1_000, outputTokens: 100 };
  const call = { provider: "openai", model: "gpt-4o-mini" };

  const desk = await client.traceAgent({ agentName: "desk", childOf: null }, async (span) => {
    await client.traceAgentStep(span, "think", () =>
      client.traceLLM(call, async (llm) => void llm.setUsage(usage)),
    );
    await client.traceLLM({ ...call, childOf: other }, async (llm) => void llm.setUsage(usage));
    await client.traceLLM(call, () => Promise.reject(new Error("overloaded"))).catch(() => {});
    return span;
  });
  client.traceLLM(call, (llm) => llm.setUsage(usage));
  other.finish();

  expect(desk.summary()).toMatchObject({
    modelCalls: 2,
    modelErrors: 1,
    inputTokens: 1_000,
    outputTokens: 100,
    unpricedModelCalls: 0,
  });
  // 0.15 and 0.60 USD per million tokens.
  expect(desk.summary().costUsd).toBeCloseTo(0.00021, 9);
  expect(other.summary()).toMatchObject({ modelCalls: 1, inputTokens: 1_000 });
});

test("neither the arguments nor the secrets in a tool's error leave the process", async () => {
  testAgent.clear();
  await client.traceAgent({ agentName: "desk", childOf: null }, (desk) =>
    client
      .traceToolCall(desk, "look_up", { email: "dana@example.com" }, (span) => {
        expect(span.name).toBe("tool.look_up");
        throw new Error(
          "no customer dana@example.com with key sk-ant-api03-AAAAAAAAAAAAAAAAAAAAAAAA",
        );
      })
      .catch(() => {}),
  );
  await client.flush();
  await testAgent.waitFor({ spans: 2 });

  const sent = JSON.stringify(testAgent.spans(), (_, value) =>
    typeof value === "bigint" ? String(value) : value,
  );
  expect(sent).toContain("no customer");
  expect(sent).not.toContain("dana@example.com");
  expect(sent).not.toContain("sk-ant-api03");
});
