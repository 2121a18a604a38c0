import { ConnectionError } from "../errors/connection-error.ts";
import type { Logger } from "../ports/logger.ts";
import { LogBudget } from "./log-budget.ts";

/** Counts of faults and refusals by reason, since start. */
export type FaultCounts = Readonly<Record<string, number>>;

/** The last fault that was reported. */
export interface LastError {
  /** What happened, in words, cut to 1,000 characters. */
  readonly message: string;
  /** When (ms since the epoch). */
  readonly time: number;
}

const maximumReasons = 256;
const maximumMessageLength = 1_000;

/** Lines a minute. Each group has its own, so that what goes on does not crowd out what goes wrong. */
const linesPerMinute = { faults: 10, information: 10, details: 1_000 } as const;

type Level = "error" | "warn" | "info" | "debug" | "trace";

/**
 * The one place that faults go after start-up: counted by reason, handed to `onError`, and logged at a bounded rate, in
 * five levels: `error` for an Agent that cannot be reached, `warn` for what was dropped or is wrong, `info` for start,
 * flush and shutdown, and where details are asked for, `debug` for spans and `trace` for payloads. Nothing here can
 * throw.
 */
export class Diagnostics {
  readonly #logger: Logger;
  readonly #onError: ((error: Error) => void) | undefined;
  readonly #now: () => number;
  readonly #budgets: Readonly<Record<Level, LogBudget>>;
  readonly #counts = new Map<string, number>();
  readonly #said = new Set<string>();
  #observer: ((reason: string) => void) | undefined;
  #lastError: LastError | undefined;
  #isReporting = false;
  /** Whether `debug` and `trace` say anything; asked first where a message comes with every span. */
  readonly isDetailed: boolean;

  /**
   * Counts faults from now on.
   *
   * @param logger Takes what is said, at a bounded rate.
   * @param onError Told of every fault; what it throws is ignored.
   * @param now The time of day (ms since the epoch). @default Date.now
   * @param isDetailed Whether `debug` and `trace` say anything. @default false
   */
  constructor(
    logger: Logger,
    onError: ((error: Error) => void) | undefined,
    now: () => number = Date.now,
    isDetailed: boolean = false,
  ) {
    this.isDetailed = isDetailed;
    this.#logger = logger;
    this.#onError = onError;
    this.#now = now;
    const faults = new LogBudget(linesPerMinute.faults, now);
    const information = new LogBudget(linesPerMinute.information, now);
    const details = new LogBudget(linesPerMinute.details, now);
    this.#budgets = {
      error: faults,
      warn: faults,
      info: information,
      debug: details,
      trace: details,
    };
  }

  /**
   * Reports a fault.
   *
   * @param error Its own message must already be free of user data; its cause is not logged.
   */
  fault(reason: string, error: Error): void {
    this.count(reason);
    const { name, message } = describe(error);
    this.#lastError = { message, time: this.#now() };
    this.#handOver(error);
    this.#write(ConnectionError.isInstance(error) ? "error" : "warn", `${name}: ${message}`);
  }

  /** Counts something that was refused or corrected, without a message; at most 256 different reasons. */
  count(reason: string, times = 1): void {
    const isRoom = this.#counts.has(reason) || this.#counts.size < maximumReasons - 1;
    const key = isRoom ? reason : "other_reasons";
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + times);
    this.#observer?.(key);
  }

  /** Tells a function of every reason that is counted; it must not throw. */
  observe(observer: (reason: string) => void): void {
    this.#observer = observer;
  }

  /** Says something once, however often it happens. */
  warnOnce(topic: string, message: string): void {
    if (this.#said.has(topic) || this.#said.size >= maximumReasons) return;
    this.#said.add(topic);
    this.#write("warn", message);
  }

  /** Says what the client does: start, flush, shutdown. */
  info(message: string): void {
    this.#write("info", message);
  }

  /** Says what happens to one span. @param message Made only where details are asked for. */
  debug(message: () => string): void {
    if (this.isDetailed) this.#attempt("detail_unreadable", () => this.#write("debug", message()));
  }

  /** Says what happens to one payload, and nothing of its content. @param message As of {@link debug}. */
  trace(message: () => string): void {
    if (this.isDetailed) this.#attempt("detail_unreadable", () => this.#write("trace", message()));
  }

  /** Faults and refusals by reason, since start. */
  counts(): FaultCounts {
    return Object.fromEntries(this.#counts);
  }

  /** The newest fault; `undefined` while there was none. */
  lastError(): LastError | undefined {
    return this.#lastError;
  }

  #handOver(error: Error): void {
    // A handler that causes a fault itself must not be called for that one, or it would never end.
    if (this.#onError === undefined || this.#isReporting) return;
    this.#isReporting = true;
    this.#attempt("on_error_threw", () => this.#onError?.(error));
    this.#isReporting = false;
  }

  #write(level: Level, message: string): void {
    const allowance = this.#budgets[level].take();
    if (allowance === undefined) {
      // Only what goes wrong and is not said is worth a look at the counts.
      if (level === "error" || level === "warn") this.count("log_lines_suppressed");
      return;
    }
    const note = allowance.suppressed > 0 ? ` (${allowance.suppressed} lines suppressed)` : "";
    this.#attempt("logger_threw", () => this.#logger[level]?.(`${message}${note}`));
  }

  /** Runs what belongs to the user; an asynchronous one that rejects must not end the process. */
  #attempt(reason: string, run: () => unknown): void {
    try {
      const result = run();
      if (result instanceof Promise) result.catch(() => this.count(reason));
    } catch {
      this.count(reason);
    }
  }
}

function describe(error: Error): { readonly name: string; readonly message: string } {
  try {
    const { name, message } = error;
    return { name: String(name), message: String(message).slice(0, maximumMessageLength) };
  } catch {
    return { name: "Error", message: "The error could not be read." };
  }
}
