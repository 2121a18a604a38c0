import type { Agent } from "node:http";
import type { BreakerOptions } from "./circuit-breaker.ts";
import type { PayloadRoute } from "./payload.ts";
import type { BufferLimits } from "./payload-buffer.ts";
import type { BackoffOptions } from "./retry-delay.ts";

/** How much telemetry may wait while the Agent does not take it. Numbers are whole ones, from 1. */
export interface BufferOptions {
  /**
   * Most spans, LLM Observability events and evaluations that wait, together; the oldest go first.
   * @default 50000
   */
  readonly maxSpans?: number;
  /**
   * Most bytes of encoded payloads that wait.
   * @default 25000000, room for 1,000 spans of the largest size that dd-trace sends
   */
  readonly maxBytes?: number;
  /**
   * Directory that keeps what could not be delivered, also across a crash or restart. It is created when
   * missing, readable by its owner only, and may be shared by several processes.
   * @default none, nothing is written to disk
   */
  readonly spoolDirectory?: string;
  /** Most bytes in the spool directory, up to 1 TiB; the oldest files go first. @default 67108864 */
  readonly maxSpoolBytes?: number;
  /** Oldest file that is still delivered (ms), up to 365 days. @default 86400000 */
  readonly maxSpoolAgeMs?: number;
}

/** How the link behaves when the Agent fails. Times are whole numbers of milliseconds, 1 to 2147483647. */
export interface DeliveryOptions {
  /** How long connecting may take (ms). @default 5000 */
  readonly connectTimeoutMs?: number;
  /** How long the Agent's answer may take (ms). @default 10000 */
  readonly responseTimeoutMs?: number;
  /** Upper bound of the first pause before a retry (ms); it doubles, with full jitter. @default 1000 */
  readonly retryBaseMs?: number;
  /** Upper bound of every pause before a retry (ms). @default 10000 */
  readonly retryCapMs?: number;
  /** Failed attempts in a row after which no more are made for a while, 1 to 1000000. @default 5 */
  readonly breakerFailures?: number;
  /** How long no attempt is made then (ms); afterwards exactly one is. @default 30000 */
  readonly breakerOpenMs?: number;
  /** How often the Agent's `/info` is asked for, at most, while idle or failing (ms). @default 30000 */
  readonly healthIntervalMs?: number;
  /**
   * Whether what is in memory is delivered at the end of the process: natural end, `process.exit`, uncaught
   * exceptions, and SIGTERM and SIGINT where the application has no handler of its own.
   * @default true
   */
  readonly flushOnExit?: boolean;
  /** How long the end of the process may be held up (ms). @default 2000 */
  readonly exitTimeoutMs?: number;
}

/** Both with every default filled in. */
export interface ResolvedLinkOptions extends BufferLimits {
  /** Directory of what could not be delivered; `undefined` writes nothing to disk. */
  readonly spoolDirectory: string | undefined;
  /** Most bytes in the spool directory. */
  readonly maxSpoolBytes: number;
  /** Oldest file that is still delivered (ms). */
  readonly maxSpoolAgeMs: number;
  /** How long connecting may take (ms). */
  readonly connectTimeoutMs: number;
  /** How long the Agent's answer may take (ms). */
  readonly responseTimeoutMs: number;
  /** The pauses before a retry. */
  readonly backoff: BackoffOptions;
  /** When attempts stop for a while. */
  readonly breaker: BreakerOptions;
  /** How often the Agent's `/info` is asked for, at most (ms). */
  readonly healthIntervalMs: number;
  /** Whether what is in memory is delivered at the end of the process. */
  readonly flushOnExit: boolean;
  /** How long the end of the process may be held up (ms). */
  readonly exitTimeoutMs: number;
}

/** Parts of the link that belong to its surroundings. */
export interface LinkEnvironment {
  /** The API key, for what goes to Datadog directly. */
  readonly apiKey: () => string | undefined;
  /** Where a payload from the spool goes today; `undefined` for nowhere. */
  readonly urlFor: (route: Pick<PayloadRoute, "path" | "agentless">) => string | undefined;
  /** The HTTP agent that reaches an address through a proxy. */
  readonly proxyAgent?: (address: string) => Agent | undefined;
  /** Runs the link's own requests so that a tracer of the host does not trace them. */
  readonly untraced?: <T>(fn: () => T) => T;
  /** A clock that never goes back (ms). @default performance.now */
  readonly now?: () => number;
  /** @default Math.random */
  readonly random?: () => number;
}
