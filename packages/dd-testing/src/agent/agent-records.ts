import type { ResolvedAgentOptions } from "./agent-options.ts";
import { BoundedList } from "./bounded-list.ts";
import type { ReceivedEvent } from "./dogstatsd/parse-event.ts";
import type { ReceivedMetric } from "./dogstatsd/parse-metric.ts";
import type { ReceivedServiceCheck } from "./dogstatsd/parse-service-check.ts";
import type { ReceivedEvaluation } from "./intake/evaluation.ts";
import type { ReceivedLlmobsSpan } from "./intake/llmobs-span.ts";
import type { ReceivedLog } from "./intake/log-record.ts";
import type { ReceivedOtlpMetric } from "./otlp/decode-otlp-metrics.ts";
import type { CheckFailure, RecordedRequest, Rejection } from "./recorded-request.ts";
import type { ReceivedSpan } from "./traces/received-span.ts";

/** Everything the embedded Agent keeps, by kind. */
export interface AgentRecordKinds {
  /** APM spans, from every traces endpoint. */
  readonly spans: ReceivedSpan;
  /** DogStatsD metrics, one for each message. */
  readonly metrics: ReceivedMetric;
  /** Metrics sent by OTLP over HTTP. */
  readonly otlpMetrics: ReceivedOtlpMetric;
  /** DogStatsD events. */
  readonly events: ReceivedEvent;
  /** DogStatsD service checks. */
  readonly serviceChecks: ReceivedServiceCheck;
  /** Spans of LLM Observability. */
  readonly llmobsSpans: ReceivedLlmobsSpan;
  /** Evaluations and feedback of LLM Observability. */
  readonly evaluations: ReceivedEvaluation;
  /** Log records sent to the logs intake. */
  readonly logs: ReceivedLog;
  /** HTTP requests, whatever came of them. */
  readonly requests: RecordedRequest;
  /** Payloads and messages that were not accepted. */
  readonly rejections: Rejection;
  /** Accepted payloads that break a rule of Datadog's own test agent. */
  readonly checkFailures: CheckFailure;
}

/** The name of one kind of record. */
export type AgentRecordKind = keyof AgentRecordKinds;

/** The bounded lists of everything that arrived, and who wants to hear of it. */
export class AgentRecords {
  readonly #lists: { readonly [Kind in AgentRecordKind]: BoundedList<AgentRecordKinds[Kind]> };
  readonly #listeners: Set<() => void> = new Set();

  constructor(options: ResolvedAgentOptions) {
    const { maxBytes, maxRequests } = options;
    this.#lists = {
      spans: new BoundedList(options.maxSpans, maxBytes),
      metrics: new BoundedList(options.maxMetrics, maxBytes),
      otlpMetrics: new BoundedList(options.maxMetrics, maxBytes),
      events: new BoundedList(options.maxEvents, maxBytes),
      serviceChecks: new BoundedList(options.maxServiceChecks, maxBytes),
      llmobsSpans: new BoundedList(options.maxLlmobsSpans, maxBytes),
      evaluations: new BoundedList(options.maxEvaluations, maxBytes),
      logs: new BoundedList(options.maxLogs, maxBytes),
      requests: new BoundedList(maxRequests, maxBytes),
      rejections: new BoundedList(maxRequests, maxBytes),
      checkFailures: new BoundedList(maxRequests, maxBytes),
    };
  }

  /**
   * Keeps one record.
   *
   * @param bytes Its size on the wire.
   */
  add<Kind extends AgentRecordKind>(
    kind: Kind,
    record: AgentRecordKinds[Kind],
    bytes: number,
  ): void {
    this.#lists[kind].push(record, bytes);
  }

  values<Kind extends AgentRecordKind>(kind: Kind): AgentRecordKinds[Kind][] {
    return this.#lists[kind].values();
  }

  /** How many records of a kind arrived, kept or not. */
  arrived(kind: AgentRecordKind): number {
    const list = this.#lists[kind];
    return list.size + list.discarded;
  }

  /** How many records of each kind are kept and how many were let go. */
  counts(): Record<AgentRecordKind, { kept: number; discarded: number }> {
    const count = (list: BoundedList<unknown>) => ({ kept: list.size, discarded: list.discarded });
    const lists = this.#lists;
    return {
      spans: count(lists.spans),
      metrics: count(lists.metrics),
      otlpMetrics: count(lists.otlpMetrics),
      events: count(lists.events),
      serviceChecks: count(lists.serviceChecks),
      llmobsSpans: count(lists.llmobsSpans),
      evaluations: count(lists.evaluations),
      logs: count(lists.logs),
      requests: count(lists.requests),
      rejections: count(lists.rejections),
      checkFailures: count(lists.checkFailures),
    };
  }

  clear(): void {
    for (const list of Object.values(this.#lists)) list.clear();
  }

  /** Tells the listeners that a payload or datagram has been taken in completely. */
  notify(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /** Calls `listener` after each payload or datagram; returns the way to stop that. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}
