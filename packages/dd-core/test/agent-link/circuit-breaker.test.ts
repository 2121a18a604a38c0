import { beforeEach, describe, expect, test } from "vitest";
import { type BreakerState, CircuitBreaker } from "../../src/agent-link/circuit-breaker.ts";

let now = 0;
let changes: BreakerState[] = [];
let breaker: CircuitBreaker;
beforeEach(() => {
  now = 0;
  changes = [];
  breaker = new CircuitBreaker(
    { failures: 3, openMs: 1_000 },
    () => now,
    (state) => void changes.push(state),
  );
});

function fail(times: number): void {
  for (let index = 0; index < times; index += 1) {
    breaker.attemptStarted();
    breaker.failed();
  }
}

describe("a circuit breaker", () => {
  test("lets attempts through until so many have failed in a row", () => {
    fail(2);
    expect(breaker.waitMs()).toBe(0);

    fail(1);
    expect(breaker.state).toBe("open");
    expect(breaker.waitMs()).toBe(1_000);
  });

  test("starts counting again after a success", () => {
    fail(2);
    breaker.succeeded();
    fail(2);

    expect(breaker.state).toBe("closed");
  });

  test("lets exactly one probe through when its time is over", () => {
    fail(3);
    now = 400;
    expect(breaker.waitMs()).toBe(600);
    now = 5_000;
    expect(breaker.waitMs()).toBe(0);

    breaker.attemptStarted();
    expect(breaker.state).toBe("half-open");
    expect(breaker.waitMs()).toBe(Number.POSITIVE_INFINITY);
  });

  test("opens again at once when the probe fails, for the whole time", () => {
    fail(3);
    now = 1_000;
    fail(1);

    expect(breaker.state).toBe("open");
    expect(breaker.waitMs()).toBe(1_000);
  });

  test("closes when the probe succeeds, and tells of every change once", () => {
    fail(3);
    now = 1_000;
    breaker.attemptStarted();
    breaker.succeeded();
    breaker.succeeded();

    expect(breaker.waitMs()).toBe(0);
    expect(changes).toEqual(["open", "half-open", "closed"]);
  });
});
