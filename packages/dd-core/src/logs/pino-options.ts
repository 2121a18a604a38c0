import type { LogClient } from "./log-client.ts";
import type { CorrelationIds } from "./log-correlation.ts";

/** The part of pino's options that {@link pinoOptions} fills. */
export interface PinoOptions {
  /** Adds the correlation fields of the span that is active when a line is logged. */
  readonly mixin: () => Partial<CorrelationIds>;
  /** The hook by which pino hands over each finished line. */
  readonly hooks: {
    /** Guards the finished line: message, fields, child bindings and what serializers made. */
    readonly streamWrite: (line: string) => string;
  };
}

/**
 * Options for pino 9.1 or later (`hooks.streamWrite`, https://getpino.io/#/docs/api?id=hooks-object): every line
 * carries the correlation fields and is guarded as tags are. For an older pino use its `mixin` alone.
 *
 * @param client A client of `createTracing` or `createClient`.
 * @example
 * ```ts
 * import { createTracing, pinoOptions } from "@llmdevops/dd-core";
 * import { pino } from "pino";
 *
 * const tracing = createTracing({ service: "checkout" });
 * const logger = pino({ level: "info", ...pinoOptions(tracing) });
 * tracing.trace("order.place", () => logger.info({ lines: 3 }, "placed"));
 * ```
 */
export function pinoOptions(client: LogClient): PinoOptions {
  return {
    mixin: () => client.injectTraceContext({}),
    hooks: { streamWrite: (line) => guardedLine(client, line) },
  };
}

function guardedLine(client: LogClient, line: string): string {
  try {
    const record: unknown = JSON.parse(line);
    if (typeof record === "object" && record !== null) {
      return `${JSON.stringify(client.injectTraceContext(record))}\n`;
    }
  } catch {
    // Not JSON, as with a custom formatter: guarded as text below.
  }
  return client.injectTraceContext({ message: line }).message;
}
