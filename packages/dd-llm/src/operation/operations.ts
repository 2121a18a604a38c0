import { type MetricsSink, runAndFinish } from "@llmdevops/dd-core";
import { policyOfCall } from "../content/policy-of-call.ts";
import { known } from "../formats/unknown-record.ts";
import type { DurationMetricType } from "../span/call-metrics.ts";
import type { LLMTracing } from "../span/llm-span.ts";
import { readOption, readScalars } from "../span/model-call.ts";
import type {
  OperationKind,
  OperationOptions,
  TraceOperationOptions,
} from "./operation-options.ts";
import type { OperationSpan } from "./operation-span.ts";
import { type OperationEnvironment, RecordedOperationSpan } from "./recorded-operation-span.ts";

/** Starts and ends the spans of workflows, tasks, tools and retrievals. */
export class Operations {
  readonly #tracing: LLMTracing;
  readonly #metrics: MetricsSink;
  readonly #durationMetricType: DurationMetricType;
  readonly #environment: OperationEnvironment;

  constructor(
    tracing: LLMTracing,
    metrics: MetricsSink,
    durationMetricType: DurationMetricType,
    environment: OperationEnvironment,
  ) {
    this.#tracing = tracing;
    this.#metrics = metrics;
    this.#durationMetricType = durationMetricType;
    this.#environment = environment;
  }

  /** Runs `fn` in a span that ends when `fn` has settled. */
  trace<T>(kind: OperationKind, options: TraceOperationOptions, fn: (span: OperationSpan) => T): T {
    if (typeof fn !== "function") {
      this.#tracing.diagnostics.count("trace_without_function");
      return undefined as T;
    }
    const name = readOption(options, "name");
    const span = this.start(kind, typeof name === "string" ? name : kind, options);
    return runAndFinish(span, (started) => this.#tracing.withSpan(started, () => fn(started)));
  }

  /** Starts a span that the caller finishes. */
  start(kind: OperationKind, name: string, options: OperationOptions = {}): OperationSpan {
    const began = performance.now();
    const metricTags = readScalars(options, "metricTags");
    const metadata = readScalars(options, "metadata");
    const userId = readOption(options, "userId");
    const resource = readOption(options, "resource");
    // The hook runs when the span ends, after this function has returned.
    let recorded: RecordedOperationSpan | undefined;
    const span = this.#tracing.startSpan(name, {
      ...known({
        childOf: readOption(options, "childOf"),
        startTime: readOption(options, "startTime"),
        timeoutMs: readOption(options, "timeoutMs"),
        resource,
      }),
      type: "llm",
      kind: readOption(options, "spanKind") ?? "internal",
      tags: readOption(options, "tags") ?? {},
      llmobs: {
        kind,
        ...known({
          name: resource,
          sessionId: readOption(options, "sessionId"),
          mlApp: readOption(options, "mlApp"),
        }),
      },
      onFinish: () => {
        if (recorded === undefined) return;
        const tags = known({ ...metricTags, user_id: userId });
        const durationMs = performance.now() - began;
        this.#complete(recorded, metricTags, durationMs);
        const content = recorded.shownContent(durationMs);
        this.#tracing.annotate(recorded, { metadata, tags, ...content });
      },
    });
    span.setTags({ ...metricTags, "llm.operation": kind, "usr.id": userId });
    const policy = policyOfCall(this.#environment.policy, kind, readOption(options, "content"));
    recorded = new RecordedOperationSpan(span, kind, { ...this.#environment, policy });
    return recorded;
  }

  #complete(
    span: RecordedOperationSpan,
    metricTags: Readonly<Record<string, string | number | boolean>>,
    durationMs: number,
  ): void {
    const { errorClass } = span;
    const tags = { ...metricTags, ...known({ operation: span.kind, error_type: errorClass }) };
    try {
      this.#metrics.increment("llm.operation.count", 1, tags);
      this.#metrics[this.#durationMetricType]("llm.operation.duration", durationMs, tags);
      if (errorClass !== undefined) this.#metrics.increment("llm.operation.error", 1, tags);
    } catch {
      // A sink must not throw; one that does costs its metrics only.
      this.#tracing.diagnostics.count("metrics_sink_threw");
    }
  }
}
