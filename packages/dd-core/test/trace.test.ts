import { setImmediate } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { runAndFinish, type Span, SpanDecorator, spanBaggage, spanOwner } from "../src/index.ts";
import { held, startRealTracing } from "./support/real-tracing.ts";

const { tracing, intake, counted } = await startRealTracing();
afterAll(() => intake.stop());

/** Runs `act` and returns the span that it was given and what it threw. */
function thrownBy(act: (keep: (span: Span) => void) => unknown): { span: Span; error: unknown } {
  let kept: Span | undefined;
  let error: unknown;
  try {
    act((span) => {
      kept = span;
    });
  } catch (caught) {
    error = caught;
  }
  if (kept === undefined) throw new Error("no span was kept");
  return { span: kept, error };
}

describe("trace", () => {
  test("runs a function in an active span, returns its value and ends the span", () => {
    const { finished, created } = tracing.health().spans;
    let inside: Span | undefined;
    const result = tracing.trace("sync", { resource: "r", tags: { a: 1 } }, (span) => {
      inside = tracing.getCurrentSpan();
      expect(inside).toBe(span);
      expect(span.finished).toBe(false);
      return 42;
    });

    expect(result).toBe(42);
    expect(inside?.finished).toBe(true);
    expect(inside?.getTag("resource.name")).toBe("r");
    expect(inside?.getTag("a")).toBe(1);
    expect(inside?.getTag("error")).toBeUndefined();
    expect(tracing.getCurrentSpan()).toBeUndefined();
    expect(tracing.health().spans).toMatchObject({ created: created + 1, finished: finished + 1 });
  });

  test("needs no options", () => {
    expect(tracing.trace("plain", (span) => span.name)).toBe("plain");
    expect(tracing.trace("plain", undefined as never, (span) => span.name)).toBe("plain");
    expect(tracing.trace("plain", null as never, (span) => span.name)).toBe("plain");
  });

  test("throws on what the function throws, recorded and unchanged", () => {
    const reason = new RangeError("for ada@example.com");
    const { span, error } = thrownBy((keep) =>
      tracing.trace("throws", (given) => {
        keep(given);
        throw reason;
      }),
    );

    expect(error).toBe(reason);
    expect(span.finished).toBe(true);
    expect(span.getTag("error")).toBe(true);
    expect(span.getTag("error.message")).toBe("for [EMAIL_REDACTED]");
    expect(tracing.getCurrentSpan()).toBeUndefined();
  });

  test("lets no thrown error reach dd-trace's scope, which would put it on the span past the guard", () => {
    const { span } = thrownBy((keep) =>
      tracing.trace("scope", (given) => {
        keep(given);
        throw new Error("for ada@example.com");
      }),
    );
    expect(held(span, "_spanContext", "_tags", "error")).toBe(true);

    const plain = tracing.startSpan("scope");
    expect(() =>
      tracing.withSpan(plain, () => {
        throw new Error("for ada@example.com");
      }),
    ).toThrow("for ada@example.com");
    expect(held(plain, "_spanContext", "_tags", "error")).toBeUndefined();
    plain.finish();
  });

  test("throws on undefined, which is a value like any other", () => {
    const { span, error } = thrownBy((keep) => {
      tracing.trace("throws", (given) => {
        keep(given);
        throw undefined;
      });
      throw new Error("not reached");
    });

    expect(error).toBeUndefined();
    expect(span.getTag("error.type")).toBe("undefined");
  });

  test("ends the span of a promise when that has resolved, and keeps it active across awaits", async () => {
    let inside: Span | undefined;
    const promise = tracing.trace("async", async (span) => {
      await setImmediate();
      inside = tracing.getCurrentSpan();
      expect(inside).toBe(span);
      return "done";
    });

    expect(promise).toBeInstanceOf(Promise);
    expect(tracing.getCurrentSpan()).toBeUndefined();
    expect(await promise).toBe("done");
    expect(inside?.finished).toBe(true);
  });

  test("keeps concurrent work apart", async () => {
    const names = ["a", "b", "c", "d"];
    const seen = await Promise.all(
      names.map((name) =>
        tracing.trace(name, async () => {
          for (let turn = 0; turn < 5; turn += 1) await setImmediate();
          return tracing.getCurrentSpan()?.name;
        }),
      ),
    );

    expect(seen).toEqual(names);
  });

  test("rejects with what the promise rejects with, recorded and unchanged", async () => {
    const reason = new RangeError("late");
    let kept: Span | undefined;
    const promise = tracing.trace("rejects", async (span) => {
      kept = span;
      await setImmediate();
      throw reason;
    });

    await expect(promise).rejects.toBe(reason);
    expect(kept?.finished).toBe(true);
    expect(kept?.getTag("error.type")).toBe("RangeError");
  });

  test("treats any thenable as a promise, a callable one too", async () => {
    for (const shape of [{}, () => {}]) {
      let kept: Span | undefined;
      const thenable = Object.assign(shape, {
        // biome-ignore lint/suspicious/noThenProperty: the point of the test
        then(resolve: (value: number) => unknown) {
          return Promise.resolve(resolve(7));
        },
      });
      const result = tracing.trace("thenable", (span) => {
        kept = span;
        return thenable;
      });

      await result;
      expect(kept?.finished).toBe(true);
    }
  });

  test("leaves a thenable that throws to the caller, and ends the span as failed", () => {
    let kept: Span | undefined;
    const broken = {
      // biome-ignore lint/suspicious/noThenProperty: the point of the test
      then() {
        throw new Error("broken");
      },
    };
    const result = tracing.trace("broken", (span) => {
      kept = span;
      return broken;
    });

    expect(result).toBe(broken);
    expect(kept?.finished).toBe(true);
    expect(kept?.getTag("error.message")).toBe("broken");
  });

  test("returns a value whose properties cannot be read", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    let kept: Span | undefined;

    expect(
      tracing.trace("proxy", (span) => {
        kept = span;
        return proxy;
      }) === proxy,
    ).toBe(true);
    expect(kept?.finished).toBe(true);
  });

  test("may be ended by the function itself, which counts as twice", () => {
    expect(counted(() => tracing.trace("early", (span) => span.finish()))).toEqual({
      span_finished_twice: 1,
    });
  });

  test("without a function starts nothing, returns nothing and is counted", () => {
    const { created } = tracing.health().spans;
    const counts = counted(() => {
      expect(tracing.trace("none", {}, undefined as never)).toBeUndefined();
      expect(tracing.trace("none", "text" as never)).toBeUndefined();
    });

    expect(counts).toEqual({ call_without_function: 2 });
    expect(tracing.health().spans.created).toBe(created);
  });
});

describe("withSpan", () => {
  test("makes a span active, across awaits too, and leaves it open", async () => {
    const span = tracing.startSpan("outer");
    const result = await tracing.withSpan(span, async () => {
      await setImmediate();
      return tracing.getCurrentSpan();
    });

    expect(result).toBe(span);
    expect(span.finished).toBe(false);
    expect(tracing.getCurrentSpan()).toBeUndefined();
    span.finish();
  });

  test("throws on what the function throws, without marking the span", () => {
    const span = tracing.startSpan("outer");
    const reason = new Error("x");

    expect(() =>
      tracing.withSpan(span, () => {
        throw reason;
      }),
    ).toThrow(reason);
    expect(span.getTag("error")).toBeUndefined();
    expect(tracing.getCurrentSpan()).toBeUndefined();
    span.finish();
  });

  test("runs the function all the same when it is given no span of this client", () => {
    for (const value of [undefined, null, {}, "text"]) {
      let result: unknown;
      const counts = counted(() => {
        result = tracing.withSpan(value as never, () => "ran");
      });
      expect(result).toBe("ran");
      expect(counts).toEqual({ invalid_span: 1 });
    }
  });

  test("without a function does nothing and is counted", () => {
    const span = tracing.startSpan("outer");

    expect(counted(() => tracing.withSpan(span, undefined as never))).toEqual({
      call_without_function: 1,
    });
    span.finish();
  });
});

test("runAndFinish ends any span once, in the order of the work", async () => {
  const calls: string[] = [];
  const span = {
    setError: (error: unknown) => calls.push(`error ${error}`),
    finish: () => calls.push("finish"),
  } as unknown as Span;

  expect(runAndFinish(span, (given) => given === span)).toBe(true);
  expect(calls.splice(0)).toEqual(["finish"]);
  expect(() =>
    runAndFinish(span, () => {
      throw "thrown";
    }),
  ).toThrow("thrown");
  expect(calls.splice(0)).toEqual(["error thrown", "finish"]);
  await runAndFinish(span, async () => calls.push("work"));
  expect(calls.splice(0)).toEqual(["work", "finish"]);
  await expect(runAndFinish(span, () => Promise.reject("rejected"))).rejects.toBe("rejected");
  expect(calls).toEqual(["error rejected", "finish"]);
});

describe("the baggage of a span", () => {
  test("is that of its context, also of a decorated span and of one of another copy", () => {
    const above = tracing.startSpan("above", { childOf: null, baggage: { tenant: "acme" } });
    const span = tracing.startSpan("below", { childOf: above, baggage: { channel: "chat" } });
    const elsewhere = { context: () => span.context() } as Span;

    for (const each of [span, new SpanDecorator(span), elsewhere]) {
      expect(spanBaggage(each)).toEqual({ tenant: "acme", channel: "chat" });
      expect(spanBaggage(each)).toEqual(each.context().baggage);
    }
    for (const each of [span, above]) each.finish();
  });
});

test("what is no span has no baggage, and one that cannot be read has none either", () => {
  const broken = {
    context() {
      throw new Error("no context");
    },
  };
  for (const value of [undefined, {}, "span", broken]) {
    expect(spanBaggage(value as unknown as Span)).toBeUndefined();
  }
});

describe("the owner of a span", () => {
  test("is that of the nearest span above it that names one", () => {
    const [desk, clerk] = [{ name: "desk" }, { name: "clerk" }];
    const above = tracing.startSpan("above", { childOf: null });
    const owned = tracing.startSpan("owned", { childOf: above, owner: desk });
    const below = tracing.startSpan("below", { childOf: owned });
    const other = tracing.startSpan("other", { childOf: below, owner: clerk });

    expect([above, owned, below, other].map(spanOwner)).toEqual([undefined, desk, desk, clerk]);
    tracing.withSpan(below, () => {
      expect(spanOwner(tracing.getCurrentSpan())).toBe(desk);
      tracing.trace("active", (span) => expect(spanOwner(span)).toBe(desk));
      tracing.trace("new", { childOf: null }, (span) => expect(spanOwner(span)).toBeUndefined());
    });
    for (const span of [other, below, owned, above]) span.finish();
  });

  test("is nobody for what is no span of this package", () => {
    expect(spanOwner(undefined)).toBeUndefined();
    expect(spanOwner({} as Span)).toBeUndefined();
    expect(spanOwner("span" as unknown as Span)).toBeUndefined();
  });

  test("does not travel to another process", () => {
    const span = tracing.startSpan("sender", { childOf: null, owner: { name: "desk" } });
    const context = tracing.extractContext(tracing.injectContext({}, span));
    const receiver = tracing.startSpan("receiver", { childOf: context });

    expect(spanOwner(receiver)).toBeUndefined();
    for (const open of [receiver, span]) open.finish();
  });
});
