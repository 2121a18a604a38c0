import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createTracing, type Span, silentLogger } from "../src/index.ts";
import { SpanTimeouts } from "../src/span/span-timeouts.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function watched(): { timeouts: SpanTimeouts; ended: string[]; span: (name: string) => Span } {
  const ended: string[] = [];
  const timeouts = new SpanTimeouts((span) => ended.push(span.name));
  return { timeouts, ended, span: (name) => ({ name }) as Span };
}

describe("the sweep", () => {
  test("ends a span at the first full second after its time limit, once", () => {
    const { timeouts, ended, span } = watched();
    timeouts.watch(span("a"), 1_500);

    vi.advanceTimersByTime(1_999);
    expect(ended).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(ended).toEqual(["a"]);
    vi.advanceTimersByTime(10_000);
    expect(ended).toEqual(["a"]);
  });

  test("ends a span whose limit falls on the sweep itself", () => {
    const { timeouts, ended, span } = watched();
    timeouts.watch(span("a"), 1_000);

    vi.advanceTimersByTime(1_000);
    expect(ended).toEqual(["a"]);
  });

  test("serves many spans with one timer, which stops with the last of them", () => {
    const { timeouts, ended, span } = watched();
    for (let index = 0; index < 1_000; index += 1) timeouts.watch(span(`s${index}`), 1_000);

    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1_000);
    expect(ended).toHaveLength(1_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("leaves spans that were forgotten, and stops when none is left", () => {
    const { timeouts, ended, span } = watched();
    const [first, second] = [span("first"), span("second")];
    timeouts.watch(first, 500);
    timeouts.watch(second, 500);

    timeouts.forget(first);
    expect(vi.getTimerCount()).toBe(1);
    timeouts.forget(second);
    expect(vi.getTimerCount()).toBe(0);
    timeouts.forget(second);
    vi.advanceTimersByTime(5_000);
    expect(ended).toEqual([]);
  });

  test("can be stopped, and starts again with the next span", () => {
    const { timeouts, ended, span } = watched();
    timeouts.watch(span("before"), 500);
    timeouts.stop();
    expect(vi.getTimerCount()).toBe(0);

    timeouts.watch(span("after"), 500);
    vi.advanceTimersByTime(1_000);
    expect(ended).toEqual(["before", "after"]);
  });

  test("is not misled by a clock that is set", () => {
    const { timeouts, ended, span } = watched();
    timeouts.watch(span("a"), 10_000);
    vi.setSystemTime(Date.now() + 86_400_000);

    vi.advanceTimersByTime(2_000);
    expect(ended).toEqual([]);
  });

  test("does not keep the process alive", () => {
    vi.useRealTimers();
    const setInterval = vi.spyOn(globalThis, "setInterval");
    const { timeouts, span } = watched();
    timeouts.watch(span("a"), 1_000);

    expect(setInterval.mock.results[0]?.value.hasRef()).toBe(false);
    timeouts.stop();
    setInterval.mockRestore();
  });
});

describe("a span with a time limit", () => {
  const tracing = () =>
    createTracing({ service: "checkout", enabled: false, logger: silentLogger });

  test("ends as failed when it is still open, and is counted", () => {
    const client = tracing();
    const span = client.startSpan("slow", { timeoutMs: 2_000 });

    vi.advanceTimersByTime(2_000);

    expect(span.finished).toBe(true);
    expect(span.getTag("timeout")).toBe(true);
    expect(span.getTag("error")).toBe(true);
    expect(span.getTag("error.type")).toBe("SpanTimeout");
    expect(span.getTag("error.message")).toMatch(/still open/);
    expect(client.health().spans).toEqual({ created: 1, finished: 1, open: 0, timedOut: 1 });
    expect(client.health().faults).toEqual({});
  });

  test("that ends in time is left alone, and needs the timer no more", () => {
    const client = tracing();
    const span = client.startSpan("fast", { timeoutMs: 2_000 });
    expect(vi.getTimerCount()).toBe(1);
    span.finish();

    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(5_000);
    expect(span.getTag("timeout")).toBeUndefined();
    expect(client.health().spans.timedOut).toBe(0);
  });

  test("needs no timer without a limit, and none that is no positive number is taken", () => {
    const client = tracing();
    client.startSpan("none");
    for (const timeoutMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, "5"]) {
      client.startSpan("bad", { timeoutMs: timeoutMs as number });
    }

    expect(vi.getTimerCount()).toBe(0);
    expect(client.health().faults).toEqual({ invalid_timeout: 5 });
  });

  test("is ended by a shutdown and not by its limit, and the timer stops", async () => {
    const client = tracing();
    const span = client.startSpan("slow", { timeoutMs: 1_000 });
    await client.shutdown();

    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(5_000);
    expect([span.getTag("shutdown"), span.getTag("timeout")]).toEqual([true, undefined]);
  });
});
