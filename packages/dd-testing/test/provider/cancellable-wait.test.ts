import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sleepUnlessAborted, waitUnlessAborted } from "../../src/provider/cancellable-wait.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("a sleep ends after its time and leaves no timer", async () => {
  const sleep = sleepUnlessAborted(1000, new AbortController().signal);

  await vi.advanceTimersByTimeAsync(1000);

  expect(await sleep).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test("an aborted sleep ends at once and leaves no timer", async () => {
  const controller = new AbortController();
  const sleep = sleepUnlessAborted(1000, controller.signal);
  controller.abort();

  expect(await sleep).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
});

test("a sleep does not keep the process alive", async () => {
  const timeout = vi.spyOn(globalThis, "setTimeout");
  const controller = new AbortController();

  const sleep = sleepUnlessAborted(1000, controller.signal);

  expect(timeout.mock.results[0]?.value.hasRef()).toBe(false);
  controller.abort();
  await sleep;
});

test("a sleep of no time tells whether it was aborted before", async () => {
  expect(await sleepUnlessAborted(0, new AbortController().signal)).toBe(true);
  expect(await sleepUnlessAborted(0, AbortSignal.abort())).toBe(false);
});

test("a promise that fails after the abort is nobody's unhandled rejection", async () => {
  const unhandled = vi.fn();
  process.on("unhandledRejection", unhandled);
  const controller = new AbortController();
  let fail = (_: Error): void => {};
  const failing = new Promise((_, reject) => {
    fail = reject;
  });

  const waits = [waitUnlessAborted(failing, controller.signal)];
  controller.abort();
  waits.push(waitUnlessAborted(failing, controller.signal));
  fail(new Error("late"));

  expect(await Promise.all(waits)).toEqual([false, false]);
  vi.useRealTimers();
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});

test("a promise that fails in time rejects the wait", async () => {
  const failed = Promise.reject(new Error("broken"));

  await expect(waitUnlessAborted(failed, new AbortController().signal)).rejects.toThrow("broken");
});
