import type { Logger } from "../ports/logger.ts";

/** Counts of faults and refusals by reason, since start. */
export type FaultCounts = Readonly<Record<string, number>>;

const maximumReasons = 256;
const linesPerWindow = 10;
const windowMs = 60_000;

/**
 * The one place that faults go after start-up: counted by reason, handed to `onError`, and logged at a bounded
 * rate. Nothing here can throw.
 */
export class Diagnostics {
  readonly #logger: Logger;
  readonly #onError: ((error: Error) => void) | undefined;
  readonly #now: () => number;
  readonly #counts = new Map<string, number>();
  #windowStart = Number.NEGATIVE_INFINITY;
  #linesInWindow = 0;
  #lastError: { readonly message: string; readonly time: number } | undefined;
  readonly #said = new Set<string>();

  constructor(
    logger: Logger,
    onError: ((error: Error) => void) | undefined,
    now: () => number = Date.now,
  ) {
    this.#logger = logger;
    this.#onError = onError;
    this.#now = now;
  }

  /** Reports a fault; the error's own message must already be free of user data. */
  fault(reason: string, error: Error): void {
    this.count(reason);
    this.#lastError = { message: error.message, time: this.#now() };
    try {
      this.#onError?.(error);
    } catch {
      this.count("on_error_threw");
    }
    this.#write("warn", `${error.name}: ${error.message}`);
  }

  /** Counts something that was refused or corrected, without a message. */
  count(reason: string, times = 1): void {
    const known = this.#counts.get(reason);
    if (known === undefined && this.#counts.size >= maximumReasons) return;
    this.#counts.set(reason, (known ?? 0) + times);
  }

  /** Says something once per process, however often it happens. */
  warnOnce(topic: string, message: string): void {
    if (this.#said.has(topic) || this.#said.size >= maximumReasons) return;
    this.#said.add(topic);
    this.#write("warn", message);
  }

  info(message: string): void {
    this.#write("info", message);
  }

  counts(): FaultCounts {
    return Object.fromEntries(this.#counts);
  }

  lastError(): { readonly message: string; readonly time: number } | undefined {
    return this.#lastError;
  }

  #write(level: "warn" | "info", message: string): void {
    const now = this.#now();
    if (now - this.#windowStart >= windowMs) {
      this.#windowStart = now;
      this.#linesInWindow = 0;
    }
    this.#linesInWindow += 1;
    if (this.#linesInWindow > linesPerWindow) {
      this.count("log_lines_suppressed");
      return;
    }
    try {
      this.#logger[level](message);
    } catch {
      this.count("logger_threw");
    }
  }
}
