import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { withinTimeLimit } from "../src/delivery/time-limit.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("an operation that calls back in time ends with its error, if any", async () => {
  const failure = new Error("refused");

  expect(await withinTimeLimit(10, (done) => done())).toEqual({
    timedOut: false,
    error: undefined,
  });
  expect(await withinTimeLimit(10, (done) => done(null))).toEqual({
    timedOut: false,
    error: undefined,
  });
  expect(await withinTimeLimit(10, (done) => done(failure))).toEqual({
    timedOut: false,
    error: failure,
  });
  expect(vi.getTimerCount()).toBe(0);
});

test("an operation that throws ends with what it threw", async () => {
  const failure = new Error("thrown");
  const throwing = (thrown: unknown) => () => {
    throw thrown;
  };

  expect(await withinTimeLimit(10, throwing(failure))).toEqual({ timedOut: false, error: failure });
  expect((await withinTimeLimit(10, throwing("text"))).error?.message).toBe("text");
});

test("an operation that never calls back ends at the limit", async () => {
  const ended = vi.fn();
  void withinTimeLimit(10, () => {}).then(ended);

  await vi.advanceTimersByTimeAsync(9);
  expect(ended).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);

  expect(ended).toHaveBeenCalledExactlyOnceWith({ timedOut: true, error: undefined });
});

test("the limit keeps no process alive", () => {
  const setTimer = vi.spyOn(globalThis, "setTimeout");

  void withinTimeLimit(10, () => {});

  expect(setTimer.mock.results.map(({ value }) => value.hasRef())).toEqual([false]);
  setTimer.mockRestore();
});
