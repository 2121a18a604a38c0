import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createFoundation, createTracing, silentLogger } from "../src/index.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp() {
  const lines: string[] = [];
  const audit = { write: (line: string) => lines.push(line) };
  const options = { service: "vault", enabled: false, logger: silentLogger, audit };
  const foundation = createFoundation({ ...options, tags: { owner: "ada@example.com" } });
  const records = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { foundation, lines, records };
}

test("the audit log says how the client started, what was redacted and how it ended", async () => {
  const { foundation, lines, records } = setUp();
  const tracing = createTracing({}, foundation);
  tracing.startSpan("open").setTag("mail", "ada@example.com");
  tracing.startSpan("done").finish();
  await tracing.shutdown();

  expect(records()).toMatchObject([
    {
      time: "1970-01-01T00:16:40.000Z",
      event: "start",
      configuration: { service: { value: "vault", source: "option" } },
    },
    { event: "redaction", report: expect.objectContaining({}) },
    { event: "shutdown", spans: { created: 2, open: 0, dropped: 2 } },
  ]);
  expect(JSON.stringify(records()[1])).toContain("email");
  expect(lines.join("")).not.toContain("ada@");
  expect(lines.every((line) => line.endsWith("}\n"))).toBe(true);
});

test("changes of the breaker are all in it, drops once a second with their sum", () => {
  const { foundation, records } = setUp();
  const { diagnostics } = foundation;
  diagnostics.count("agent_breaker_open");
  diagnostics.count("agent_breaker_half_open");
  for (let times = 0; times < 100; times++) diagnostics.count("link_dropped_buffer_full");
  diagnostics.count("link_dropped_exit");
  vi.advanceTimersByTime(1_000);
  diagnostics.count("link_dropped_buffer_full");
  diagnostics.count("invalid_span");

  expect(records().slice(1)).toMatchObject([
    { event: "breaker", state: "open" },
    { event: "breaker", state: "half_open" },
    { event: "drop", reason: "buffer_full", payloads: 1 },
    { event: "drop", reason: "exit", payloads: 1 },
    { event: "drop", reason: "buffer_full", payloads: 101 },
  ]);
});

test("a sink that throws or rejects is counted and harms nobody", async () => {
  const write = vi.fn<(line: string) => unknown>(() => {
    throw new Error("disk full");
  });
  const foundation = createFoundation({
    service: "vault",
    enabled: false,
    logger: silentLogger,
    audit: { write },
  });
  write.mockImplementation(() => Promise.reject(new Error("disk full")));
  await createTracing({}, foundation).shutdown();

  expect(foundation.diagnostics.counts()).toMatchObject({ audit_sink_failed: 3 });
});

test("a sink or a credential provider without its method is refused at construction", () => {
  for (const wrong of [{ audit: {} }, { audit: "file" }, { credentials: { get: () => "" } }]) {
    expect(() => createFoundation({ service: "s", ...wrong } as never)).toThrow(
      expect.objectContaining({ name: "ConfigurationError" }),
    );
  }
});
