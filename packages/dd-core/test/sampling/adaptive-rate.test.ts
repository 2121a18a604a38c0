import fc from "fast-check";
import { expect, test } from "vitest";
import { AdaptiveRate } from "../../src/sampling/adaptive-rate.ts";

function adaptive(target: number, highest: number) {
  const clock = { now: 0 };
  const applied: number[] = [];
  const rate = new AdaptiveRate(
    target,
    highest,
    (value) => applied.push(value),
    () => clock.now,
  );
  const run = (seconds: number, perSecond: number) => {
    for (let trace = 0; trace < seconds * perSecond; trace++) {
      clock.now += 1_000 / perSecond;
      rate.traceStarted();
    }
  };
  return { clock, applied, rate, run };
}

test("the rate falls within a second or two of a burst to what keeps the target", () => {
  const { rate, run } = adaptive(10, 1);
  run(3, 1_000);

  expect(rate.rate).toBeGreaterThan(0.0095);
  expect(rate.rate).toBeLessThan(0.0105);
});

test("the rate never rises above the configured one, and comes back to it step by step", () => {
  const { applied, rate, run } = adaptive(10, 0.5);
  run(3, 1_000);
  const low = rate.rate;
  run(30, 2);

  expect(rate.rate).toBe(0.5);
  const rising = applied.slice(applied.indexOf(low) + 1);
  expect(rising.length).toBeGreaterThan(3);
  expect(rising.every((value, index) => value <= (rising[index - 1] ?? low) * 1.5 + 1e-9)).toBe(
    true,
  );
});

test("a steady load below the target changes nothing", () => {
  const { applied, run } = adaptive(100, 0.2);
  run(20, 50);

  expect(applied).toEqual([]);
});

test("a pause lets the rate come back at once, however long it was", () => {
  const { clock, rate, run } = adaptive(10, 1);
  run(3, 1_000);
  clock.now += 3_600_000;
  rate.traceStarted();

  expect(rate.rate).toBe(1);
});

test("the rate stays between 0 and the configured one whatever the load", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.001, max: 1e6, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 300 }),
      (target, highest, gaps) => {
        const { clock, applied, rate } = adaptive(target, highest);
        for (const gap of gaps) {
          clock.now += gap;
          rate.traceStarted();
        }
        for (const value of [...applied, rate.rate]) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(highest);
        }
      },
    ),
  );
});
