import type { LogClient } from "./log-client.ts";

/** A format of winston by shape (https://github.com/winstonjs/logform). */
export interface WinstonFormat {
  /** Returns a guarded copy of a record with the fields that join it to its trace. */
  transform<R extends object>(info: R): R;
}

/** What winston itself needs to route a record, unchanged (https://github.com/winstonjs/triple-beam). */
const levelSymbol = Symbol.for("level");
const handedOn = [Symbol.for("message"), Symbol.for("splat")];

/**
 * A winston format that adds the correlation fields and guards every field; it belongs before `json()` and behind
 * `splat()` and `errors()`.
 *
 * @param client A client of `createTracing` or `createClient`.
 * @example
 * ```ts
 * import { createTracing, winstonFormat } from "@llmdevops/dd-core";
 * import { createLogger, format, transports } from "winston";
 *
 * const tracing = createTracing({ service: "checkout" });
 * const logger = createLogger({
 *   format: format.combine(format.splat(), winstonFormat(tracing), format.json()),
 *   transports: [new transports.Console()],
 * });
 * tracing.trace("order.place", () => logger.info("placed", { lines: 3 }));
 * ```
 */
export function winstonFormat(client: LogClient): WinstonFormat {
  return {
    transform(info) {
      const record = client.injectTraceContext(info);
      // A format that runs later may put these into the line.
      for (const key of handedOn) {
        const value: unknown = Reflect.get(info, key);
        if (value !== undefined) Reflect.set(record, key, guarded(client, value));
      }
      const level: unknown = Reflect.get(info, levelSymbol);
      if (level !== undefined) Reflect.set(record, levelSymbol, level);
      return record;
    },
  };
}

function guarded(client: LogClient, value: unknown): unknown {
  return client.injectTraceContext({ value }).value;
}
