import { describe, expect, test } from "vitest";
import {
  createTracing,
  type Span,
  type SpanContext,
  SpanDecorator,
  silentLogger,
} from "../src/index.ts";
import { undecorated } from "../src/span/span-decorator.ts";

const tracing = createTracing({ service: "checkout", enabled: false, logger: silentLogger });
const context: SpanContext = { traceId: "1", traceIdHex: "1".padStart(32, "0"), spanId: "2" };

/** Notes every call that reaches it. */
class NotedSpan implements Span {
  readonly calls: unknown[][] = [];
  readonly name = "noted";
  readonly traceId = "1";
  readonly spanId = "2";
  finished = false;

  context(): SpanContext {
    return context;
  }

  setTag(...args: unknown[]): this {
    return this.#note("setTag", args);
  }

  setTags(...args: unknown[]): this {
    return this.#note("setTags", args);
  }

  getTag(key: string): string {
    return `tag ${key}`;
  }

  setError(...args: unknown[]): this {
    return this.#note("setError", args);
  }

  addEvent(...args: unknown[]): this {
    return this.#note("addEvent", args);
  }

  addLink(...args: unknown[]): this {
    return this.#note("addLink", args);
  }

  finish(...args: unknown[]): void {
    this.finished = true;
    this.#note("finish", args);
  }

  #note(method: string, args: unknown[]): this {
    this.calls.push([method, ...args]);
    return this;
  }
}

describe("a decorated span", () => {
  test("passes every call on and returns itself", () => {
    const inner = new NotedSpan();
    const outer = new SpanDecorator(inner);
    const error = new Error("x");

    expect(outer.setTag("a", 1)).toBe(outer);
    expect(outer.setTags({ b: 2 })).toBe(outer);
    expect(outer.setError(error, { handled: true })).toBe(outer);
    expect(outer.addEvent("e", { c: 3 }, 4)).toBe(outer);
    expect(outer.addLink(context, { d: 5 })).toBe(outer);
    outer.finish(6);

    expect(inner.calls).toEqual([
      ["setTag", "a", 1],
      ["setTags", { b: 2 }],
      ["setError", error, { handled: true }],
      ["addEvent", "e", { c: 3 }, 4],
      ["addLink", context, { d: 5 }],
      ["finish", 6],
    ]);
  });

  test("has the identity of the span underneath", () => {
    const inner = new NotedSpan();
    const outer = new SpanDecorator(inner);

    expect([outer.name, outer.traceId, outer.spanId, outer.getTag("a")]).toEqual([
      "noted",
      "1",
      "2",
      "tag a",
    ]);
    expect(outer.context()).toBe(context);
    expect(outer.finished).toBe(false);
    outer.finish();
    expect(outer.finished).toBe(true);
    expect(Object.keys(outer)).toEqual([]);
  });

  test("is accepted by the client wherever a plain one is", () => {
    const inner = tracing.startSpan("inner");
    const outer = new SpanDecorator(new SpanDecorator(inner));

    expect(tracing.withSpan(outer, () => tracing.getCurrentSpan())).toBe(inner);
    tracing.finishSpan(outer);
    expect(inner.finished).toBe(true);
    expect(tracing.health().faults).toEqual({});
  });
});

describe("undecorated", () => {
  test("finds the span underneath, also through a decorator of another copy of the package", () => {
    const inner = new NotedSpan();
    const foreign = { [Symbol.for("@llmdevops/dd-core/span-target/1")]: inner };

    expect(undecorated(inner)).toBe(inner);
    expect(undecorated(new SpanDecorator(new SpanDecorator(inner)))).toBe(inner);
    expect(undecorated(foreign)).toBe(inner);
  });

  test("ends, though a target leads to itself", () => {
    const cycle: Record<symbol, unknown> = {};
    cycle[Symbol.for("@llmdevops/dd-core/span-target/1")] = cycle;

    expect(undecorated(cycle)).toBe(cycle);
  });

  test("leaves what is no span, and what cannot be read, as it is", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const value of [undefined, null, 5, "text", {}, proxy])
      expect(undecorated(value)).toBe(value);
  });
});
