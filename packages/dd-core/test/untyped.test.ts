import { createRequire } from "node:module";
import { afterAll, describe, expect, test } from "vitest";
import {
  addSpanEvent,
  callMethod,
  describeContext,
  flushTraces,
  isInitialized,
  presetSamplingPriority,
  readPath,
  readSpanTag,
  tracerIdentity,
} from "../src/dd-trace/untyped.ts";
import { startIntake } from "./support/intake.ts";

const intake = await startIntake();
const loaded: unknown = createRequire(import.meta.url)("dd-trace");
const { default: tracer } = loaded as typeof import("dd-trace");
const wasInitialized = isInitialized(tracer);
tracer.init({
  service: "contract",
  env: "test",
  version: "9",
  url: intake.url,
  plugins: false,
  startupLogs: false,
  sampleRate: 1,
});
afterAll(() => intake.stop());

describe("what dd-trace does not type is where it is read", () => {
  test("whether it has been initialised", () => {
    expect(wasInitialized).toBe(false);
    expect(isInitialized(tracer)).toBe(true);
  });

  test("the default export and LLM Observability's switch", () => {
    expect(readPath(loaded, "default")).toBe(tracer);
    expect(readPath(tracer, "llmobs", "enabled")).toBe(false);
  });

  test("service, environment and version", () => {
    expect(tracerIdentity(tracer)).toEqual({ service: "contract", env: "test", version: "9" });
  });

  test("the tags of a span", () => {
    const span = tracer.startSpan("tagged", { tags: { a: 1 } });

    expect(readSpanTag(span, "a")).toBe(1);
    expect(readSpanTag(span, "b")).toBeUndefined();
    span.finish();
  });

  test("the events of a span", () => {
    const span = tracer.startSpan("eventful");
    addSpanEvent(span, "first", { a: 1 }, 1_700_000_000_000);
    addSpanEvent(span, "second", {}, undefined);

    expect(readPath(span, "_events")).toMatchObject([
      { name: "first", attributes: { a: 1 }, startTime: 1_700_000_000_000 },
      { name: "second", startTime: expect.any(Number) },
    ]);
    span.finish();
  });

  test("sampling, origin, propagated tags and baggage of a context", () => {
    const context = tracer.extract("http_headers", {
      "x-datadog-trace-id": "11",
      "x-datadog-parent-id": "22",
      "x-datadog-sampling-priority": "2",
      "x-datadog-origin": "rum",
      "x-datadog-tags": "_dd.p.tid=640cfd8d00000000,_dd.p.dm=-4",
      "ot-baggage-user": "ada",
    });
    if (context === null) throw new Error("nothing was extracted");

    expect(describeContext(context)).toMatchObject({
      samplingPriority: 2,
      origin: "rum",
      tags: { "_dd.p.tid": "640cfd8d00000000", "_dd.p.dm": "-4" },
      baggage: { user: "ada" },
    });
  });

  test("the decision and the rate of a trace that begins here", () => {
    const span = tracer.startSpan("decided");
    expect(describeContext(span.context()).samplingPriority).toBeUndefined();
    tracer.inject(span, "http_headers", {});

    expect(describeContext(span.context())).toMatchObject({ samplingPriority: 2, samplingRate: 1 });
    span.finish();
  });

  test("the place of a decision that came without a trace", () => {
    const span = tracer.startSpan("preset");
    presetSamplingPriority(span.context(), -1);
    const headers: Record<string, string> = {};
    tracer.inject(span, "http_headers", headers);

    expect(headers["x-datadog-sampling-priority"]).toBe("-1");
    span.finish();
  });

  test("the flush", async () => {
    tracer.startSpan("flushed").finish();
    expect(flushTraces(tracer)).toBe(true);

    await expect.poll(() => intake.received.map(({ path }) => path)).toContain("/v0.4/traces");
  });
});

describe("what another version might lack", () => {
  test("yields an empty answer", () => {
    const bare = { context: () => bare, toTraceId: () => "1", toSpanId: () => "2" } as never;

    expect(isInitialized({})).toBe(false);
    expect(isInitialized(undefined)).toBe(false);
    expect(readSpanTag(bare, "a")).toBeUndefined();
    expect(() => addSpanEvent(bare, "e", {}, 1)).not.toThrow();
    expect(() => presetSamplingPriority(bare, 1)).not.toThrow();
    expect(describeContext(bare)).toEqual({
      samplingPriority: undefined,
      samplingRate: undefined,
      origin: undefined,
      tags: {},
      baggage: {},
    });
    expect(flushTraces({})).toBe(false);
    expect(flushTraces({ _tracer: { _exporter: {} } })).toBe(false);
    expect(tracerIdentity(undefined)).toEqual({
      service: undefined,
      env: undefined,
      version: undefined,
    });
  });

  test("is not followed through what is no object, and no method is called that is none", () => {
    expect(readPath({ a: { b: 1 } }, "a", "b")).toBe(1);
    expect(readPath({ a: 1 }, "a", "b")).toBeUndefined();
    expect(readPath(null, "a")).toBeUndefined();
    expect(
      readPath(
        Object.assign(() => {}, { a: 1 }),
        "a",
      ),
    ).toBe(1);
    expect(callMethod({ add: (a: number, b: number) => a + b }, "add", 1, 2)).toBe(3);
    expect(callMethod({ add: 1 }, "add")).toBeUndefined();
  });

  test("of foreign values in tags and baggage keeps the text only", () => {
    const context = {
      _trace: { tags: { "_dd.p.dm": "-4", "_dd.p.number": 4, other: "x" } },
      _baggageItems: { user: "ada", count: 1 },
      _sampling: { priority: "2" },
    };

    expect(describeContext(context as never)).toMatchObject({
      samplingPriority: undefined,
      tags: { "_dd.p.dm": "-4" },
      baggage: { user: "ada" },
    });
  });
});
