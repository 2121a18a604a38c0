import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createPropagator, type SpanContext } from "../src/index.ts";
import { ExtractionCache } from "../src/propagator/extraction-cache.ts";

const headers = {
  "x-datadog-trace-id": "1",
  "x-datadog-parent-id": "2",
  "x-datadog-sampling-priority": "1",
  "x-datadog-origin": "rum",
  "x-datadog-tags": "_dd.p.dm=-4",
  traceparent: "00-00000000000000000000000000000001-0000000000000002-01",
  tracestate: "a=1",
  baggage: "b=1",
} as const;

describe("repeated extraction", () => {
  test("of unchanged headers gives the same context, from the same object or another", () => {
    const propagator = createPropagator({ env: {} });

    const first = propagator.extract(headers);

    expect(propagator.extract(headers)).toBe(first);
    expect(propagator.extract({ host: "x", ...headers })).toBe(first);
  });

  test.each(Object.keys(headers) as (keyof typeof headers)[])(
    "notices that %s has changed in the same object, or is gone",
    (name) => {
      const propagator = createPropagator({ env: {} });
      const fresh = createPropagator({ env: {}, cacheSize: 0 });
      const carrier: Record<string, string> = { ...headers };
      const before = propagator.extract(carrier);

      carrier[name] = name === "traceparent" ? headers[name].replace("2-01", "3-00") : "3";
      expect(propagator.extract(carrier)).toEqual(fresh.extract(carrier));
      expect(propagator.extract(carrier)).not.toEqual(before);
      delete carrier[name];
      expect(propagator.extract(carrier)).toEqual(fresh.extract(carrier));
    },
  );

  test.each([
    [{}, 128],
    [{ cacheSize: 3 }, 3],
  ])("with the options %j remembers %i contexts and no more", (options, size) => {
    const propagator = createPropagator({ env: {}, ...options });
    const extract = (id: number): unknown =>
      propagator.extract({ "x-datadog-trace-id": `${id}`, "x-datadog-parent-id": "1" });
    const first = extract(1);
    for (let id = 2; id <= size; id += 1) extract(id);

    expect(extract(1)).toBe(first);
    extract(size + 1);
    expect(extract(1)).not.toBe(first);
  });

  test("gives what a propagator without a cache gives, for any sequence of headers", () => {
    const value = fc.constantFrom("1", "2", "a=1", headers.traceparent, undefined);
    const anyHeaders = fc.record(
      Object.fromEntries(Object.keys(headers).map((name) => [name, value])),
    );
    fc.assert(
      fc.property(fc.array(anyHeaders, { maxLength: 20 }), (sequence) => {
        const cached = createPropagator({ env: {}, cacheSize: 2 });
        const fresh = createPropagator({ env: {}, cacheSize: 0 });

        for (const carrier of sequence) {
          expect(cached.extract(carrier)).toEqual(fresh.extract(carrier));
        }
      }),
    );
  });
});

describe("the cache", () => {
  const context: SpanContext = { traceId: "1", traceIdHex: "1".padStart(32, "0"), spanId: "2" };

  test("makes room by forgetting the oldest", () => {
    const cache = new ExtractionCache(2);

    cache.set(["a"], context);
    cache.set(["b"], context);
    cache.set(["b"], context);
    expect(cache.get(["a"])).toBe(context);
    cache.set(["c"], context);

    expect(cache.get(["a"])).toBeUndefined();
    expect(cache.get(["b"])).toBe(context);
    expect(cache.get(["c"])).toBe(context);
  });

  test("remembers nothing of size 0, and no values of more than 4096 characters", () => {
    const none = new ExtractionCache(0);
    const one = new ExtractionCache(1);
    none.set(["a"], context);
    one.set(["a", undefined, "x".repeat(4_096)], context);

    expect(none.get(["a"])).toBeUndefined();
    expect(one.get(["a", undefined, "x".repeat(4_096)])).toBeUndefined();
  });
});
