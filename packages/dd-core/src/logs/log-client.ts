import type { CorrelationIds } from "./log-correlation.ts";

/** What the log adapters need of a client; `createTracing` and `createClient` satisfy it. */
export interface LogClient {
  /** Returns a guarded copy of a log record with the fields that join it to its trace. */
  injectTraceContext<R extends object>(record: R): R & Partial<CorrelationIds>;
}

/** Where finished log lines go; a stream or a file satisfies it. */
export interface LogDestination {
  /** Takes one finished line; what it returns is ignored. */
  write(line: string): unknown;
}

/** Standard output, looked up at every line, so that a test or a host can replace it. */
export const standardOutput: LogDestination = {
  write: (line) => process.stdout.write(line),
};

/** Writes a guarded record as one line of JSON; what the destination throws stays here. */
export function writeRecord(
  client: LogClient,
  destination: LogDestination,
  record: () => object,
): void {
  try {
    destination.write(`${JSON.stringify(client.injectTraceContext(record()))}\n`);
  } catch {
    // A log line that cannot be written must not become an error of the application.
  }
}
