import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Aggregator } from "../../src/aggregation/aggregator.ts";
import type { MetricContext, MetricType } from "../../src/aggregation/metric-context.ts";
import type { Line } from "../../src/delivery/line-buffer.ts";

function start(
  options: { maximumContexts?: number; packsValues?: boolean; maximumBytes?: number } = {},
) {
  const lines: Line[] = [];
  const lost: number[] = [];
  let refused = 0;
  const aggregator = new Aggregator({
    maximumBytes: 100,
    packsValues: true,
    ...options,
    push: (line) => lines.push(line),
    onOverflow: (calls) => lost.push(calls),
    onTooManyContexts: () => {
      refused += 1;
    },
  });
  const context = (type: MetricType, name: string, isDirect = false): MetricContext =>
    aggregator.acquire({ type, name, fields: "|#a:b", key: `${type}|${name}`, isDirect });
  const texts = () => lines.splice(0).map(({ text }) => text);
  return { aggregator, context, lines, texts, lost, refused: () => refused };
}

function drain(aggregator: Aggregator): void {
  aggregator.seal();
  while (aggregator.writeNext());
}

describe("what is gathered", () => {
  test("counts are added up, of gauges the last value stays, of sets each value once", () => {
    const { aggregator, context, lines } = start();
    const [count, gauge, set] = [context("c", "c"), context("g", "g"), context("s", "s")];

    for (const value of [1, 2, -5]) aggregator.add(count, value);
    for (const value of [7, 3]) aggregator.add(gauge, value);
    for (const value of ["é", "x", "é"]) aggregator.addUnique(set, value);
    expect(aggregator.waiting).toBe(8);
    drain(aggregator);

    expect(lines).toEqual([
      { text: "c:-2|c|#a:b", bytes: 11, calls: 3 },
      { text: "g:3|g|#a:b", bytes: 10, calls: 2 },
      { text: "s:é|s|#a:b", bytes: 11, calls: 2 },
      { text: "s:x|s|#a:b", bytes: 10, calls: 1 },
    ]);
    expect(aggregator.waiting).toBe(0);
    expect(aggregator.recorded).toBe(8);
  });

  test("starts anew after it was written", () => {
    const { aggregator, context, texts } = start();
    const count = context("c", "c");
    aggregator.add(count, 5);
    drain(aggregator);
    texts();

    drain(aggregator);
    expect(texts()).toEqual([]);
    aggregator.add(count, 1);
    drain(aggregator);
    expect(texts()).toEqual(["c:1|c|#a:b"]);
  });

  test("a sum that is no number any more is given up and counted", () => {
    const { aggregator, context, texts, lost } = start();
    const count = context("c", "c");

    aggregator.add(count, Number.MAX_VALUE);
    aggregator.add(count, Number.MAX_VALUE);
    drain(aggregator);
    aggregator.add(count, 1);
    drain(aggregator);

    expect(lost).toEqual([2]);
    expect(texts()).toEqual(["c:1|c|#a:b"]);
  });

  test("values of the other types share lines that keep to the limit, and none is lost", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 3_000 }),
        fc.integer({ min: 40, max: 2_000 }),
        (values, maximumBytes) => {
          const { aggregator, context, lines } = start({ maximumBytes });
          const distribution = context("d", "d");
          for (const value of values) aggregator.add(distribution, value);
          drain(aggregator);

          const arrived = lines.flatMap(
            ({ text }) => /^d:(.*)\|d/.exec(text)?.[1]?.split(":") ?? [],
          );
          expect(arrived.map(Number)).toEqual(values.map((value) => (value === 0 ? 0 : value)));
          for (const { text, bytes } of lines) {
            expect(bytes).toBe(Buffer.byteLength(text));
            expect(bytes).toBeLessThanOrEqual(maximumBytes);
          }
          expect(lines.reduce((sum, { calls }) => sum + calls, 0)).toBe(values.length);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("a line holds one value where packing is off", () => {
    const { aggregator, context, texts } = start({ packsValues: false });
    const timing = context("ms", "t");
    for (const value of [1, 2]) aggregator.add(timing, value);
    drain(aggregator);

    expect(texts()).toEqual(["t:1|ms|#a:b", "t:2|ms|#a:b"]);
  });

  test("full lines of many values are written before the flush, the rest at it", () => {
    const { aggregator, context, lines } = start();
    const histogram = context("h", "h");

    for (let value = 0; value < 1_024; value += 1) aggregator.add(histogram, value);
    const early = lines.reduce((sum, { calls }) => sum + calls, 0);
    drain(aggregator);

    expect(early).toBeGreaterThan(1_000);
    expect(early).toBeLessThan(1_024);
    expect(lines.reduce((sum, { calls }) => sum + calls, 0)).toBe(1_024);
  });

  test("a set of very many values is written before the flush", () => {
    const { aggregator, context, lines } = start();
    const set = context("s", "s");

    for (let value = 0; value < 1_024; value += 1) aggregator.addUnique(set, String(value));

    expect(lines).toHaveLength(1_024);
    expect(aggregator.waiting).toBe(0);
  });
});

describe("what is sealed", () => {
  test("is written series by series, and goes on gathering until then", () => {
    const { aggregator, context, texts } = start();
    const [first, second] = [context("c", "first"), context("c", "second")];
    aggregator.add(first, 1);
    aggregator.add(second, 1);
    aggregator.seal();

    expect(aggregator.writeNext()).toBe(true);
    aggregator.add(first, 10);
    aggregator.add(second, 10);
    expect(aggregator.waiting).toBe(3);
    expect(aggregator.writeNext()).toBe(true);
    expect(aggregator.writeNext()).toBe(false);

    expect(texts()).toEqual(["first:1|c|#a:b", "second:11|c|#a:b"]);
    expect(aggregator.waiting).toBe(1);
    drain(aggregator);
    expect(texts()).toEqual(["first:10|c|#a:b"]);
  });

  test("and cannot be written takes no more memory, however often it is sealed", () => {
    const { aggregator, context, lines } = start();
    const set = context("s", "s");
    for (let round = 0; round < 50; round += 1) {
      for (let value = 0; value < 1_025; value += 1) aggregator.addUnique(set, `${value}`);
      aggregator.seal();
    }
    expect(lines).toHaveLength(50 * 1_024);
    expect(aggregator.waiting).toBe(50);
    let series = 0;
    while (aggregator.writeNext()) series += 1;

    expect(series).toBe(1);
  });

  test("is everything, at once, where all series together hold 100,000 values", () => {
    const { aggregator, context } = start();
    const [numbers, texts] = [context("d", "d"), context("s", "s")];
    const many = Array.from({ length: 200 }, (_, index) => context("h", `h${index}`));
    const add = (index: number): void => {
      if (index % 2 === 0) aggregator.add(many[index % 200] ?? numbers, index);
      else aggregator.addUnique(texts, "x");
    };
    for (let index = 0; index < 99_999; index += 1) add(index);
    const before = aggregator.waiting;
    add(99_999);

    expect(before).toBeGreaterThan(50_000);
    expect(aggregator.waiting).toBe(0);
  });
});

describe("what is not gathered", () => {
  test("goes out at once, behind the older value of the same series", () => {
    const { aggregator, context, texts } = start();
    const gauge = context("g", "g");
    aggregator.add(gauge, 1);

    aggregator.writeNow(gauge, "2", "|T1700000000");
    drain(aggregator);

    expect(texts()).toEqual(["g:1|g|#a:b", "g:2|g|#a:b|T1700000000"]);
  });

  test("is every value of a series that is excepted, which is one series all the same", () => {
    const { aggregator, context, texts } = start();
    const count = context("c", "c", true);
    const set = context("s", "s", true);

    aggregator.add(count, 1);
    aggregator.add(count, 2);
    aggregator.addUnique(set, "x");

    expect(texts()).toEqual(["c:1|c|#a:b", "c:2|c|#a:b", "s:x|s|#a:b"]);
    expect(aggregator.size).toBe(2);
    expect(context("c", "c", true)).toBe(count);
  });
});

describe("the number of series", () => {
  test("is bounded: what has nothing to write makes room", () => {
    const { aggregator, context, texts } = start({ maximumContexts: 2 });
    const first = context("c", "first");
    aggregator.add(first, 1);
    drain(aggregator);
    texts();
    context("c", "second");

    aggregator.add(context("c", "third"), 1);
    expect(first.isLive).toBe(false);
    aggregator.add(first, 4);
    drain(aggregator);

    expect(aggregator.size).toBe(2);
    expect(texts()).toEqual(["third:1|c|#a:b", "first:4|c|#a:b"]);
  });

  test("beyond the bound values go out as they come, and are counted", () => {
    const { aggregator, context, texts, refused } = start({ maximumContexts: 2 });
    aggregator.add(context("c", "first"), 1);
    aggregator.add(context("c", "second"), 1);

    const third = context("c", "third");
    aggregator.add(third, 1);
    aggregator.add(third, 1);
    expect(texts()).toEqual(["third:1|c|#a:b", "third:1|c|#a:b"]);
    expect(refused()).toBe(3);

    drain(aggregator);
    texts();
    aggregator.add(third, 1);
    expect(texts()).toEqual([]);
    expect(aggregator.waiting).toBe(1);
  });

  test("what a window did not use is forgotten at its end", () => {
    const { aggregator, context } = start();
    const used = context("c", "used");
    context("c", "unused");
    aggregator.startWindow();
    aggregator.add(used, 1);
    drain(aggregator);
    aggregator.startWindow();

    expect(aggregator.size).toBe(1);
    expect(used.isLive).toBe(true);
  });

  test("one series has one context, however often it is asked for and forgotten", () => {
    const { aggregator, context, texts } = start();
    const old = context("c", "c");
    aggregator.startWindow();
    aggregator.startWindow();
    expect(aggregator.size).toBe(0);
    const young = context("c", "c");

    aggregator.add(old, 1);
    aggregator.add(young, 1);
    drain(aggregator);

    expect(young).not.toBe(old);
    expect(texts()).toEqual(["c:2|c|#a:b"]);
  });
});
