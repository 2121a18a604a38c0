import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { lastJson, runModule } from "./support/child-process.ts";
import { type Intake, startIntake } from "./support/intake.ts";

vi.setConfig({ testTimeout: 30_000 });

// dd-trace can be initialised once in a process, so each of these has one of its own.
let intake: Intake;
let agent: Record<string, string>;
beforeAll(async () => {
  intake = await startIntake();
  agent = { DD_SERVICE: "checkout", DD_TRACE_AGENT_URL: intake.url };
});
afterAll(() => intake.stop());
beforeEach(() => {
  intake.received.length = 0;
});

const load = `const { createTracing } = await import("@llmdevops/dd-core");
const print = (value) => process.stdout.write(JSON.stringify(value) + "\\n");
`;
const sentText = () => Buffer.concat(intake.received.map(({ body }) => body)).toString("latin1");

describe("creating a client", () => {
  test("wraps nothing of Node: fetch, http, console and the rest stay the same functions", async () => {
    const finished = await runModule(
      `const http = await import("node:http");
      const { request, get } = http.default;
      const names = ["fetch", "setTimeout", "queueMicrotask", "structuredClone"];
      const before = names.map((name) => globalThis[name]);
      const { log } = console;
      const emit = process.emit;
      ${load}
      createTracing().trace("work", () => {});
      const { createRequire } = await import("node:module");
      const required = createRequire("/")("http");
      const fs = createRequire("/")("fs");
      print({
        http: required.request === request && required.get === get,
        globals: names.every((name, index) => globalThis[name] === before[index]),
        console: console.log === log,
        emit: process.emit === emit,
        wrapped: [required.request, required.get, fs.readFile, fetch].some((f) => /shimmer|wrapped/i.test(f.name + f.toString())),
      });`,
      agent,
    );

    expect(lastJson(finished)).toEqual({
      http: true,
      globals: true,
      console: true,
      emit: true,
      wrapped: false,
    });
  });

  test("leaves process.env as it was, what the user has set included", async () => {
    const finished = await runModule(
      `const before = { ...process.env };
      ${load}
      createTracing({ llmobs: { enabled: false } }).trace("work", () => {});
      print({ before, after: { ...process.env } });`,
      {
        ...agent,
        DD_TAGS: "team:search",
        DD_LLMOBS_ENABLED: "true",
        DD_REMOTE_CONFIGURATION_ENABLED: "true",
      },
    );
    const { before, after } = lastJson(finished) as Record<string, unknown>;

    expect(after).toEqual(before);
    expect(after).toMatchObject({ DD_TAGS: "team:search", DD_LLMOBS_ENABLED: "true" });
  });

  test("sends no spans or events and keeps no process alive", async () => {
    const { status, errors, durationMs } = await runModule(
      `${load} createTracing({ flushTimeoutMs: 20_000 }).startSpan("open", { timeoutMs: 60_000 });`,
      agent,
    );

    expect({ status, errors }).toEqual({ status: 0, errors: "" });
    expect(durationMs).toBeLessThan(25_000);
    // dd-trace's own DogStatsD client, which cannot be switched off, reports that it has sent nothing.
    const paths = intake.received.map(({ path }) => path);
    expect(paths.filter((path) => path !== "/dogstatsd/v2/proxy")).toEqual([]);
  });

  test("reads the environment: what it says reaches dd-trace", async () => {
    const finished = await runModule(
      `${load}
      const tracing = createTracing();
      const span = tracing.startSpan("work");
      const read = (key) => span.getTag(key);
      print(["service.name", "env", "version", "team", "password"].map(read));
      print(tracing.health().agentUrl);
      span.finish();
      await tracing.flush();`,
      { ...agent, DD_ENV: "dev", DD_VERSION: "2", DD_TAGS: "team:search,password:hunter2" },
    );
    const [tags = "", url = ""] = finished.output.trim().split("\n");

    expect(JSON.parse(tags)).toEqual(["checkout", "dev", "2", "search", "[REDACTED]"]);
    expect(JSON.parse(url)).toBe(intake.url);
    expect(sentText()).toContain("search");
    expect(sentText()).not.toContain("hunter2");
  });

  test("keeps native span events off, which would make receivers refuse the payload, also where they are asked for", async () => {
    const program = `${load}
      const tracing = createTracing();
      tracing.trace("eventful", (span) => void span.addEvent("cache miss", { attempt: 2 }, 1700000000123.5));
      await tracing.flush();`;
    for (const environment of [agent, { ...agent, DD_TRACE_NATIVE_SPAN_EVENTS: "true" }]) {
      intake.received.length = 0;
      await runModule(program, environment);

      // As text in the tag "events", not as a list of the span.
      expect(sentText()).toMatch(/events.{1,5}\[\{"name":"cache miss"/);
      expect(sentText()).not.toContain("span_events");
    }
  });

  test("with an address in its options sends there and not to that of the environment", async () => {
    const finished = await runModule(
      `${load}
      const tracing = createTracing({ agent: { url: ${JSON.stringify(intake.url)} } });
      tracing.trace("here", () => {});
      print((await tracing.shutdown()).complete);`,
      { DD_SERVICE: "checkout", DD_TRACE_AGENT_URL: "http://127.0.0.1:1" },
    );

    expect(lastJson(finished)).toBe(true);
    expect(sentText()).toContain("here");
  });

  test("keeps every trace at the rate 1, also more than a hundred in a second", async () => {
    const program = `${load}
      const tracing = createTracing();
      const priorities = Array.from({ length: 300 }, () => {
        const span = tracing.startSpan("root");
        tracing.injectContext({}, span);
        span.finish();
        return span.context().samplingPriority;
      });
      print(priorities.filter((priority) => priority > 0).length);`;

    expect(lastJson(await runModule(program, agent))).toBe(300);
    expect(
      lastJson(await runModule(program, { ...agent, DD_TRACE_RATE_LIMIT: "10" })),
    ).toBeLessThan(50);
    expect(lastJson(await runModule(program, { ...agent, DD_TRACE_SAMPLE_RATE: "0" }))).toBe(0);
  });

  test("with DD_TRACE_DEBUG says in five levels what it does, and nothing of what spans hold", async () => {
    const program = `${load}
      const tracing = createTracing({ flushTimeoutMs: 5_000 });
      tracing.trace("work", (span) => void span.setTag("note", "do not log this").setTag("mail", "ada@example.com"));
      await tracing.flush();
      tracing.extractContext({ "x-datadog-trace-id": "do not log this" });
      await tracing.shutdown();`;
    const linesOf = ({ errors }: { readonly errors: string }) =>
      errors.split("\n").filter((line) => line.startsWith("[llmdevops]"));
    const detailed = linesOf(await runModule(program, { ...agent, DD_TRACE_DEBUG: "true" }));

    for (const expected of [
      /^\[llmdevops\] INFO Tracing checkout on dd-trace 6\.\d+\.\d+; traces go to http:/,
      /^\[llmdevops\] DEBUG Span \d+ of trace \d+ started: "work"\.$/,
      /^\[llmdevops\] DEBUG Span \d+ finished\.$/,
      /^\[llmdevops\] TRACE PUT \/v0\.4\/traces with 1 items of traces, \d+ bytes: taken, in \d+ ms\.$/,
      /^\[llmdevops\] INFO Flushed in \d+ ms: everything was taken\.$/,
      /^\[llmdevops\] WARN InvalidTraceContextError/,
      /^\[llmdevops\] INFO Shut down: 1 spans created, 1 exported, 0 dropped, 0 waiting\.$/,
    ]) {
      expect(detailed).toContainEqual(expect.stringMatching(expected));
    }
    expect(detailed.join()).not.toMatch(/do not log|ada@/);

    const ordinary = linesOf(await runModule(program, agent));
    expect(ordinary).toEqual([expect.stringMatching(/WARN InvalidTraceContextError/)]);
  });

  test("switched off by the environment records nothing and does not load dd-trace", async () => {
    const finished = await runModule(
      `${load}
      const tracing = createTracing();
      const result = await tracing.trace("work", async (span) => (span.setTag("a", 1), 42));
      const { createRequire } = await import("node:module");
      const loaded = Object.keys(createRequire("/").cache).filter((path) => path.includes("dd-trace"));
      print({ result, state: tracing.health().tracing, loaded, report: (await tracing.shutdown()).complete });`,
      { ...agent, DD_TRACE_ENABLED: "false" },
    );

    expect(lastJson(finished)).toEqual({ result: 42, state: "disabled", loaded: [], report: true });
    expect(intake.received).toEqual([]);
  });
});

describe("a host that has initialised dd-trace before", () => {
  const host = `const { createRequire } = await import("node:module");
      const tracer = createRequire(process.env.CORE)("dd-trace");
      const initialize = (options) => tracer.init({ plugins: false, startupLogs: false, ...options });
      const lines = [];
      const keep = (message) => void lines.push(message);
      const logger = { error: keep, warn: keep, info: keep, debug: keep };
      `;
  const environment = () => ({
    ...agent,
    CORE: new URL("../src/index.ts", import.meta.url).pathname,
  });

  test("keeps its settings, and spans of both join in one trace", async () => {
    const finished = await runModule(
      `${host} initialize({ service: "checkout" });
      ${load}
      const tracing = createTracing({ logger });
      const outer = tracer.startSpan("host.request");
      const seen = tracer.scope().activate(outer, () => ({
        child: tracing.startSpan("child").traceId === outer.context().toTraceId(),
        headers: tracing.injectContext({})["x-datadog-parent-id"] === outer.context().toSpanId(),
        logs: tracing.getCorrelationIds()["dd.span_id"] === outer.context().toSpanId(),
        current: tracing.getCurrentSpan() === undefined,
        fresh: tracing.startSpan("fresh", { childOf: null }).traceId !== outer.context().toTraceId(),
      }));
      print({ ...seen, state: tracing.health().tracing, lines, faults: tracing.health().faults });`,
      environment(),
    );

    expect(lastJson(finished)).toEqual({
      child: true,
      headers: true,
      logs: true,
      current: true,
      fresh: true,
      state: "active",
      lines: ["dd-trace was initialised before this client; its settings stay in force."],
      faults: {},
    });
  });

  test("is told once of each setting that differs", async () => {
    const finished = await runModule(
      `${host} initialize({ service: "host", env: "dev" });
      ${load}
      const tracing = createTracing({ logger, env: "prod", version: "3" });
      print({ lines: lines.slice(1), count: tracing.health().faults.dd_trace_settings_differ });`,
      environment(),
    );

    expect(lastJson(finished)).toEqual({
      lines: [
        expect.stringMatching(/service "host".*not "checkout"/),
        expect.stringMatching(/env "dev".*not "prod"/),
        expect.stringMatching(/version .*not "3"/),
      ],
      count: 3,
    });
  });

  test("is told of another Agent, sample rate and switch of LLM Observability, only where they were asked for", async () => {
    const program = (options: string) => `${host} initialize({
        service: "checkout", url: "http://ada:hunter2@127.0.0.1:9", sampleRate: 0.3 });
      ${load}
      createTracing({ logger, ${options} });
      print(lines.slice(1));`;
    const elsewhere = { DD_SERVICE: "checkout", CORE: environment().CORE };
    const asked = `agent: { host: "127.0.0.1", port: 9999 }, sampling: { rate: 1 }, llmobs: { enabled: true }`;

    expect(lastJson(await runModule(program(asked), elsewhere))).toEqual([
      expect.stringMatching(/Agent address "http:\/\/127.0.0.1:9",.*"http:\/\/127.0.0.1:9999"/),
      expect.stringMatching(/sample rate 0.3,.*not 1\./),
      expect.stringMatching(/LLM Observability switch false,.*not true/),
    ]);
    expect(lastJson(await runModule(program(""), elsewhere))).toEqual([]);
    const same = `agent: { url: "http://127.0.0.1:9/" }, sampling: { rate: 0.3 }`;
    expect(lastJson(await runModule(program(same), elsewhere))).toEqual([]);
  });

  test("may be this package itself: a second client works on the same tracer", async () => {
    const finished = await runModule(
      `${load}
      const first = createTracing();
      const second = createTracing();
      const outer = first.startSpan("first");
      const inner = first.withSpan(outer, () => second.startSpan("second"));
      print({ same: inner.traceId === outer.traceId, states: [first, second].map((t) => t.health().tracing) });`,
      agent,
    );

    expect(lastJson(finished)).toEqual({ same: true, states: ["active", "active"] });
  });
});

describe("an Agent that is not there", () => {
  test("does not hold up an awaited shutdown, nor leave it unsettled", async () => {
    const finished = await runModule(
      `${load}
      const tracing = createTracing({ flushTimeoutMs: 300 });
      tracing.trace("lost", () => {});
      const { complete, openSpans } = await tracing.shutdown();
      print({ complete, openSpans });`,
      { DD_SERVICE: "checkout", DD_TRACE_AGENT_URL: "http://127.0.0.1:1" },
    );

    expect(lastJson(finished)).toEqual({ complete: false, openSpans: 0 });
    expect(finished.status).toBe(0);
  });
});
