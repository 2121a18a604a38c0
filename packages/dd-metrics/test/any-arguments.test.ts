import { createFoundation, silentLogger } from "@llmdevops/dd-core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createMetricsOn } from "../src/backend.ts";

/** Values that throw when they are looked at. */
const refuse = (): never => {
  throw new Error("planned");
};
const handler = { get: refuse, ownKeys: refuse, getPrototypeOf: refuse, has: refuse };
const { proxy: revoked, revoke } = Proxy.revocable<object>([], {});
revoke();
const hostile: readonly unknown[] = [
  Symbol("s"),
  Object.create(null),
  new Proxy({}, handler),
  new Proxy([], handler),
  revoked,
  { toString: refuse, valueOf: refuse },
  [Symbol("s"), 1n, undefined, "a:b"],
  Object.defineProperty(["a:b"], 1, { get: refuse, enumerable: true }),
  { type: "nonsense", sampleRate: {}, timestamp: "now", tags: 5, prefix: refuse },
];

/** Behind functions, since fast-check looks at values itself. */
const anything: fc.Arbitrary<() => never> = fc
  .oneof(
    { weight: 3, arbitrary: fc.anything({ withBigInt: true, withNullPrototype: true }) },
    { weight: 1, arbitrary: fc.array(fc.string({ maxLength: 300 }), { maxLength: 5 }) },
    { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 500 }) },
    { weight: 1, arbitrary: fc.double() },
    { weight: 2, arbitrary: fc.nat(hostile.length - 1).map((index) => () => hostile[index]) },
  )
  .map((value) => () => (typeof value === "function" ? value() : value) as never);
const method = fc.constantFrom(
  "increment",
  "decrement",
  "gauge",
  "histogram",
  "distribution",
  "timing",
  "set",
  "event",
  "serviceCheck",
  "time",
);

test("no call throws, whatever it is given, and every line is one of DogStatsD's", () => {
  const lines: string[] = [];
  const metrics = createMetricsOn(
    { onLine: (line) => lines.push(line) },
    {},
    createFoundation({ service: "checkout", logger: silentLogger }),
  );
  fc.assert(
    fc.property(method, anything, anything, anything, anything, (name, a, b, c, d) => {
      if (name === "time") {
        metrics.time(a(), b, c(), d());
        metrics.time(a(), { fn: b } as never, c(), d());
      } else metrics[name](a(), b(), c(), d());
    }),
    { numRuns: 2_000 },
  );

  const { recorded, sent, dropped } = metrics.counts();
  expect(recorded).toBe(sent + Object.values(dropped).reduce((sum, calls) => sum + calls, 0));
  expect(lines.length).toBe(sent);
  expect(sent).toBeGreaterThan(100);
  for (const line of lines) {
    expect(line).toMatch(
      /^(?:[a-zA-Z][\w.]{0,199}:[^|\n]+\|(?:c|g|h|d|ms|s)(?:\|[^\n]*)?|_e\{\d+,\d+\}:[^\n]*|_sc\|[^\n]*)$/u,
    );
  }
});

test("handles are made or refused by name only, and take any value", () => {
  const metrics = createMetricsOn(
    { onLine: () => {} },
    {},
    createFoundation({ service: "checkout", logger: silentLogger }),
  );
  fc.assert(
    fc.property(anything, anything, anything, (tags, options, value) => {
      const counter = metrics.counter("c", tags(), options());
      counter.increment(value());
      counter.decrement(value());
      metrics.recorder("set", "s", tags()).record(value());
      const stop = metrics.timer("t", tags()).start();
      stop();
    }),
    { numRuns: 300 },
  );
});
