import type { OptionNames } from "../configuration/option-names.ts";
import { hasMethod } from "../configuration/option-shapes.ts";
import { readOptions } from "../configuration/read-options.ts";
import { refused } from "../configuration/refusal.ts";
import { warnUnknown } from "../configuration/unknown-options.ts";
import { safeEntries } from "../guard/safe-read.ts";
import { standardErrorLogger } from "../ports/logger.ts";
import { type LogClient, type LogDestination, standardOutput, writeRecord } from "./log-client.ts";

/** The levels of {@link JSONLogger}, the most detailed one first. */
export type LogLevel = "trace" | "debug" | "info" | "warn" | "error";

/** How {@link createJSONLogger} writes. */
export interface JSONLoggerOptions {
  /** The least level that is written. @default "info" */
  readonly level?: LogLevel;
  /** Where the lines go. @default standard output */
  readonly destination?: LogDestination;
}

/** Logs lines of JSON; it is a `Logger` that also takes fields. */
export type JSONLogger = Readonly<Record<LogLevel, (message: string, fields?: object) => void>>;

const names: OptionNames<JSONLoggerOptions> = { level: true, destination: true };
const levels: readonly LogLevel[] = ["trace", "debug", "info", "warn", "error"];

/**
 * Creates a logger for applications that have none: one line of JSON to standard output for each call, with the
 * attributes that Datadog's pipeline knows (`timestamp`, `status`, `message`,
 * https://docs.datadoghq.com/logs/log_configuration/attributes_naming_convention/) and the correlation fields,
 * every field guarded.
 *
 * @param client A client of `createTracing` or `createClient`.
 * @throws {ConfigurationError} When the level is none of the five, or the destination cannot be written to.
 * @example
 * ```ts
 * import { createJSONLogger, createTracing } from "@llmdevops/dd-core";
 *
 * const tracing = createTracing({ service: "checkout" });
 * const logger = createJSONLogger(tracing);
 * tracing.trace("order.place", () => logger.info("placed", { lines: 3 }));
 * ```
 */
export function createJSONLogger(client: LogClient, given: JSONLoggerOptions = {}): JSONLogger {
  const { options, unknown } = readOptions<JSONLoggerOptions>(given, names);
  const { level = "info", destination = standardOutput } = options;
  const least = levels.indexOf(level);
  if (least < 0) {
    throw refused({ option: "level", expected: `one of ${levels.join(", ")}`, given: level });
  }
  if (!hasMethod(destination, "write")) {
    const expected = "an object that has the method write()";
    throw refused({ option: "destination", expected, given: destination });
  }
  warnUnknown(unknown, standardErrorLogger);
  const method = (status: LogLevel) => {
    if (levels.indexOf(status) < least) return () => {};
    return (message: string, fields?: object) =>
      writeRecord(client, destination, () => ({
        ...fieldsOf(fields),
        timestamp: new Date().toISOString(),
        status,
        message,
      }));
  };
  return Object.fromEntries(levels.map((status) => [status, method(status)])) as JSONLogger;
}

/** An error given in place of fields becomes the attributes that Datadog's error tracking reads. */
function fieldsOf(fields: object | undefined): object {
  if (!(fields instanceof Error)) return Object.fromEntries(safeEntries(fields));
  const { name, message, stack, cause } = fields;
  return { error: { kind: name, message, stack, cause } };
}
