import type { ActiveFault } from "./active-fault.ts";
import { agentEnvironment } from "./agent-environment.ts";
import type { AgentRecordKind, AgentRecords } from "./agent-records.ts";
import { describeRecords } from "./describe-records.ts";
import type { DogstatsdServer } from "./dogstatsd/dogstatsd-server.ts";
import type { ReceivedEvent } from "./dogstatsd/parse-event.ts";
import type { ReceivedMetric } from "./dogstatsd/parse-metric.ts";
import type { ReceivedServiceCheck } from "./dogstatsd/parse-service-check.ts";
import { type FailMode, type FailOptions, resolveFault } from "./fail-mode.ts";
import type { HttpServer } from "./http/http-server.ts";
import type { ReceivedEvaluation } from "./intake/evaluation.ts";
import type { ReceivedLlmobsSpan } from "./intake/llmobs-span.ts";
import type { ReceivedLog } from "./intake/log-record.ts";
import type { CheckFailure, RecordedRequest, Rejection } from "./recorded-request.ts";
import { reopen } from "./reopen.ts";
import type { TestAgent } from "./test-agent.ts";
import { groupTraces, type ReceivedTrace } from "./traces/group-traces.ts";
import type { ReceivedSpan } from "./traces/received-span.ts";
import {
  checkCondition,
  describeCondition,
  isSatisfied,
  type WaitCondition,
  type WaitOptions,
  WaitTimeoutError,
} from "./wait-condition.ts";

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
  #refusing = false;

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

  async waitFor(
    condition: WaitCondition | ((agent: TestAgent) => boolean | Promise<boolean>),
    { timeoutMs = 5000 }: WaitOptions = {},
  ): Promise<void> {
    const { records } = this.#parts;
    if (typeof condition !== "function") checkCondition(condition, records);
    const holds = async () =>
      typeof condition === "function" ? condition(this) : isSatisfied(condition, records);
    const fail = (why: string) => {
      const wanted = typeof condition === "function" ? "a predicate" : describeCondition(condition);
      return new WaitTimeoutError(`waited for ${wanted}: ${why}.\n${describeRecords(records)}`);
    };
    const stopped = this.#stopping.signal;
    const started = performance.now();
    for (;;) {
      // Listening starts before the look, so that nothing can arrive unseen between the two.
      const change = nextChange(records, timeoutMs - (performance.now() - started), stopped);
      try {
        if (await holds()) return;
        const outcome = await change.outcome;
        if (outcome === "timeout" && !(await holds())) throw fail(`gave up after ${timeoutMs} ms`);
        if (outcome === "timeout") return;
        if (outcome === "stopped") throw fail("the agent was stopped");
      } finally {
        change.cancel();
      }
    }
  }

  fail(mode: FailMode | null, options: FailOptions = {}): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#stopping.signal.aborted) return;
      const fault = mode === null ? undefined : resolveFault(mode);
      const refuse = fault?.mode === "refuse";
      this.#parts.fault.set(refuse ? undefined : fault, options);
      if (refuse === this.#refusing) return;
      this.#refusing = refuse;
      const { http, dogstatsd } = this.#parts;
      if (refuse) await Promise.all([http.close(), dogstatsd.close()]);
      else await Promise.all([reopen(http), reopen(dogstatsd)]);
    });
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

type Outcome = "change" | "timeout" | "stopped";

function nextChange(
  records: AgentRecords,
  timeoutMs: number,
  stopped: AbortSignal,
): { outcome: Promise<Outcome>; cancel: () => void } {
  let resolve: (outcome: Outcome) => void = () => {};
  const promise = new Promise<Outcome>((settle) => {
    resolve = settle;
  });
  const onStop = () => resolve("stopped");
  const unlisten = records.listen(() => resolve("change"));
  // Not unref'd: someone awaits this, and the process must not end before they know.
  const timer = setTimeout(() => resolve("timeout"), Math.max(0, timeoutMs));
  if (stopped.aborted) onStop();
  stopped.addEventListener("abort", onStop, { once: true });
  const cancel = () => {
    clearTimeout(timer);
    unlisten();
    stopped.removeEventListener("abort", onStop);
  };
  return { outcome: promise, cancel };
}
