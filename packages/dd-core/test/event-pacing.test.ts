import fc from "fast-check";
import { expect, test } from "vitest";
import { EventPacing } from "../src/dd-trace/event-pacing.ts";

test("a burst may go at once up to the limit, and the rest when the window has passed", () => {
  let now = 0;
  const pacing = new EventPacing(() => now);

  expect(pacing.allowance()).toBe(950);
  expect(pacing.waitMs()).toBe(0);
  pacing.sent(900);
  expect(pacing.allowance()).toBe(50);
  pacing.sent(50);
  expect(pacing.allowance()).toBe(0);
  now = 1_000;
  expect(pacing.waitMs()).toBe(100);
  now = 1_100;
  expect(pacing.allowance()).toBe(950);
  expect(pacing.waitMs()).toBe(0);
});

test("for any arrivals, no second has more than a thousand events, and none waits for nothing", () => {
  const arrivals = fc.array(fc.record({ pause: fc.nat(700), events: fc.nat(1_500) }), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(arrivals, (list) => {
      let now = 0;
      let waiting = 0;
      const pacing = new EventPacing(() => now);
      const sent: { time: number; events: number }[] = [];
      for (const { pause, events } of list) {
        now += pause;
        waiting += events;
        const allowed = pacing.allowance();
        const going = Math.min(waiting, allowed);
        if (going > 0) {
          pacing.sent(going);
          sent.push({ time: now, events: going });
          waiting -= going;
        }
        if (waiting > 0) expect(pacing.waitMs()).toBeGreaterThan(0);
      }
      for (const { time } of sent) {
        const inSecond = sent.filter((one) => one.time >= time && one.time < time + 1_000);
        expect(inSecond.reduce((sum, { events }) => sum + events, 0)).toBeLessThanOrEqual(1_000);
      }
    }),
  );
});
