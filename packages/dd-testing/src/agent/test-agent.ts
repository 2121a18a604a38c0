import type { AgentRecordKind } from "./agent-records.ts";
import type { ReceivedEvent } from "./dogstatsd/parse-event.ts";
import type { ReceivedMetric } from "./dogstatsd/parse-metric.ts";
import type { ReceivedServiceCheck } from "./dogstatsd/parse-service-check.ts";
import type { FailMode, FailOptions } from "./fail-mode.ts";
import type { ReceivedEvaluation } from "./intake/evaluation.ts";
import type { ReceivedLlmobsSpan } from "./intake/llmobs-span.ts";
import type { ReceivedLog } from "./intake/log-record.ts";
import type { ReceivedOtlpMetric } from "./otlp/decode-otlp-metrics.ts";
import type { CheckFailure, RecordedRequest, Rejection } from "./recorded-request.ts";
import type { ReceivedTrace } from "./traces/group-traces.ts";
import type { ReceivedSpan } from "./traces/received-span.ts";
import type { WaitCondition } from "./wait-condition.ts";
import type { WaitOptions } from "./wait-for-records.ts";

/**
 * An embedded Datadog Agent on loopback. Every list is a new array, oldest first, of what arrived since
 * the start or the last `clear()` and still fits the limits.
 */
export interface TestAgent {
  /** Base URL of the trace receiver, without a trailing slash. */
  readonly url: string;
  /** UDP port of DogStatsD on 127.0.0.1. */
  readonly dogstatsdPort: number;
  /** `DD_*` variables that point a child process at this agent; spread them over its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** APM spans in order of arrival. */
  spans(): ReceivedSpan[];
  /** The same spans by trace, across payloads and processes; in a trace they are ordered by start. */
  traces(): ReceivedTrace[];
  /** DogStatsD metrics, one per message. */
  metrics(): ReceivedMetric[];
  /** OTLP metrics, one for each point. */
  otlpMetrics(): ReceivedOtlpMetric[];
  /** DogStatsD events. */
  events(): ReceivedEvent[];
  /** DogStatsD service checks. */
  serviceChecks(): ReceivedServiceCheck[];
  /** LLM Observability spans. */
  llmobsSpans(): ReceivedLlmobsSpan[];
  /** LLM Observability evaluations and feedback. */
  evaluations(): ReceivedEvaluation[];
  /** Log records. */
  logs(): ReceivedLog[];
  /** Every HTTP request that was read or reset. */
  requests(): RecordedRequest[];
  /** What was refused, and why. */
  rejections(): Rejection[];
  /** What was accepted although it breaks a rule of Datadog's own test agent. */
  checkFailures(): CheckFailure[];
  /** How many records each limit has let go. */
  discarded(): Record<AgentRecordKind, number>;
  /**
   * Waits until something has arrived. It looks after every payload and datagram, it does not poll.
   *
   * @param condition Numbers or predicates by kind, or a predicate over the whole agent.
   * @throws WaitTimeoutError when it has not arrived in time or the agent stops; the message shows what did.
   * @throws TypeError for a condition that names no known kind, RangeError for a time out of range.
   */
  waitFor(
    condition: WaitCondition | ((agent: TestAgent) => boolean | Promise<boolean>),
    options?: WaitOptions,
  ): Promise<void>;
  /**
   * Switches a fault on, or off with `null`.
   *
   * @throws TypeError or RangeError for a mode that does not exist.
   * @throws Error when the port of a refused connection was taken by another process meanwhile.
   */
  fail(mode: FailMode | null, options?: FailOptions): Promise<void>;
  /**
   * Calls `listener` after every payload and datagram, whether it was kept or refused.
   *
   * @returns The way to stop that.
   */
  subscribe(listener: () => void): () => void;
  /** Forgets everything that arrived and all counts; the fault stays. */
  clear(): void;
  /** Closes every socket. May be called any number of times. */
  stop(): Promise<void>;
  /** The same as `stop`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
