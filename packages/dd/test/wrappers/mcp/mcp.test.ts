import { createClient, type DatadogAPMClient } from "@llmdevops/dd";
import {
  instrumentMcpClient,
  instrumentMcpServer,
  type McpInstrumentationOptions,
  uninstrument,
} from "@llmdevops/dd-llm";
import { type ReceivedSpan, startTestAgent, type TestAgent } from "@llmdevops/dd-testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type End, ends } from "./mcp-ends.ts";

let agent: TestAgent;
let datadog: DatadogAPMClient;

beforeAll(async () => {
  agent = await startTestAgent();
  datadog = createClient({
    service: "mcp",
    env: "test",
    agent: { url: agent.url },
    dogstatsd: { host: "127.0.0.1", port: agent.dogstatsdPort },
    llmobs: { enabled: true, mlApp: "mcp" },
    content: { mode: "full" },
  });
});

beforeEach(async () => {
  await datadog.flush();
  agent.clear();
});

afterAll(async () => {
  await datadog.shutdown();
  await agent.stop();
});

async function arrivedSpans(): Promise<ReceivedSpan[]> {
  const report = await datadog.flush();
  expect(report.openSpans).toBe(0);
  return agent.spans();
}

function named(spans: readonly ReceivedSpan[], name: string): ReceivedSpan {
  const found = spans.filter((span) => span.name === name);
  expect(found).toHaveLength(1);
  return found[0] as ReceivedSpan;
}

const newest = (ends[0] as (typeof ends)[number])[1];

/** Waits for its cancellation. */
function untilAborted({ signal }: { readonly signal: AbortSignal }): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(new Error("stopped")));
  });
}

async function connected({ Client, McpServer, connect }: End) {
  const options = { llm: datadog, metricTags: { team: "orders" } };
  const server = instrumentMcpServer(new McpServer({ name: "orders", version: "1.0.0" }), options);
  // Without a schema a tool is given what else the SDK passes to it.
  server.tool("lookup", () => {
    datadog.trace("orders.query", () => undefined);
    return { content: [{ type: "text", text: "shipped" }] };
  });
  server.tool("refuse", () => ({ isError: true, content: [{ type: "text", text: "no stock" }] }));
  server.tool("crash", () => {
    throw new Error("disk full");
  });
  server.tool("wait", (extra) => untilAborted(extra));
  server.resource("terms", "file:///terms", () => ({
    contents: [{ uri: "file:///terms", text: "pay first" }],
  }));
  server.prompt("greet", () => ({
    messages: [{ role: "user", content: { type: "text", text: "hello" } }],
  }));
  const client = instrumentMcpClient(new Client({ name: "desk", version: "1.0.0" }), options);
  const disconnect = await connect(client, server);
  return { client, server, disconnect };
}

describe.each(ends)("MCP %s", (_, end) => {
  test("a call of a tool is one trace on both sides, with the work of the tool below", async () => {
    const { client, disconnect } = await connected(end);

    const result = await client.callTool({ name: "lookup", arguments: { order: 7 } });
    await disconnect();

    expect(result.content).toEqual([{ type: "text", text: "shipped" }]);
    const spans = await arrivedSpans();
    const near = named(spans, "mcp.client.request");
    const far = named(spans, "mcp.server.request");
    expect(far.parentId).toBe(near.spanId);
    expect(named(spans, "orders.query").parentId).toBe(far.spanId);
    expect(new Set(spans.map((span) => span.traceId)).size).toBe(1);
    expect(near).toMatchObject({ resource: "lookup", error: 0 });
    expect(near.meta).toMatchObject({
      "span.kind": "client",
      "mcp.method.name": "tools/call",
      "mcp.outcome": "completed",
      "peer.service": "orders",
      team: "orders",
    });
    expect(near.metrics["tool.success"]).toBe(1);
    expect(far.meta).toMatchObject({ "span.kind": "server", "agent.tool": "lookup" });
    const observed = agent.llmobsSpans();
    expect(observed.map(({ kind, name }) => [kind, name]).sort()).toEqual([
      ["tool", "lookup"],
      ["workflow", "lookup"],
    ]);
    expect(agent.rejections()).toEqual([]);
  });

  test.each([
    ["refuse", "no stock"],
    ["crash", "disk full"],
  ])("the tool %s, whose answer is an error, has failed on both sides", async (name, message) => {
    const { client, disconnect } = await connected(end);

    const result = await client.callTool({ name });
    await disconnect();

    expect(result.isError).toBe(true);
    const spans = await arrivedSpans();
    for (const side of ["client", "server"]) {
      const span = named(spans, `mcp.${side}.request`);
      expect(span.error).toBe(1);
      expect(span.meta["mcp.outcome"]).toBe("failed");
      expect(span.metrics["tool.success"]).toBe(0);
      expect(span.meta["error.message"]).toBe(message);
    }
  });

  test("resources, prompts and lists are recorded, the handshake is not", async () => {
    const { client, disconnect } = await connected(end);

    const resource = await client.readResource({ uri: "file:///terms" });
    const prompt = await client.getPrompt({ name: "greet" });
    const { tools } = await client.listTools();
    await client.ping();
    await disconnect();

    expect(resource.contents).toHaveLength(1);
    expect(prompt.messages).toHaveLength(1);
    expect(tools).toHaveLength(4);
    const spans = await arrivedSpans();
    const methods = (side: string) =>
      spans
        .filter(({ name }) => name === `mcp.${side}.request`)
        .map(({ meta }) => meta["mcp.method.name"])
        .sort();
    expect(methods("client")).toEqual(["prompts/get", "resources/read", "tools/list"]);
    expect(methods("server")).toEqual(["prompts/get", "resources/read", "tools/list"]);
  });

  test("an error of the protocol fails both sides", async () => {
    const { client, disconnect } = await connected(end);

    const outcome = await client.getPrompt({ name: "unknown" }).then(
      () => "resolved",
      (error: unknown) => String(error),
    );
    await disconnect();

    expect(outcome).toContain("-32602");
    const spans = await arrivedSpans();
    for (const side of ["client", "server"]) {
      const span = named(spans, `mcp.${side}.request`);
      expect(span.error).toBe(1);
      expect(span.metrics["mcp.error_code"]).toBe(-32_602);
    }
  });

  test("a call that the application cancels is no failure on either side", async () => {
    const { client, disconnect } = await connected(end);
    const controller = new AbortController();

    const call = client.callTool({ name: "wait" }, undefined, { signal: controller.signal });
    const settled = call.then(
      () => "resolved",
      () => "rejected",
    );
    await expect.poll(() => datadog.health().spans.open).toBe(2);
    controller.abort(new Error("changed my mind"));
    expect(await settled).toBe("rejected");
    await expect.poll(() => datadog.health().spans.open).toBe(0);
    await disconnect();

    const spans = await arrivedSpans();
    for (const side of ["client", "server"]) {
      const span = named(spans, `mcp.${side}.request`);
      expect(span.error).toBe(0);
      expect(span.meta["mcp.outcome"]).toBe("cancelled");
    }
  });

  test("a connection that is closed leaves no span open", async () => {
    const { client, disconnect } = await connected(end);

    const settled = client.callTool({ name: "wait" }).then(
      () => "resolved",
      () => "rejected",
    );
    await expect.poll(() => datadog.health().spans.open).toBe(2);
    await disconnect();

    expect(await settled).toBe("rejected");
    await expect.poll(() => datadog.health().spans.open).toBe(0);
    expect(await arrivedSpans()).toHaveLength(2);
  });

  test("a request that nobody answers in time has timed out", async () => {
    const { client, disconnect } = await connected(end);

    await client.callTool({ name: "wait" }, undefined, { timeout: 20 }).catch(() => undefined);
    await disconnect();

    const span = named(await arrivedSpans(), "mcp.client.request");
    expect(span.error).toBe(1);
    expect(span.meta["error.type"]).toBe("TimeoutError");
  });
});

test("200 calls at once keep their own parents", async () => {
  const { client, disconnect } = await connected(newest);

  await Promise.all(
    Array.from({ length: 200 }, (_, order) =>
      datadog.trace(`ticket.${order}`, () => client.callTool({ name: "lookup" })),
    ),
  );
  await disconnect();

  const spans = await arrivedSpans();
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const tickets = spans
    .filter(({ name }) => name === "orders.query")
    .map((query) => {
      const far = byId.get(query.parentId);
      const near = byId.get(far?.parentId ?? "");
      return byId.get(near?.parentId ?? "")?.name;
    });
  expect(new Set(tickets).size).toBe(200);
});

test("requests without an answer are bounded, and end with the connection", async () => {
  const warnings: string[] = [];
  type Transport = Record<"onmessage" | "onclose", (message?: object) => void>;
  const transport = { start: async () => {}, send: async () => {} } as unknown as Transport;
  const server = {
    async connect(connected: Transport & { start(): Promise<void> }) {
      connected.onmessage = () => {};
      connected.onclose = () => {};
      await connected.start();
    },
  };
  const logger = { warn: (message: string) => warnings.push(message) };
  const options = { llm: datadog, logger, maximumOpenRequests: 5 };
  await instrumentMcpServer(server, options).connect(transport as never);

  for (let id = 0; id < 50; id += 1) {
    transport.onmessage({ jsonrpc: "2.0", id, method: "tools/list" });
  }
  expect(datadog.health().spans.open).toBe(5);
  expect(warnings).toHaveLength(1);

  transport.onclose();
  expect(datadog.health().spans.open).toBe(0);
});

test("the caller's request is left as it was, and the same server is observed once", async () => {
  const { client, server, disconnect } = await connected(newest);
  const options = { llm: datadog };
  const params = {
    name: "lookup",
    _meta: { progressToken: 7, _dd_trace_context: { own: "kept" } },
  };
  const copy = structuredClone(params);

  expect(instrumentMcpServer(server, options)).toBe(server);
  expect(instrumentMcpClient(client, options)).toBe(client);
  await client.callTool(params);
  expect(params).toEqual(copy);
  expect(await arrivedSpans()).toHaveLength(3);

  uninstrument(client);
  uninstrument(server);
  agent.clear();
  await client.callTool(params);
  await disconnect();
  expect((await arrivedSpans()).map(({ name }) => name)).toEqual(["orders.query"]);
});

test.each([
  [{}, /must be one of/, { llm: true }],
  [{ request: () => {}, connect: () => {} }, /startToolSpan/, { llm: false }],
])("what cannot be observed is refused when it is given", (target, message, { llm }) => {
  const options = { llm: llm ? datadog : {} } as McpInstrumentationOptions;

  expect(() => instrumentMcpClient(target as never, options)).toThrow(message);
  expect(() => instrumentMcpServer(target as never, options)).toThrow(message);
});
