import type { ActiveFault } from "./active-fault.ts";
import { agentEnvironment } from "./agent-environment.ts";
import type { AgentRecordKind, AgentRecords } from "./agent-records.ts";
import type { DogstatsdServer } from "./dogstatsd/dogstatsd-server.ts";
import type { ReceivedEvent } from "./dogstatsd/parse-event.ts";
import type { ReceivedMetric } from "./dogstatsd/parse-metric.ts";
import type { ReceivedServiceCheck } from "./dogstatsd/parse-service-check.ts";
import { type FailMode, type FailOptions, resolveFault } from "./fail-mode.ts";
import type { HttpServer } from "./http/http-server.ts";
import type { ReceivedEvaluation } from "./intake/evaluation.ts";
import type { ReceivedLlmobsSpan } from "./intake/llmobs-span.ts";
import type { ReceivedLog } from "./intake/log-record.ts";
import type { ReceivedOtlpMetric } from "./otlp/decode-otlp-metrics.ts";
import type { CheckFailure, RecordedRequest, Rejection } from "./recorded-request.ts";
import { reopen } from "./reopen.ts";
import type { TestAgent } from "./test-agent.ts";
import { groupTraces, type ReceivedTrace } from "./traces/group-traces.ts";
import type { ReceivedSpan } from "./traces/received-span.ts";
import { describeCondition, isSatisfied, type WaitCondition } from "./wait-condition.ts";
import { type WaitOptions, waitForRecords } from "./wait-for-records.ts";

/** The parts an agent is made of. */
export interface AgentParts {
  readonly records: AgentRecords;
  readonly fault: ActiveFault;
  readonly dogstatsd: DogstatsdServer;
  readonly http: HttpServer;
}

/** The agent as its user sees it. */
export class EmbeddedAgent implements TestAgent {
  readonly url: string;
  readonly dogstatsdPort: number;
  readonly env: Readonly<Record<string, string>>;
  readonly #parts: AgentParts;
  readonly #stopping: AbortController = new AbortController();
  /** Faults and stop are applied one after the other, as they open and close ports. */
  #turn: Promise<void> = Promise.resolve();

  constructor(parts: AgentParts) {
    this.#parts = parts;
    this.url = `http://127.0.0.1:${parts.http.port}`;
    this.dogstatsdPort = parts.dogstatsd.port;
    this.env = agentEnvironment(parts.http.port, parts.dogstatsd.port);
  }

  spans(): ReceivedSpan[] {
    return this.#parts.records.values("spans");
  }

  traces(): ReceivedTrace[] {
    return groupTraces(this.spans());
  }

  metrics(): ReceivedMetric[] {
    return this.#parts.records.values("metrics");
  }

  otlpMetrics(): ReceivedOtlpMetric[] {
    return this.#parts.records.values("otlpMetrics");
  }

  events(): ReceivedEvent[] {
    return this.#parts.records.values("events");
  }

  serviceChecks(): ReceivedServiceCheck[] {
    return this.#parts.records.values("serviceChecks");
  }

  llmobsSpans(): ReceivedLlmobsSpan[] {
    return this.#parts.records.values("llmobsSpans");
  }

  evaluations(): ReceivedEvaluation[] {
    return this.#parts.records.values("evaluations");
  }

  logs(): ReceivedLog[] {
    return this.#parts.records.values("logs");
  }

  requests(): RecordedRequest[] {
    return this.#parts.records.values("requests");
  }

  rejections(): Rejection[] {
    return this.#parts.records.values("rejections");
  }

  checkFailures(): CheckFailure[] {
    return this.#parts.records.values("checkFailures");
  }

  discarded(): Record<AgentRecordKind, number> {
    const counts = Object.entries(this.#parts.records.counts());
    return Object.fromEntries(counts.map(([kind, { discarded }]) => [kind, discarded])) as Record<
      AgentRecordKind,
      number
    >;
  }

  waitFor(
    condition: WaitCondition | ((agent: TestAgent) => boolean | Promise<boolean>),
    options: WaitOptions = {},
  ): Promise<void> {
    const { records } = this.#parts;
    const stopped = this.#stopping.signal;
    if (typeof condition === "function") {
      const wait = { description: "a predicate", holds: () => condition(this), stopped };
      return waitForRecords(records, wait, options);
    }
    const description = describeCondition(condition, records);
    const wait = { description, holds: () => isSatisfied(condition, records), stopped };
    return waitForRecords(records, wait, options);
  }

  fail(mode: FailMode | null, options: FailOptions = {}): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#stopping.signal.aborted) return;
      const fault = mode === null ? undefined : resolveFault(mode, options);
      const refuse = fault?.mode === "refuse";
      this.#parts.fault.set(refuse ? undefined : fault, options);
      const { http, dogstatsd } = this.#parts;
      if (refuse) await Promise.all([http.close(), dogstatsd.close()]);
      else await Promise.all([reopen(http), reopen(dogstatsd)]);
    });
  }

  subscribe(listener: () => void): () => void {
    return this.#parts.records.listen(listener);
  }

  clear(): void {
    this.#parts.records.clear();
  }

  stop(): Promise<void> {
    this.#stopping.abort();
    return this.#inTurn(async () => {
      this.#parts.fault.set(undefined);
      await Promise.all([this.#parts.http.close(), this.#parts.dogstatsd.close()]);
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #inTurn(step: () => Promise<void>): Promise<void> {
    const result = this.#turn.then(step);
    this.#turn = result.catch(() => {});
    return result;
  }
}
