import { setImmediate } from "node:timers/promises";
import { afterAll, describe, expect, test, vi } from "vitest";
import type { Span, SpanContext, SpanOptions } from "../src/index.ts";
import { hostileValues, nameOf } from "./support/hostile-values.ts";
import { eventsOf, held, linksOf, startRealTracing } from "./support/real-tracing.ts";

const { tracing, intake, counted } = await startRealTracing({ tags: { team: "search" } });
afterAll(() => intake.stop());

const elsewhere: SpanContext = {
  traceId: "11",
  traceIdHex: "640cfd8d00000000000000000000000b",
  spanId: "22",
};

/** dd-trace prints its ids in hexadecimal digits. */
const hexOf = (decimal: string): string => BigInt(decimal).toString(16).padStart(16, "0");

describe("a new span", () => {
  test("has the client's service, environment, version and tags", () => {
    const span = tracing.startSpan("order.place");

    expect(span.name).toBe("order.place");
    expect(span.getTag("service.name")).toBe("checkout");
    expect(span.getTag("env")).toBe("test");
    expect(span.getTag("version")).toBe("1.2.3");
    expect(span.getTag("team")).toBe("search");
    span.finish();
  });

  test("has ids in every form", () => {
    const span = tracing.startSpan("ids");
    const context = span.context();

    expect(span.traceId).toMatch(/^\d{1,20}$/);
    expect(span.spanId).toMatch(/^\d{1,20}$/);
    expect(context).toMatchObject({ traceId: span.traceId, spanId: span.spanId });
    expect(context.traceIdHex).toMatch(/^[0-9a-f]{32}$/);
    expect(BigInt(`0x${context.traceIdHex.slice(16)}`)).toBe(BigInt(span.traceId));
    expect(Object.isFrozen(context)).toBe(true);
    expect(Object.isFrozen(context.tags)).toBe(true);
    span.finish();
  });

  test("has what its options say", () => {
    const span = tracing.startSpan("options", {
      resource: "POST /orders",
      service: "orders",
      type: "web",
      kind: "server",
      keep: true,
      startTime: 1_700_000_000_000,
      tags: { lines: 3, note: "mail ada@example.com", password: "hunter2", none: undefined },
    });

    expect(span.getTag("resource.name")).toBe("POST /orders");
    expect(span.getTag("service.name")).toBe("orders");
    expect(span.getTag("span.type")).toBe("web");
    expect(span.getTag("span.kind")).toBe("server");
    expect(span.getTag("lines")).toBe(3);
    expect(span.getTag("note")).toBe("mail [EMAIL_REDACTED]");
    expect(span.getTag("password")).toBe("[REDACTED]");
    expect(span.getTag("none")).toBeUndefined();
    expect(held(span, "_startTime")).toBe(1_700_000_000_000);
    expect(span.context().samplingPriority).toBe(2);
    span.finish();
  });

  test("keeps nothing by force unless it is asked to", () => {
    const span = tracing.startSpan("plain", { keep: false });

    expect(span.getTag("manual.keep")).toBeUndefined();
    span.finish();
  });

  test("takes the defaults for empty text", () => {
    const span = tracing.startSpan("empty", { resource: "", service: "", type: "" });

    expect(span.getTag("service.name")).toBe("checkout");
    expect(span.getTag("resource.name")).toBeUndefined();
    expect(span.getTag("span.type")).toBeUndefined();
    span.finish();
  });

  test("records an error given as a tag", () => {
    const span = tracing.startSpan("failed", { tags: { error: new RangeError("too far") } });

    expect(span.getTag("error")).toBe(true);
    expect(span.getTag("error.type")).toBe("RangeError");
    span.finish();
    const flagged = tracing.startSpan("failed", { tags: { error: true } });
    expect(flagged.getTag("error")).toBe(true);
    flagged.finish();
  });

  test("does not change the caller's options", () => {
    const options: SpanOptions = Object.freeze({
      tags: Object.freeze({ lines: 3 }),
      links: Object.freeze([{ context: elsewhere }]),
    });

    tracing.startSpan("frozen", options).finish();

    expect(options.tags).toEqual({ lines: 3 });
  });

  test("guards its name", () => {
    const span = tracing.startSpan("for ada@example.com");

    expect(span.name).toBe("for [EMAIL_REDACTED]");
    span.finish();
  });

  test.each([
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e308,
    9.3e12,
    -1,
    0,
    "yesterday",
    new Date(),
    5n,
  ])("starts now when its start time is %s, which is counted", (startTime) => {
    let span: Span | undefined;
    const counts = counted(() => {
      span = tracing.startSpan("time", { startTime: startTime as number });
    });

    expect(counts).toEqual({ invalid_time: 1 });
    expect(Math.abs(Number(held(span as Span, "_startTime")) - Date.now())).toBeLessThan(5_000);
    span?.finish();
  });
});

describe("the parent", () => {
  test("is the active span, a given span, or none", () => {
    const root = tracing.startSpan("root");
    tracing.withSpan(root, () => {
      const child = tracing.startSpan("child");
      const other = tracing.startSpan("other", { childOf: child });
      const fresh = tracing.startSpan("fresh", { childOf: null });

      expect(child.traceId).toBe(root.traceId);
      expect(String(held(child, "_spanContext", "_parentId"))).toBe(hexOf(root.spanId));
      expect(String(held(other, "_spanContext", "_parentId"))).toBe(hexOf(child.spanId));
      expect(fresh.traceId).not.toBe(root.traceId);
      expect(held(fresh, "_spanContext", "_parentId")).toBeNull();
      for (const span of [other, child, fresh]) span.finish();
    });
    root.finish();
    const outside = tracing.startSpan("outside");
    expect(outside.traceId).not.toBe(root.traceId);
    outside.finish();
  });

  test("may be a context from another process, also one that was plain JSON", () => {
    const context = JSON.parse(
      JSON.stringify({ ...elsewhere, samplingPriority: 2, origin: "rum" }),
    );
    const span = tracing.startSpan("far", { childOf: context });

    expect(span.context()).toMatchObject({
      traceId: "11",
      traceIdHex: elsewhere.traceIdHex,
      samplingPriority: 2,
      origin: "rum",
    });
    expect(String(held(span, "_spanContext", "_parentId"))).toBe(hexOf("22"));
    span.finish();
  });

  test("gives each of two local traces its own state when a context is used twice", () => {
    const first = tracing.startSpan("first", { childOf: elsewhere });
    const second = tracing.startSpan("second", { childOf: elsewhere });

    expect(held(first, "_spanContext", "_trace")).not.toBe(held(second, "_spanContext", "_trace"));
    first.finish();
    second.finish();
  });

  test("may be a span of another copy of this package", () => {
    const foreign = { context: () => elsewhere } as unknown as Span;
    const span = tracing.startSpan("near", { childOf: foreign });

    expect(span.traceId).toBe("11");
    span.finish();
  });

  test.each<[string, unknown]>([
    ["text", "text"],
    ["an empty object", {}],
    ["a context with a trace id that is none", { ...elsewhere, traceId: "x", traceIdHex: "y" }],
    ["a context with a span id that is none", { ...elsewhere, spanId: "abcdef123456" }],
    [
      "a span whose context throws",
      {
        context() {
          throw new Error("broken");
        },
      },
    ],
  ])("is refused and counted when it is %s, and a new trace starts", (_, childOf) => {
    let span: Span | undefined;
    const counts = counted(() => {
      span = tracing.startSpan("orphan", { childOf: childOf as Span });
    });

    expect(counts["invalid_parent"]).toBe(1);
    expect(held(span as Span, "_spanContext", "_parentId")).toBeNull();
    span?.finish();
  });
});

describe("tags", () => {
  test("are guarded in key and value", () => {
    const span = tracing.startSpan("tags").setTag("of ada@example.com", "4111 1111 1111 1111");

    expect(span.getTag("of ada@example.com")).toMatch(/REDACTED/);
    expect(held(span, "_spanContext", "_tags", "of ada@example.com")).toBeUndefined();
    span.finish();
  });

  test("are set from an object, in which an error is recorded as one", () => {
    const span = tracing
      .startSpan("tags")
      .setTags({ a: 1, b: { c: 2 }, error: new TypeError("t") });

    expect(span.getTag("a")).toBe(1);
    expect(span.getTag("b")).toBe('{"c":2}');
    expect(span.getTag("error.type")).toBe("TypeError");
    span.finish();
  });

  test("that are undefined or null change nothing", () => {
    const span = tracing.startSpan("tags", { tags: { a: 1 } });
    span.setTag("a", undefined).setTag("a", null);

    expect(span.getTag("a")).toBe(1);
    span.finish();
  });

  test("without a name, or named __proto__, are not set", () => {
    const span = tracing.startSpan("tags").setTag("", 1).setTag("__proto__", 1);

    expect(span.getTag("")).toBeUndefined();
    expect(Object.keys(held(span, "_spanContext", "_tags") as object)).not.toContain("__proto__");
    span.finish();
  });

  test.each([
    "service.name",
    "service",
    "resource.name",
    "span.type",
    "span.kind",
    "env",
    "version",
  ])("named %s are text, or dd-trace would throw when the span ends", (key) => {
    const late = tracing.startSpan("reserved").setTag(key, 5);
    const early = tracing.startSpan("reserved", { tags: { [key]: false } });

    expect(late.getTag(key)).toBe("5");
    expect(early.getTag(key)).toBe("false");
    expect(counted(() => late.finish())).toEqual({});
    expect(counted(() => early.finish())).toEqual({});
  });

  test("that are not scalars inside dd-trace cannot be read", () => {
    const span = tracing.startSpan("tags");
    (held(span, "_spanContext", "_tags") as Record<string, unknown>)["inner"] = { a: 1 };

    expect(span.getTag("inner")).toBeUndefined();
    expect(span.getTag("absent")).toBeUndefined();
    span.finish();
  });
});

describe("an error", () => {
  test("marks the span as failed, with type, message and stack", () => {
    const span = tracing.startSpan("error").setError(new RangeError("for ada@example.com"));

    expect(span.getTag("error")).toBe(true);
    expect(span.getTag("error.type")).toBe("RangeError");
    expect(span.getTag("error.message")).toBe("for [EMAIL_REDACTED]");
    expect(span.getTag("error.stack")).toMatch(/^RangeError: for \[EMAIL_REDACTED\]\n/);
    span.finish();
  });

  test("that was handled is an event, and the span is not failed", () => {
    const span = tracing.startSpan("error").setError(new RangeError("retried"), { handled: true });

    expect(span.getTag("error")).toBeUndefined();
    expect(span.getTag("error.type")).toBeUndefined();
    expect(eventsOf(span)).toMatchObject([
      {
        name: "exception",
        attributes: {
          "exception.type": "RangeError",
          "exception.message": "retried",
          "exception.stacktrace": expect.stringContaining("RangeError: retried"),
          "exception.escaped": false,
        },
      },
    ]);
    span.finish();
  });

  test("under the key error is recorded like setError, and a flag is a tag", () => {
    const span = tracing.startSpan("error").setTag("error", new RangeError("r"));
    expect(span.getTag("error.message")).toBe("r");
    span.finish();

    const flagged = tracing.startSpan("error").setTag("error", true);
    expect(flagged.getTag("error")).toBe(true);
    expect(flagged.getTag("error.type")).toBeUndefined();
    flagged.finish();
  });

  test("that is no error has no stack", () => {
    const span = tracing.startSpan("error").setError("broken");

    expect(span.getTag("error.type")).toBe("string");
    expect(span.getTag("error.message")).toBe("broken");
    expect(span.getTag("error.stack")).toBeUndefined();
    span.finish();
  });
});

describe("events", () => {
  test("have a name, guarded attributes and a time", () => {
    const span = tracing.startSpan("events");
    span.addEvent(
      "mailed ada@example.com",
      { to: "ada@example.com", n: [1, 2] },
      1_700_000_000_500,
    );

    expect(eventsOf(span)).toEqual([
      {
        name: "mailed [EMAIL_REDACTED]",
        attributes: { to: "[EMAIL_REDACTED]", n: [1, 2] },
        startTime: 1_700_000_000_500,
      },
    ]);
    span.finish();
  });

  test("happen now without a time or with one that is none", () => {
    const span = tracing.startSpan("events");

    expect(counted(() => span.addEvent("a"))).toEqual({});
    expect(counted(() => span.addEvent("b", {}, Number.NaN))).toEqual({ invalid_time: 1 });
    for (const { startTime } of eventsOf(span)) {
      expect(Math.abs(startTime - Date.now())).toBeLessThan(5_000);
    }
    span.finish();
  });

  test("are 128 at most, and the rest is counted", () => {
    const span = tracing.startSpan("events");
    const counts = counted(() => {
      for (let index = 0; index < 200; index += 1) span.addEvent("tick");
    });

    expect(eventsOf(span)).toHaveLength(128);
    expect(counts).toEqual({ span_events_over_limit: 72 });
    span.finish();
  });
});

describe("links", () => {
  test("lead to contexts, spans, decorated spans and spans of another copy of this package", () => {
    const other = tracing.startSpan("other");
    const foreign = { context: () => elsewhere } as unknown as Span;
    const span = tracing.startSpan("links", {
      links: [{ context: elsewhere, attributes: { to: "ada@example.com" } }],
    });
    span.addLink(other).addLink(foreign, { reason: "retry" });

    expect(linksOf(span)).toEqual([
      { traceId: elsewhere.traceIdHex, spanId: "22", attributes: { to: "[EMAIL_REDACTED]" } },
      { traceId: other.context().traceIdHex, spanId: other.spanId, attributes: undefined },
      { traceId: elsewhere.traceIdHex, spanId: "22", attributes: { reason: "retry" } },
    ]);
    span.finish();
    other.finish();
  });

  test("to nothing are refused and counted", () => {
    const span = tracing.startSpan("links");
    const counts = counted(() => {
      for (const target of [undefined, null, "text", {}]) span.addLink(target as unknown as Span);
      tracing.startSpan("links", { links: [null, {}] as never }).finish();
      tracing.startSpan("links", { links: "none" as never }).finish();
    });

    expect(linksOf(span)).toEqual([]);
    expect(counts["invalid_link"]).toBe(6);
    span.finish();
  });

  test("are 128 at most, and the rest is counted", () => {
    const span = tracing.startSpan("links");
    const counts = counted(() => {
      for (let index = 0; index < 130; index += 1) span.addLink(elsewhere);
    });

    expect(linksOf(span)).toHaveLength(128);
    expect(counts).toEqual({ span_links_over_limit: 2 });
    span.finish();
  });

  test("are 128 at most from the start, also of a list that claims to be huge", () => {
    const many = Array.from({ length: 130 }, () => ({ context: elsewhere }));
    const huge = Object.assign([{ context: elsewhere }], { length: 4_000_000_000 });
    const counts = counted(() => {
      for (const [links, kept] of [
        [many, 128],
        [huge, 1],
      ] as const) {
        const span = tracing.startSpan("links", { links });
        expect(linksOf(span)).toHaveLength(kept);
        span.finish();
      }
    });

    expect(counts).toEqual({ span_links_over_limit: 2 + 3_999_999_872, invalid_link: 127 });
  });
});

describe("the end", () => {
  test("comes at the given time, or now", () => {
    const span = tracing.startSpan("end", { startTime: 1_700_000_000_000 });
    span.finish(1_700_000_000_250);
    expect(held(span, "_duration")).toBe(250);

    const late = tracing.startSpan("end");
    expect(counted(() => late.finish("late" as unknown as number))).toEqual({ invalid_time: 1 });
    expect(Number(held(late, "_duration"))).toBeLessThan(5_000);
  });

  test("comes once; a second one is counted and changes nothing", () => {
    const span = tracing.startSpan("end", { startTime: 1_700_000_000_000 });
    const before = tracing.health().spans;
    span.finish(1_700_000_000_100);

    expect(counted(() => span.finish(1_700_000_000_900))).toEqual({ span_finished_twice: 1 });
    expect(held(span, "_duration")).toBe(100);
    expect(tracing.health().spans.finished).toBe(before.finished + 1);
  });

  test("makes every change a counted refusal, and leaves the readers", () => {
    const span = tracing.startSpan("end", { tags: { a: 1 } });
    expect(span.finished).toBe(false);
    span.finish();

    expect(span.finished).toBe(true);
    const counts = counted(() => {
      span
        .setTag("a", 2)
        .setTags({ a: 3 })
        .setError(new Error("late"))
        .addEvent("late")
        .addLink(elsewhere);
      span.setError(new Error("late"), { handled: true });
    });
    expect(counts).toEqual({ span_changed_after_finish: 6 });
    expect(span.getTag("a")).toBe(1);
    expect(eventsOf(span)).toEqual([]);
    expect(linksOf(span)).toEqual([]);
    expect(span.context().spanId).toBe(span.spanId);
  });

  test("may be had through the client, which refuses what is no span", () => {
    const span = tracing.startSpan("end");
    tracing.finishSpan(span);

    expect(span.finished).toBe(true);
    for (const value of [undefined, null, {}, "text"]) {
      expect(counted(() => tracing.finishSpan(value as unknown as Span))).toEqual({
        invalid_span: 1,
      });
    }
  });

  test("survives a dd-trace that throws, and is counted", async () => {
    await tracing.flush();
    const { exported, buffered, dropped } = tracing.health().totals;
    const failed = tracing.diagnostics.counts()["span_finish_failed"] ?? 0;
    const span = tracing.startSpan("end");
    (held(span, "_spanContext", "_tags") as Record<string, unknown>)["service.name"] = 5;
    span.finish();

    expect(span.finished).toBe(true);
    await vi.waitFor(() =>
      expect(tracing.diagnostics.counts()["span_finish_failed"]).toBe(failed + 1),
    );
    const totals = { exported, buffered, dropped: dropped + 1 };
    expect(tracing.health().totals).toMatchObject(totals);
  });
});

test("a change that dd-trace refuses by throwing is counted, and the span goes on", () => {
  const span = tracing.startSpan("refusing");
  Object.assign(held(span) as object, {
    setTag() {
      throw new Error("refused");
    },
  });

  expect(counted(() => span.setTag("a", 1))).toEqual({ span_change_failed: 1 });
  expect(counted(() => span.addEvent("still possible"))).toEqual({});
  span.finish();
});

describe("the hook before the end", () => {
  test("is called once with the span, which it may still change", () => {
    const seen: unknown[] = [];
    const span = tracing.startSpan("hook", {
      onFinish: (ended) => {
        seen.push(ended, ended.finished);
        ended.setTag("late", true);
      },
    });
    span.finish();
    span.finish();

    expect(seen).toEqual([span, false]);
    expect(span.getTag("late")).toBe(true);
  });

  test("may throw", () => {
    const span = tracing.startSpan("hook", {
      onFinish: () => {
        throw new Error("hook");
      },
    });

    expect(counted(() => span.finish())).toEqual({ span_finish_hook_threw: 1 });
    expect(span.finished).toBe(true);
  });

  test("may be asynchronous and reject, without an unhandled rejection", async () => {
    const before = tracing.diagnostics.counts()["span_finish_hook_threw"] ?? 0;
    tracing
      .startSpan("hook", {
        onFinish: async () => {
          throw new Error("hook");
        },
      })
      .finish();
    await setImmediate();

    expect(tracing.diagnostics.counts()["span_finish_hook_threw"]).toBe(before + 1);
  });

  test("may finish the span itself, which counts as a second time", () => {
    const before = tracing.health().spans.finished;
    const span = tracing.startSpan("hook", { onFinish: (ended) => ended.finish() });

    expect(counted(() => span.finish())).toEqual({ span_finished_twice: 1 });
    expect(tracing.health().spans.finished).toBe(before + 1);
  });

  test("that is no function is ignored", () => {
    const span = tracing.startSpan("hook", { onFinish: "no" as never });

    expect(counted(() => span.finish())).toEqual({});
  });
});

describe("nothing throws, and the accounts are right", () => {
  test.each(hostileValues.map((value) => [nameOf(value), value]))(
    "whatever is given: %s",
    (_, value) => {
      const hostile = value as never;
      const before = tracing.health().spans;
      const other = tracing.startSpan(hostile, hostile);
      const span = tracing.startSpan("hostile", {
        childOf: hostile,
        tags: hostile,
        resource: hostile,
        service: hostile,
        type: hostile,
        kind: hostile,
        startTime: hostile,
        links: hostile,
        timeoutMs: hostile,
        keep: hostile,
        llmobs: hostile,
        onFinish: hostile,
      });
      span.setTag(hostile, hostile).setTag("a", hostile).setTag("error", hostile).setTags(hostile);
      span.setError(hostile, hostile).setError(hostile, { handled: true });
      span
        .addEvent(hostile, hostile, hostile)
        .addLink(hostile, hostile)
        .addLink(elsewhere, hostile);
      span.getTag(hostile);
      tracing.annotate(hostile, hostile);
      tracing.annotate(span, hostile);
      tracing.getCorrelationIds(hostile);
      tracing.finishSpan(span, hostile);
      other.finish(hostile);

      expect(span.finished).toBe(true);
      const { created, open } = tracing.health().spans;
      expect({ created, open }).toEqual({ created: before.created + 2, open: before.open });
    },
  );
});

test("what was recorded reaches the intake as one request without a planted secret", async () => {
  const report = await tracing.flush();

  expect(report.complete).toBe(true);
  const sent = Buffer.concat(intake.received.map(({ body }) => body)).toString("latin1");
  expect(intake.received.map(({ path }) => path)).toContain("/v0.4/traces");
  expect(sent).toContain("order.place");
  expect(sent).not.toMatch(/hunter2|ada@example\.com/);
});
