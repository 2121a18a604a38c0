import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { Diagnostics, type Logger, SocketError, silentLogger } from "../src/index.ts";
import { recordingLogger } from "./support/recording-logger.ts";

describe("a fault", () => {
  test("is counted, handed to onError, remembered and logged without its cause", () => {
    const logger = recordingLogger();
    const errors: Error[] = [];
    const diagnostics = new Diagnostics(
      logger,
      (error) => errors.push(error),
      () => 1_700_000_000_000,
    );
    const error = new SocketError("The connection broke.", { cause: new Error("hunter2") });

    diagnostics.fault("socket", error);

    expect(diagnostics.counts()).toEqual({ socket: 1 });
    expect(errors).toEqual([error]);
    expect(diagnostics.lastError()).toEqual({
      message: "The connection broke.",
      time: 1_700_000_000_000,
    });
    expect(logger.lines).toEqual(["ERROR SocketError: The connection broke."]);
  });

  test("needs no onError", () => {
    const diagnostics = new Diagnostics(silentLogger, undefined);

    diagnostics.fault("socket", new Error("x"));

    expect(diagnostics.counts()).toEqual({ socket: 1 });
  });

  test("with a very long message is cut", () => {
    const logger = recordingLogger();
    const diagnostics = new Diagnostics(logger, undefined);

    diagnostics.fault("socket", new Error("x".repeat(50_000)));

    expect(diagnostics.lastError()?.message).toHaveLength(1_000);
    expect(logger.lines[0]?.length).toBeLessThan(1_100);
  });

  test("whose error cannot be read is still counted and handed over", () => {
    const errors: Error[] = [];
    const diagnostics = new Diagnostics(silentLogger, (error) => errors.push(error));
    const error = Object.defineProperty(new Error("x"), "message", {
      get() {
        throw new Error("getter");
      },
    });

    diagnostics.fault("socket", error);

    expect(diagnostics.counts()).toEqual({ socket: 1 });
    expect(errors).toEqual([error]);
    expect(diagnostics.lastError()?.message).toBe("The error could not be read.");
  });
});

describe("onError", () => {
  test("may throw", () => {
    const diagnostics = new Diagnostics(silentLogger, () => {
      throw new Error("handler");
    });

    diagnostics.fault("socket", new Error("x"));
    diagnostics.fault("socket", new Error("x"));

    expect(diagnostics.counts()).toEqual({ socket: 2, on_error_threw: 2 });
  });

  test("may be asynchronous and reject, without an unhandled rejection", async () => {
    const diagnostics = new Diagnostics(silentLogger, async () => {
      throw new Error("handler");
    });

    diagnostics.fault("socket", new Error("x"));
    await setImmediate();

    expect(diagnostics.counts()).toEqual({ socket: 1, on_error_threw: 1 });
  });

  test("is not called for a fault that it causes itself, but for the next one", () => {
    let calls = 0;
    const diagnostics = new Diagnostics(silentLogger, () => {
      calls += 1;
      diagnostics.fault("inner", new Error("inner"));
    });

    diagnostics.fault("outer", new Error("outer"));
    diagnostics.fault("outer", new Error("outer"));

    expect(calls).toBe(2);
    expect(diagnostics.counts()).toEqual({ outer: 2, inner: 2 });
  });
});

describe("counts", () => {
  test("add up and are a copy", () => {
    const diagnostics = new Diagnostics(silentLogger, undefined);
    diagnostics.count("a");
    diagnostics.count("a", 4);
    const before = diagnostics.counts();
    diagnostics.count("b");

    expect(before).toEqual({ a: 5 });
    expect(diagnostics.counts()).toEqual({ a: 5, b: 1 });
  });

  test("of more than 256 reasons are gathered under other_reasons, so that the sum is right", () => {
    const diagnostics = new Diagnostics(silentLogger, undefined);
    for (let index = 0; index < 1_000; index += 1) diagnostics.count(`reason-${index}`);
    diagnostics.count("reason-0");

    const counts = diagnostics.counts();
    expect(Object.keys(counts)).toHaveLength(256);
    expect(counts["reason-0"]).toBe(2);
    expect(counts["other_reasons"]).toBe(745);
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(1_001);
  });

  test("under __proto__ are ordinary counts", () => {
    const diagnostics = new Diagnostics(silentLogger, undefined);
    diagnostics.count("__proto__");

    expect(Object.entries(diagnostics.counts())).toEqual([["__proto__", 1]]);
  });
});

describe("the log", () => {
  function logged(): { diagnostics: Diagnostics; lines: string[]; clock: { now: number } } {
    const clock = { now: 1_000_000 };
    const logger = recordingLogger();
    const diagnostics = new Diagnostics(logger, undefined, () => clock.now);
    return { diagnostics, lines: logger.lines, clock };
  }

  test("counts the faults and warnings that it has not said, and nothing else that it has not", () => {
    const { diagnostics } = logged();
    for (let index = 0; index < 25; index += 1) {
      diagnostics.info("line");
      diagnostics.warnOnce(`topic ${index}`, "line");
    }
    expect(diagnostics.counts()).toEqual({ log_lines_suppressed: 15 });

    diagnostics.fault("socket", new Error("gone"));
    expect(diagnostics.counts()).toEqual({ log_lines_suppressed: 16, socket: 1 });
  });

  test("takes ten lines a minute and says later how many it left out", () => {
    const { diagnostics, lines, clock } = logged();
    for (let index = 0; index < 25; index += 1) diagnostics.info(`line ${index}`);

    expect(lines).toHaveLength(10);

    clock.now += 59_999;
    diagnostics.info("too early");
    expect(lines).toHaveLength(10);

    clock.now += 1;
    diagnostics.info("next window");
    diagnostics.info("and after");
    expect(lines.slice(10)).toEqual(["INFO next window (16 lines suppressed)", "INFO and after"]);
  });

  test("has room of its own for what goes wrong, for what goes on, and for details", () => {
    const logger = recordingLogger();
    const traced: string[] = [];
    const withTrace = { ...logger, trace: (line: string) => void traced.push(line) };
    const diagnostics = new Diagnostics(withTrace, undefined, () => 0, true);
    for (let index = 0; index < 2_000; index += 1) {
      diagnostics.debug(() => "a span");
      diagnostics.trace(() => "a payload");
      diagnostics.info("a flush");
    }
    diagnostics.warnOnce("a", "first");
    for (let index = 0; index < 20; index += 1) diagnostics.fault("x", new SocketError("gone"));

    const count = (level: string) => logger.lines.filter((line) => line.startsWith(level)).length;
    expect([count("ERROR"), count("WARN"), count("INFO")]).toEqual([9, 1, 10]);
    expect([count("DEBUG"), traced.length]).toEqual([500, 500]);
  });

  test("survives a detail whose text cannot be made", () => {
    const diagnostics = new Diagnostics(silentLogger, undefined, Date.now, true);
    const fails = () => {
      throw new Error("no id");
    };
    diagnostics.debug(fails);
    diagnostics.trace(fails);

    expect(diagnostics.counts()).toEqual({ detail_unreadable: 2 });
  });

  test("does not even make the text of a detail that nobody wants, and needs no method for it", () => {
    const { diagnostics, lines } = logged();
    const never = () => {
      throw new Error("made");
    };
    diagnostics.debug(never);
    diagnostics.trace(never);
    const detailed = new Diagnostics(silentLogger, undefined, Date.now, true);
    detailed.trace(() => "a payload");

    expect(lines).toEqual([]);
    expect(diagnostics.counts()).toEqual({});
    expect(detailed.counts()).toEqual({});
  });

  test("goes on when the clock is set back", () => {
    const { diagnostics, lines, clock } = logged();
    for (let index = 0; index < 10; index += 1) diagnostics.info("line");
    clock.now -= 3_600_000;
    diagnostics.info("after");

    expect(lines.at(-1)).toBe("INFO after");
  });

  test("says a topic once, however often it comes up", () => {
    const { diagnostics, lines } = logged();
    diagnostics.warnOnce("a", "first");
    diagnostics.warnOnce("a", "again");
    diagnostics.warnOnce("b", "other");

    expect(lines).toEqual(["WARN first", "WARN other"]);
  });

  test("remembers a bounded number of topics", () => {
    const { diagnostics, lines, clock } = logged();
    for (let index = 0; index < 300; index += 1) {
      clock.now += 60_000;
      diagnostics.warnOnce(`topic ${index}`, `line ${index}`);
    }

    expect(lines).toHaveLength(256);
  });

  test("keeps the logger's own this, and survives one that throws, rejects or lacks a method", async () => {
    const seen: unknown[] = [];
    const logger = {
      ...silentLogger,
      warn(this: unknown) {
        seen.push(this);
        throw new Error("logger");
      },
      info: (async () => {
        throw new Error("logger");
      }) as Logger["info"],
    };
    const diagnostics = new Diagnostics(logger, undefined);

    diagnostics.warnOnce("a", "line");
    diagnostics.info("line");
    await setImmediate();
    new Diagnostics({} as Logger, undefined).info("line");

    expect(seen).toEqual([logger]);
    expect(diagnostics.counts()).toEqual({ logger_threw: 2 });
  });
});
