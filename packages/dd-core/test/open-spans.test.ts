import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createTracing, type Span, silentLogger } from "../src/index.ts";
import { type ListedSpan, OpenSpans, type Segment } from "../src/span/open-spans.ts";
import { recordingLogger } from "./support/recording-logger.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const tracing = (logger = silentLogger) =>
  createTracing({ service: "checkout", enabled: false, logger });

describe("a shutdown", () => {
  test("ends every span that is open, tagged and not as an error, children before their parents", async () => {
    const client = tracing();
    const ended: string[] = [];
    const start = (name: string, parent?: Span, timeoutMs?: number) =>
      client.startSpan(name, {
        onFinish: (span) => void ended.push(span.name),
        ...(parent === undefined ? {} : { childOf: parent }),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      });
    const root = start("root");
    const limited = start("limited", root, 60_000);
    const finished = start("finished", root);
    finished.finish();
    const child = start("child", limited);
    const report = await client.shutdown();

    expect(ended).toEqual(["finished", "child", "limited", "root"]);
    for (const span of [root, limited, child]) {
      expect([span.getTag("shutdown"), span.getTag("error")]).toEqual([true, undefined]);
    }
    expect(finished.getTag("shutdown")).toBeUndefined();
    expect(report.openSpans).toBe(0);
    expect(client.health().spans).toEqual({ created: 4, finished: 4, open: 0, timedOut: 0 });
    expect(vi.getTimerCount()).toBe(0);
  });

  test("ends what is open by then and no span that begins while it does so, and may be repeated", async () => {
    const client = tracing();
    const begun: Span[] = [];
    client.startSpan("first", { onFinish: () => void begun.push(client.startSpan("late")) });
    await client.shutdown();
    expect(begun.map(({ finished }) => finished)).toEqual([false]);

    await client.shutdown();
    expect(begun.map(({ finished }) => finished)).toEqual([true]);
    expect(client.health().faults).toEqual({});
  });

  test("leaves the oldest of more than 10,000 open spans alone, which is said once and counted", async () => {
    const logger = recordingLogger();
    const client = tracing(logger);
    const spans = Array.from({ length: 10_002 }, (_, index) =>
      client.startSpan(`span ${index % 2}`),
    );
    await client.shutdown();

    expect(spans.filter(({ finished }) => !finished)).toEqual(spans.slice(0, 2));
    expect(client.health().faults).toMatchObject({ open_spans_over_limit: 2 });
    expect(logger.lines.filter((line) => line.includes("10000 spans are open"))).toHaveLength(1);
  });
});

describe("the list of open spans", () => {
  class Item implements ListedSpan<Item> {
    segment: Segment<Item> | undefined;
    place = 0;
  }

  test("holds the newest of those that were added and not removed, in their order, whatever happens", () => {
    const step = fc.oneof(fc.constant(undefined), fc.nat(200));
    fc.assert(
      fc.property(fc.nat(80), fc.array(step, { maxLength: 400, size: "max" }), (limit, history) => {
        let letGo = 0;
        const list = new OpenSpans<Item>(limit, () => {
          letGo += 1;
        });
        const all: Item[] = [];
        let expected: Item[] = [];
        let overLimit = 0;
        for (const which of history) {
          const known = which === undefined ? undefined : all[which % Math.max(1, all.length)];
          if (known === undefined) {
            const item = new Item();
            all.push(item);
            list.add(item);
            expected.unshift(item);
            if (expected.length > limit) {
              expected.pop();
              overLimit += 1;
            }
          } else {
            list.remove(known);
            expected = expected.filter((item) => item !== known);
          }
          expect(list.newestFirst().map((item) => all.indexOf(item))).toEqual(
            expected.map((item) => all.indexOf(item)),
          );
          expect(letGo).toBe(overLimit);
        }
        for (const item of all.filter((other) => !expected.includes(other))) {
          expect(item.segment).toBeUndefined();
        }
      }),
    );
  });

  test("keeps no room for spans that have ended", () => {
    const list = new OpenSpans<Item>(100, () => undefined);
    const open = [new Item(), new Item()];
    const left = new Set<Segment<Item>>();
    for (const kept of open) {
      list.add(kept);
      for (let started = 0; started < 1_000; started += 1) {
        const item = new Item();
        list.add(item);
        if (item.segment !== undefined) left.add(item.segment);
        list.remove(item);
      }
    }
    const last = new Item();
    list.add(last);
    const segments: Segment<Item>[] = [];
    for (let at = last.segment; at !== undefined; at = at.older) segments.push(at);

    // What has been taken out does not lead to what came after it, which it would keep.
    const gone = [...left].filter((segment) => !segments.includes(segment));
    expect(gone.length).toBeGreaterThan(50);
    for (const { older, newer } of gone) expect([older, newer]).toEqual([undefined, undefined]);
    // Those of the two, and the newest.
    expect(segments.map((segment) => segment.open)).toEqual([1, 1, 1]);
    expect(list.newestFirst()).toEqual([last, ...open.toReversed()]);
  });
});
