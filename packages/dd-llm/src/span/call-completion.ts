import type { MetricsSink } from "@llmdevops/dd-core";
import type { BudgetLedger } from "../cost/budget-ledger.ts";
import type { CostCalculator } from "../cost/cost-calculator.ts";
import { callAnnotation } from "./call-annotation.ts";
import { type DurationMetricType, sendCallMetrics } from "./call-metrics.ts";
import type { CallRecord } from "./call-record.ts";
import { addCallTags, addRequestTags, type SpanTags } from "./call-tags.ts";
import type { LLMTracing } from "./llm-span.ts";
import { MetricTagSets } from "./metric-tag-sets.ts";
import type { RecordedLLMSpan } from "./recorded-llm-span.ts";

/** What the completion of calls is told once. */
export interface CompletionSettings {
  readonly tracing: LLMTracing;
  readonly metrics: MetricsSink;
  readonly costs: CostCalculator;
  readonly budgets: BudgetLedger;
  readonly durationMetricType: DurationMetricType;
  /** Whether the platform guide's names are written too. */
  readonly writesRequestTags: boolean;
}

/** Takes a call that has ended to its span, to the metrics and to LLM Observability. */
export class CallCompletion {
  readonly #settings: CompletionSettings;
  readonly #tagSets = new MetricTagSets();

  constructor(settings: CompletionSettings) {
    this.#settings = settings;
  }

  /** Runs while the span may still be changed. Never throws. */
  complete(span: RecordedLLMSpan): void {
    const { tracing, costs, metrics, durationMetricType, writesRequestTags } = this.#settings;
    const record = span.record((call) => costs.calculate(call));
    const tags: SpanTags = {};
    addCallTags(tags, record);
    if (writesRequestTags) addRequestTags(tags, record);
    span.setTags(tags);
    this.#spend(span, record);
    this.#send(() => sendCallMetrics(metrics, record, durationMetricType, this.#tagSets));
    if (tracing.llmobsEnabled) {
      tracing.annotate(span, callAnnotation(record, span.policy, tracing.guard));
    }
  }

  #spend(span: RecordedLLMSpan, { call, cost }: CallRecord): void {
    if (cost === undefined) return;
    const { budgets, metrics } = this.#settings;
    const reached = budgets.spend(cost.totalUsd, (tag) => {
      if (tag === "session") return call.sessionId;
      const value = tag === "user" ? call.userId : span.getTag(tag);
      return value === undefined ? undefined : String(value);
    });
    if (reached.length === 0) return;
    span.setTag("llm.budget_exceeded", reached.join(","));
    for (const budget of reached) {
      this.#send(() => metrics.increment("llm.budget.exceeded", 1, { budget }));
    }
  }

  /** A sink must not throw; one that does costs its metrics only. */
  #send(send: () => void): void {
    try {
      send();
    } catch {
      this.#settings.tracing.diagnostics.count("metrics_sink_threw");
    }
  }
}
