import type { RedactionReport } from "@llmdevops/dd-redaction";
import type { ConfigurationReport } from "../configuration/configuration-report.ts";
import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import type { HealthReport } from "../tracing/flush-report.ts";

/** Where the lines of the audit log go: a file's stream, or whatever keeps them. */
export interface AuditSink {
  /** Takes one line of JSON, its line feed included. */
  write(line: string): unknown;
}

/** At most one line in this time for each kind of drop; the last line has the sum. */
const quietMs = 1_000;
const breakerPrefix = "agent_breaker_";
const dropPrefix = "link_dropped_";

/**
 * Writes what an auditor asks for as lines of JSON: the start with its configuration, changes of the breaker, drops,
 * what was redacted, the shutdown with its sums. It holds no value of the application and never throws.
 */
export class AuditLog {
  readonly #sink: AuditSink;
  readonly #diagnostics: Diagnostics;
  readonly #redactions: () => RedactionReport;
  readonly #now: () => number;
  readonly #lastDrop = new Map<string, number>();

  constructor(
    sink: AuditSink,
    diagnostics: Diagnostics,
    redactions: () => RedactionReport,
    now: () => number = Date.now,
  ) {
    this.#sink = sink;
    this.#diagnostics = diagnostics;
    this.#redactions = redactions;
    this.#now = now;
    diagnostics.observe((reason) => this.#counted(reason));
  }

  /** Records that a client has started, and with which settings. */
  started(configuration: ConfigurationReport): void {
    this.#write("start", { pid: process.pid, configuration: configuration.settings });
  }

  /** Written once for each shutdown. */
  ended({ totals, faults }: Pick<HealthReport, "totals" | "faults">): void {
    this.#write("redaction", { report: this.#redactions() });
    this.#write("shutdown", { spans: totals, faults });
  }

  #counted(reason: string): void {
    if (reason.startsWith(breakerPrefix)) {
      this.#write("breaker", { state: reason.slice(breakerPrefix.length) });
    } else if (reason.startsWith(dropPrefix)) this.#dropped(reason);
  }

  #dropped(reason: string): void {
    const now = this.#now();
    const last = this.#lastDrop.get(reason);
    if (last !== undefined && now >= last && now - last < quietMs) return;
    this.#lastDrop.set(reason, now);
    const payloads = this.#diagnostics.counts()[reason];
    this.#write("drop", { reason: reason.slice(dropPrefix.length), payloads });
  }

  #write(event: string, fields: object): void {
    const failed = () => this.#diagnostics.count("audit_sink_failed");
    try {
      const time = new Date(this.#now()).toISOString();
      const result = this.#sink.write(`${JSON.stringify({ time, event, ...fields })}\n`);
      if (result instanceof Promise) result.catch(failed);
    } catch {
      failed();
    }
  }
}
