import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tracer from "dd-trace";
import { afterAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { attachAgentLink } from "../src/dd-trace/agent-link-seam.ts";
import { traceWriterOf } from "../src/dd-trace/trace-writer.ts";
import { callMethod, readPath } from "../src/dd-trace/untyped.ts";
import { createFoundation, createTracing, silentLogger } from "../src/index.ts";
import { lastJson, runModule } from "./support/child-process.ts";
import { accept, startIntake } from "./support/intake.ts";

vi.setConfig({ testTimeout: 30_000 });

const intake = await startIntake();
const options = {
  service: "checkout",
  agent: { url: intake.url },
  llmobs: { enabled: true },
  logger: silentLogger,
};
const tracing = createTracing(options);
afterAll(() => intake.stop());
beforeEach(async () => {
  intake.respond = accept;
  await tracing.flush();
  intake.received.length = 0;
});

const counts = () => {
  const { link } = tracing.health();
  if (link === undefined) throw new Error("this dd-trace has no place for the link");
  return link;
};

describe("the seam to dd-trace's writers", () => {
  test("finds every part that it needs in this version of dd-trace", () => {
    expect(traceWriterOf(tracer)).toBeDefined();
    expect(tracing.health().link).toBeDefined();
    expect(tracing.diagnostics.counts()).not.toHaveProperty("dd_trace_unavailable");
  });

  test("hands over each span, event and evaluation, counted one by one", async () => {
    const before = counts().accepted;
    tracing.trace("outer", () => {
      tracing.trace("inner", () => {});
    });
    tracing.startSpan("ask", { childOf: null, llmobs: { kind: "workflow" } }).finish();
    tracer.llmobs.submitEvaluation(
      { traceId: "1", spanId: "2" },
      { label: "quality", metricType: "score", value: 1, timestampMs: 1 },
    );
    expect(counts().encoding).toBe(5);
    const { complete } = await tracing.flush();

    expect(complete).toBe(true);
    expect(counts()).toMatchObject({ accepted: before + 5, encoding: 0, buffered: 0 });
    expect(intake.received.map(({ path }) => path).sort()).toEqual([
      "/evp_proxy/v2/api/intake/llm-obs/v2/eval-metric",
      "/evp_proxy/v2/api/v2/llmobs",
      "/v0.4/traces",
    ]);
  });

  test("sends the headers that dd-trace sends", async () => {
    const writer = traceWriterOf(tracer);
    const seen: Record<string, unknown>[] = [];
    const server = createServer((request, response) => {
      seen.push({ method: request.method, path: request.url, ...request.headers });
      request.resume().on("end", () => response.end("{}"));
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    tracer.setUrl(`http://127.0.0.1:${port}`);
    onTestFinished(() => void tracer.setUrl(intake.url));
    const direct = Object.getPrototypeOf(writer)._sendPayload;
    const body = Buffer.from([0xdd, 0, 0, 0, 1, 0x91, 0x80]);
    await new Promise<void>((resolve) => Reflect.apply(direct, writer, [body, 1, resolve]));
    tracing.startSpan("linked", { childOf: null }).finish();
    await tracing.flush();

    const names = ["host", "connection", "content-length"];
    const [raw, linked] = seen.map((headers) =>
      Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name))),
    );
    expect(linked).toEqual(raw);
    expect(linked).toMatchObject({ method: "PUT", path: "/v0.4/traces" });
  });

  test("passes the Agent's sampling rates on, and survives an answer that is no JSON", async () => {
    const sampler = readPath(traceWriterOf(tracer), "_prioritySampler");
    const updates: unknown[] = [];
    const update = readPath(sampler, "update");
    Reflect.set(Object(sampler), "update", (rates: unknown) => void updates.push(rates));
    onTestFinished(() => void Reflect.set(Object(sampler), "update", update));
    for (const answer of ['{"rate_by_service":{"service:,env:":0.5}}', "OK", "{}"]) {
      intake.respond = (response) => void response.end(answer);
      tracing.startSpan("sampled", { childOf: null }).finish();
      expect((await tracing.flush()).complete).toBe(true);
    }

    expect(updates).toEqual([{ "service:,env:": 0.5 }]);
  });

  test("counts what dd-trace's encoder throws away because it grew too large", async () => {
    const encoder = readPath(traceWriterOf(tracer), "_encoder");
    const { accepted, dropped } = counts();
    tracing.startSpan("lost", { childOf: null }).finish();
    await vi.waitFor(() => expect(callMethod(encoder, "count")).toBe(1));
    Reflect.apply(readPath(encoder, "reset") as () => void, encoder, []);
    await tracing.flush();

    expect(counts().accepted).toBe(accepted + 1);
    expect(counts().dropped["payload_too_large"]).toBe((dropped["payload_too_large"] ?? 0) + 1);
  });

  test("takes traces out of dd-trace's encoder before its buffer grows beyond 2 MiB", async () => {
    const encoder = readPath(traceWriterOf(tracer), "_encoder");
    const { accepted } = counts();
    let largest = 0;
    for (let count = 0; count < 300; count += 1) {
      tracing
        .startSpan("large", { childOf: null, tags: { text: `${count} ${"x".repeat(20_000)}` } })
        .finish();
      largest = Math.max(largest, Number(readPath(encoder, "_traceBytes", "buffer", "length")));
    }
    await tracing.flush();

    expect(largest).toBe(2_097_152);
    expect(counts().accepted).toBe(accepted + 300);
    expect(intake.received.length).toBeGreaterThan(3);
  });

  test("is one per dd-trace: a second client shares it", () => {
    const foundation = createFoundation({ ...options, service: "second" });
    const second = attachAgentLink(tracer, foundation);

    expect(second).toBe(attachAgentLink(tracer, createFoundation(options)));
    expect(second?.link.counts()).toMatchObject({ accepted: counts().accepted });
  });

  test("is absent, and says so once, where dd-trace has no such parts", () => {
    const foundation = createFoundation({ ...options, service: "other" });

    expect(attachAgentLink({} as never, foundation)).toBeUndefined();
    expect(attachAgentLink({ _tracer: { _exporter: {} } } as never, foundation)).toBeUndefined();
  });
});

describe("in a process of its own, the link", () => {
  const load = 'const { createTracing } = await import("@llmdevops/dd-core");';

  test("reaches an Agent behind a unix socket, also when the process ends", async () => {
    const directory = await mkdtemp(join(tmpdir(), "llmdevops-"));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    const socketPath = join(directory, "apm.socket");
    const paths: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      paths.push(request.url);
      request.resume().on("end", () => response.end("{}"));
    });
    await new Promise<void>((resolve) => void server.listen(socketPath, resolve));
    onTestFinished(() => void server.close());
    const source = `${load}
      const tracing = createTracing({ service: "s", agent: { socketPath: ${JSON.stringify(socketPath)} } });
      tracing.trace("first", () => {});
      await tracing.flush();
      tracing.trace("second", () => {});
      process.exit(0);`;

    expect((await runModule(source)).status).toBe(0);
    expect(paths).toEqual(["/v0.4/traces", "/v0.4/traces"]);
  });

  test("sends events to Datadog directly only with a key, and only encrypted", async () => {
    const source = `${load}
      const tracing = createTracing({ service: "s", logger: { error() {}, warn() {}, info() {}, debug() {} },
        llmobs: { enabled: true, agentlessEnabled: true }, flushTimeoutMs: 3000 });
      tracing.startSpan("ask", { llmobs: { kind: "workflow" } }).finish();
      delete process.env.DD_API_KEY;
      const { link } = await tracing.flush();
      process.stdout.write(JSON.stringify(link.dropped));
      process.exit(0);`;
    const finished = await runModule(source, {
      DD_TRACE_AGENT_URL: intake.url,
      DD_API_KEY: "key-1",
      DD_SITE: "datadoghq.invalid",
    });

    // The trace of the span went to the Agent all the same.
    expect(lastJson(finished)).toEqual({ api_key_missing: 1 });
    const paths = intake.received.map(({ path }) => path);
    // A slow start lets dd-trace's own DogStatsD client, which cannot be switched off, send as well.
    expect(paths.filter((path) => path !== "/dogstatsd/v2/proxy")).toEqual(["/v0.4/traces"]);
    expect(Buffer.concat(intake.received.map(({ body }) => body)).toString()).not.toContain(
      "key-1",
    );
  });

  test("makes no spans of its own requests where dd-trace traces HTTP", async () => {
    const finished = await runModule(
      `const { createRequire } = await import("node:module");
      const { default: tracer } = await import("dd-trace");
      tracer.init({ service: "s", flushInterval: 50 });
      const http = createRequire(import.meta.url)("http");
      ${load}
      const tracing = createTracing({ service: "s", logger: { error() {}, warn() {}, info() {}, debug() {} } });
      tracing.trace("work", () => {});
      await tracing.flush();
      // The host's own request is traced, which shows that tracing of HTTP is on.
      await new Promise((resolve) => http.get("${intake.url}/of-the-host", (response) => response.resume().on("end", resolve)));
      await tracing.flush();
      process.stdout.write(JSON.stringify(tracing.health().link.accepted));`,
      {
        DD_TRACE_AGENT_URL: intake.url,
        DD_INSTRUMENTATION_TELEMETRY_ENABLED: "false",
        DD_REMOTE_CONFIGURATION_ENABLED: "false",
      },
    );

    const sent = Buffer.concat(intake.received.map(({ body }) => body)).toString("latin1");
    expect(sent).toContain("/of-the-host");
    expect(sent).not.toContain("/v0.4/traces");
    // The work, the host's request, and its connection.
    expect(lastJson(finished)).toBe(3);
  });

  test("leaves dd-trace alone where the writer is not the one it knows", async () => {
    const finished = await runModule(
      `${load}
      const { default: tracer } = await import("dd-trace");
      tracer.init({ service: "s", plugins: false, flushInterval: 10 });
      delete tracer._tracer._exporter._writer._protocolVersion;
      const lines = [];
      const log = (line) => void lines.push(line);
      const tracing = createTracing({ service: "s", logger: { error: log, warn: log, info() {}, debug() {} } });
      tracing.trace("by dd-trace", () => {});
      process.stdout.write(JSON.stringify({ link: tracing.health().link ?? null, lines }));`,
      { DD_TRACE_AGENT_URL: intake.url, DD_INSTRUMENTATION_TELEMETRY_ENABLED: "false" },
    );

    const { link, lines } = lastJson(finished) as { link: unknown; lines: string[] };
    expect(link).toBeNull();
    expect(lines).toEqual([expect.stringContaining("sends by itself")]);
  });
});
