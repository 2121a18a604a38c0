import { type LogClient, type LogDestination, standardOutput, writeRecord } from "./log-client.ts";

/** A raw stream of bunyan by shape (https://github.com/trentm/node-bunyan#stream-type-raw). */
export interface BunyanStream {
  /** Asks bunyan for the record itself rather than for its JSON. */
  readonly type: "raw";
  /** Takes each record, guards it and writes it as one line. */
  readonly stream: {
    /** Called by bunyan with each record; never throws. */
    write(record: object): void;
  };
}

/**
 * A stream for bunyan that adds the correlation fields, guards every field and writes lines as bunyan does.
 *
 * bunyan hands a record over within the call that logs it, so the span is the one that is active there.
 *
 * @param client A client of `createTracing` or `createClient`.
 * @param destination Where the lines go. @default standard output
 * @example
 * ```ts
 * import { bunyanStream, createTracing } from "@llmdevops/dd-core";
 * import { createLogger } from "bunyan";
 *
 * const tracing = createTracing({ service: "checkout" });
 * const logger = createLogger({ name: "checkout", streams: [{ level: "info", ...bunyanStream(tracing) }] });
 * tracing.trace("order.place", () => logger.info({ lines: 3 }, "placed"));
 * ```
 */
export function bunyanStream(
  client: LogClient,
  destination: LogDestination = standardOutput,
): BunyanStream {
  return {
    type: "raw",
    stream: { write: (record) => writeRecord(client, destination, () => record) },
  };
}
