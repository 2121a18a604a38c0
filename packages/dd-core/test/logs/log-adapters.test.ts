import { PassThrough, Readable, Transform } from "node:stream";
import { createLogger as createBunyan } from "bunyan";
import { pino } from "pino";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { createLogger as createWinston, format, transports } from "winston";
import {
  bunyanStream,
  createJSONLogger,
  type LogDestination,
  pinoOptions,
  winstonFormat,
} from "../../src/index.ts";
import { startRealTracing } from "../support/real-tracing.ts";

const { tracing, intake } = await startRealTracing();
afterAll(() => intake.stop());

let lines: string[] = [];
beforeEach(() => {
  lines = [];
});
const destination: LogDestination = { write: (line) => lines.push(line) };

const pinoLogger = pino({ ...pinoOptions(tracing) }, { write: (line) => lines.push(line) });
const winstonOutput = new PassThrough();
winstonOutput.on("data", (chunk) => lines.push(String(chunk)));
const winstonLogger = createWinston({
  format: format.combine(
    format.errors({ stack: true }),
    format.splat(),
    winstonFormat(tracing),
    format.json(),
  ),
  transports: [new transports.Stream({ stream: winstonOutput })],
});
const bunyanLogger = createBunyan({
  name: "checkout",
  streams: [{ level: "info", ...bunyanStream(tracing, destination) }],
});
const jsonLogger = createJSONLogger(tracing, { destination });

interface Adapter {
  readonly info: (message: string, fields: object) => void;
  readonly error: (error: Error) => void;
}

const adapters: Record<string, Adapter> = {
  pino: {
    info: (message, fields) => pinoLogger.info(fields, message),
    error: (error) => pinoLogger.error(error),
  },
  winston: {
    info: (message, fields) => winstonLogger.info(message, fields),
    error: (error) => winstonLogger.error(error),
  },
  bunyan: {
    info: (message, fields) => bunyanLogger.info(fields, message),
    error: (error) => bunyanLogger.error(error),
  },
  "console JSON": {
    info: (message, fields) => jsonLogger.info(message, fields),
    error: (error) => jsonLogger.error("failed", error),
  },
};

function records(): Record<string, unknown>[] {
  return lines.map((line) => {
    expect(line.endsWith("\n")).toBe(true);
    return JSON.parse(line) as Record<string, unknown>;
  });
}

describe.each(Object.entries(adapters))("a line of %s", (_name, adapter) => {
  test("carries the ids of the span that is active, also after an await and inside a stream", async () => {
    const span = tracing.startSpan("logged");
    await tracing.withSpan(span, async () => {
      adapter.info("first", {});
      await new Promise((resolve) => setImmediate(resolve));
      adapter.info("second", {});
      const source = new ReadableStream({ pull: (controller) => controller.close() });
      await source.pipeTo(new WritableStream({ close: () => adapter.info("third", {}) }));
      const upperCase = new Transform({
        transform(chunk, _encoding, done) {
          setTimeout(() => {
            adapter.info("in a transform", {});
            done(null, String(chunk).toUpperCase());
          });
        },
      });
      for await (const chunk of Readable.from(["a"]).pipe(upperCase)) {
        adapter.info(`of a stream: ${chunk}`, {});
      }
    });
    span.finish();

    const ids = {
      "dd.trace_id": span.context().traceIdHex,
      "dd.span_id": span.spanId,
      "dd.service": "checkout",
      "dd.env": "test",
      "dd.version": "1.2.3",
    };
    expect(records()).toEqual(Array.from({ length: 5 }, () => expect.objectContaining(ids)));
    expect(lines.join("")).toContain("of a stream: A");
  });

  test("outside every span names the service and no trace", () => {
    adapter.info("alone", { lines: 3 });

    const [record] = records();
    expect(record).toMatchObject({ "dd.service": "checkout", lines: 3 });
    expect(record).not.toHaveProperty("dd.trace_id");
  });

  test("has no personal data and no credential in message, fields, errors and causes", () => {
    const cause = new Error("asked by eve@example.com");
    adapter.info("mail to ada@example.com", {
      password: "hunter2",
      order: { card: "4111 1111 1111 1111", mail: ["bob@example.com"] },
    });
    adapter.error(new TypeError("no account for carol@example.com", { cause }));

    const text = lines.join("");
    expect(records()).toHaveLength(2);
    expect(text).not.toMatch(/@example\.com|hunter2|4111/);
    expect(text).toContain("mail to [EMAIL_REDACTED]");
    expect(text).toContain("no account for [EMAIL_REDACTED]");
    expect(records()[0]).toMatchObject({ password: "[REDACTED]" });
  });
});

test("pino's child bindings, format arguments and serializers are guarded too", () => {
  const child = pinoLogger.child({ mail: "ada@example.com" });
  child.info("hello %s", "bob@example.com");

  expect(records()[0]).toMatchObject({ mail: "[EMAIL_REDACTED]", msg: "hello [EMAIL_REDACTED]" });
});

test("a line of pino that is no JSON is guarded as text", () => {
  const { streamWrite } = pinoOptions(tracing).hooks;

  expect(streamWrite("ada@example.com said 7\n")).toBe("[EMAIL_REDACTED] said 7\n");
  expect(streamWrite("7")).toBe("7");
});

test("winston keeps its level, and arguments that are filled in later are guarded", () => {
  const record = winstonFormat(tracing).transform({
    level: "info",
    message: "hello %s",
    [Symbol.for("level")]: "info",
    [Symbol.for("splat")]: ["ada@example.com"],
    [Symbol.for("message")]: "mail ada@example.com",
  });

  expect(record[Symbol.for("level")]).toBe("info");
  expect(record[Symbol.for("splat")]).toEqual(["[EMAIL_REDACTED]"]);
  expect(record[Symbol.for("message")]).toBe("mail [EMAIL_REDACTED]");
});

describe("the JSON logger", () => {
  test("writes the attributes that Datadog knows, and fields cannot replace them", () => {
    jsonLogger.warn("slow", { status: "fine", message: "other", durationMs: 7 });

    expect(records()[0]).toMatchObject({ status: "warn", message: "slow", durationMs: 7 });
    expect(records()[0]?.["timestamp"]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  test("describes an error as error tracking reads it", () => {
    jsonLogger.error("failed", new TypeError("no order"));

    expect(records()[0]?.["error"]).toMatchObject({ kind: "TypeError", message: "no order" });
  });

  test("writes nothing below its level, and refuses a level that it does not know", () => {
    const logger = createJSONLogger(tracing, { level: "error", destination });
    logger.warn("not written");
    logger.error("written");
    createJSONLogger(tracing, { level: "trace", destination }).trace("written too");

    expect(records().map(({ message }) => message)).toEqual(["written", "written too"]);
    expect(() => createJSONLogger(tracing, { level: "loud" as "info" })).toThrow(
      expect.objectContaining({ name: "ConfigurationError" }),
    );
  });

  test("never throws, whatever the fields and the destination do", () => {
    const hostile = new Proxy(
      {},
      {
        getPrototypeOf() {
          throw new Error("trap");
        },
      },
    );
    const broken = createJSONLogger(tracing, {
      destination: {
        write: () => {
          throw new Error("closed");
        },
      },
    });

    expect(() => broken.info("lost")).not.toThrow();
    expect(() => jsonLogger.info("odd", hostile)).not.toThrow();
    jsonLogger.info("big", { count: 10n, when: new Date(0), pairs: new Map([["a", 1]]) });
    expect(records().at(-1)).toMatchObject({
      count: "10",
      when: "1970-01-01T00:00:00.000Z",
      pairs: { a: 1 },
    });
  });
});
