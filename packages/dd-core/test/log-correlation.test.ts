import { afterAll, describe, expect, test, vi } from "vitest";
import { createTracing, type Span } from "../src/index.ts";
import { correlationIds, withCorrelation } from "../src/logs/log-correlation.ts";
import { startRealTracing } from "./support/real-tracing.ts";

const { tracing, intake, counted } = await startRealTracing();
afterAll(() => intake.stop());

const nobody = {
  "dd.trace_id": "",
  "dd.span_id": "",
  "dd.service": "checkout",
  "dd.env": "test",
  "dd.version": "1.2.3",
};

describe("correlation ids", () => {
  test("are those of the active span or of a given one", () => {
    const span = tracing.startSpan("logged");
    const ids = {
      ...nobody,
      "dd.trace_id": span.context().traceIdHex,
      "dd.span_id": span.spanId,
    };

    expect(tracing.getCorrelationIds(span)).toEqual(ids);
    expect(tracing.withSpan(span, () => tracing.getCorrelationIds())).toEqual(ids);
    expect(tracing.getCorrelationIds()).toEqual(nobody);
    span.finish();
  });

  test("have the whole trace id for 128 bits and the decimal one for 64", () => {
    const { configuration } = tracing;
    const upper = "640cfd8d00000000";
    const lower = "000000000000000b";

    expect(
      correlationIds({ traceId: "11", traceIdHex: upper + lower, spanId: "22" }, configuration),
    ).toMatchObject({ "dd.trace_id": upper + lower, "dd.span_id": "22" });
    expect(
      correlationIds(
        { traceId: "11", traceIdHex: "0".repeat(16) + lower, spanId: "22" },
        configuration,
      ),
    ).toMatchObject({ "dd.trace_id": "11" });
  });

  test("are empty for a span that is not recorded, and for absent settings", () => {
    const configuration = { ...tracing.configuration, env: undefined, version: undefined };
    const ids = correlationIds(
      { traceId: "0", traceIdHex: "0".repeat(32), spanId: "0" },
      configuration,
    );

    expect(ids).toEqual({ ...nobody, "dd.env": "", "dd.version": "" });
  });

  test("of what is no span are those of nobody, which is counted", () => {
    for (const value of [null, {}, "text", { context: () => ({}) }]) {
      let ids: unknown;
      const counts = counted(() => {
        ids = tracing.getCorrelationIds(value as unknown as Span);
      });
      expect(ids).toEqual(nobody);
      expect(counts).toEqual({ invalid_span: 1 });
    }
  });
});

describe("a log record", () => {
  test("is copied with the fields that have a value, and is not changed", () => {
    const record = Object.freeze({ message: "placed", "dd.service": "own" });
    const span = tracing.startSpan("logged");
    const copy = tracing.withSpan(span, () => tracing.injectTraceContext(record));

    expect(copy).toEqual({
      message: "placed",
      "dd.trace_id": span.context().traceIdHex,
      "dd.span_id": span.spanId,
      "dd.service": "checkout",
      "dd.env": "test",
      "dd.version": "1.2.3",
    });
    expect(record).toEqual({ message: "placed", "dd.service": "own" });
    expect(tracing.injectTraceContext({ message: "outside" })).toEqual({
      message: "outside",
      "dd.service": "checkout",
      "dd.env": "test",
      "dd.version": "1.2.3",
    });
    span.finish();
  });

  test("gets no fields where DD_LOGS_INJECTION is false, and is guarded all the same", () => {
    vi.stubEnv("DD_LOGS_INJECTION", "false");
    const quiet = createTracing({ service: "quiet", enabled: false });
    vi.unstubAllEnvs();

    expect(quiet.injectTraceContext({ mail: "ada@example.com" })).toEqual({
      mail: "[EMAIL_REDACTED]",
    });
  });

  test("is guarded in every field, nested ones and errors too", () => {
    const record = {
      mail: "ada@example.com",
      user: { password: "x" },
      error: new Error("bob@example.com"),
    };
    const copy: Record<string, unknown> = tracing.injectTraceContext(record);

    expect(copy).toMatchObject({
      mail: "[EMAIL_REDACTED]",
      user: { password: "[REDACTED]" },
      error: { name: "Error", message: "[EMAIL_REDACTED]" },
    });
    expect(record.mail).toBe("ada@example.com");
  });

  test("loses a field that cannot be read, and nothing else", () => {
    const record = Object.defineProperty({ kept: 1 }, "broken", {
      enumerable: true,
      get() {
        throw new Error("getter");
      },
    });

    expect(tracing.injectTraceContext(record)).toMatchObject({
      kept: 1,
      broken: "[REDACTION_FAILED]",
    });
  });

  test("that cannot be read at all becomes a message, and is counted", () => {
    const record = new Proxy(
      {},
      {
        ownKeys() {
          throw new Error("trap");
        },
      },
    );
    let result: unknown;
    const counts = counted(() => {
      result = tracing.injectTraceContext(record);
    });

    expect(result).toMatchObject({ message: "[REDACTION_FAILED]", "dd.service": "checkout" });
    expect(counts).toEqual({ log_record_unreadable: 1 });
  });

  test("with a key named __proto__ keeps it a key", () => {
    const copy = withCorrelation(JSON.parse('{"__proto__":{"polluted":true}}'), nobody);

    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect(Object.keys(copy)).toContain("__proto__");
  });
});
