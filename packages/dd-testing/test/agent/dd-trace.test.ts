import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { TestAgent } from "../../src/agent/test-agent.ts";
import { withAgent } from "../support/with-agent.ts";

const application = fileURLToPath(new URL("fixtures/traced-app.mjs", import.meta.url));

/** Runs an application under dd-trace until it ends by itself. */
async function run(agent: TestAgent, env: Record<string, string> = {}): Promise<void> {
  const child = spawn(process.execPath, [application], {
    env: {
      ...process.env,
      ...agent.env,
      DD_LLMOBS_ENABLED: "true",
      DD_LLMOBS_ML_APP: "support",
      ...env,
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  await once(child, "exit");
}

describe("dd-trace 6 in another process", () => {
  test.each(["0.4", "0.5"])("delivers its traces by protocol %s", async (version) => {
    const agent = await withAgent();

    await run(agent, { DD_TRACE_AGENT_PROTOCOL_VERSION: version });
    await agent.waitFor({ spans: 4 });

    expect(agent.requests()).toContainEqual(
      expect.objectContaining({ method: "PUT", path: `/v${version}/traces`, status: 200 }),
    );
    const [web] = agent.traces().filter(({ spans }) => spans[0]?.name === "parent");
    const [parent, child] = web?.spans ?? [];
    expect(parent).toMatchObject({
      name: "parent",
      resource: "GET /",
      type: "web",
      service: "traced-app",
      parentId: "0",
      error: 0,
      meta: { env: "test", version: "1.2.3", language: "javascript" },
      spanEvents: [{ name: "retry", attributes: { attempt: 2 } }],
    });
    expect(child).toMatchObject({
      name: "child",
      traceId: parent?.traceId,
      traceIdHex: parent?.traceIdHex,
      parentId: parent?.spanId,
      metrics: { weight: 0.5 },
      spanLinks: [
        {
          traceIdHex: parent?.traceIdHex,
          spanId: parent?.spanId,
          attributes: { reason: "test" },
        },
      ],
    });
    expect(parent?.traceIdHex).toMatch(/^[0-9a-f]{8}0{8}[0-9a-f]{16}$/);
    expect(parent?.traceIdHex).toContain(BigInt(parent?.traceId ?? 0).toString(16));
    expect(parent?.durationMs).toBeGreaterThanOrEqual(child?.durationMs ?? 0);
    expect(agent.rejections()).toEqual([]);
    expect(agent.checkFailures()).toEqual([]);
  });

  test("delivers LLM Observability spans, an evaluation and metrics", async () => {
    const agent = await withAgent();

    await run(agent);
    await agent.waitFor({ llmobsSpans: 2, evaluations: 1, metrics: 1 });

    const [workflow] = agent.llmobsSpans().filter(({ kind }) => kind === "workflow");
    const [call] = agent.llmobsSpans().filter(({ kind }) => kind === "llm");
    expect(workflow).toMatchObject({
      name: "answer",
      parentId: "undefined",
      sessionId: "session-1",
      status: "ok",
    });
    expect(call).toMatchObject({
      name: "ask",
      parentId: workflow?.spanId,
      traceId: workflow?.traceId,
      meta: { model_name: "m-1", model_provider: "acme" },
      metrics: { input_tokens: 3, output_tokens: 1 },
    });
    expect(call?.tags).toEqual(expect.arrayContaining(["ml_app:support", "team:a", "env:test"]));
    const apm = agent.spans().find(({ spanId }) => spanId === call?.spanId);
    expect(apm?.traceIdHex).toBe(call?.apmTraceId);
    expect(agent.evaluations()).toMatchObject([
      { label: "quality", metricType: "score", value: 0.9, spanId: workflow?.spanId },
    ]);
    expect(agent.metrics()).toContainEqual(
      expect.objectContaining({ name: "app.requests", type: "c", values: [3] }),
    );
    expect(agent.rejections()).toEqual([]);
    expect(agent.checkFailures()).toEqual([]);
  });

  test("has its native span events refused, because it writes their time as a float", async () => {
    const agent = await withAgent();

    await run(agent, { DD_TRACE_NATIVE_SPAN_EVENTS: "true" });
    await agent.waitFor({ rejections: 1 });

    expect(agent.rejections()[0]?.reason).toContain(
      "time_unix_nano: expected integer, found float",
    );
    expect(agent.spans().map(({ name }) => name)).not.toContain("parent");
  });

  test("joins a trace across two processes", async () => {
    const agent = await withAgent();
    const script = (name: string, parent: string) => `
      import tracer from "dd-trace";
      tracer.init({ service: "${name}" });
      const childOf = tracer.extract("http_headers", ${parent}) ?? undefined;
      const span = tracer.startSpan("${name}", { childOf });
      const headers = {};
      tracer.inject(span, "http_headers", headers);
      span.finish();
      console.log(JSON.stringify(headers));
    `;
    const runScript = async (source: string): Promise<string> => {
      const child = spawn(process.execPath, ["--input-type=module", "-e", source], {
        cwd: fileURLToPath(new URL(".", import.meta.url)),
        env: { ...process.env, ...agent.env },
        stdio: ["ignore", "pipe", "inherit"],
      });
      let output = "";
      child.stdout.on("data", (chunk) => {
        output += chunk;
      });
      await once(child, "close");
      return output;
    };

    const headers = await runScript(script("front", "{}"));
    await runScript(script("back", headers.trim()));
    await agent.waitFor({ spans: 2 });

    expect(agent.traces()).toHaveLength(1);
    expect(agent.traces()[0]?.spans.map(({ service }) => service)).toEqual(["front", "back"]);
    expect(agent.spans()[1]?.parentId).toBe(agent.spans()[0]?.spanId);
  });
});
