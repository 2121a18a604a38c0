import {
  ConfigurationError,
  type CoreOptions,
  createTracing,
  discardingMetricsSink,
  type LLMObservabilitySDK,
  type LLMObservabilitySpanReference,
  type MetricsSink,
  type Span,
} from "@llmdevops/dd-core";
import { type ContentOptions, resolveContentPolicy } from "./content/content-policy.ts";
import { policyOfCall } from "./content/policy-of-call.ts";
import { BudgetLedger } from "./cost/budget-ledger.ts";
import { type BudgetStatus, type CostBudget, resolveBudgets } from "./cost/cost-budget.ts";
import { CostCalculator } from "./cost/cost-calculator.ts";
import { replacePriceList } from "./cost/price-list.ts";
import type { ModelPrice } from "./cost/user-prices.ts";
import {
  type Evaluation,
  type Feedback,
  type JudgedSpan,
  recordEvaluation,
  recordFeedback,
} from "./evaluation/record-evaluation.ts";
import { known } from "./formats/unknown-record.ts";
import type { OperationOptions, TraceOperationOptions } from "./operation/operation-options.ts";
import type { OperationSpan } from "./operation/operation-span.ts";
import { Operations } from "./operation/operations.ts";
import { callAnnotation } from "./span/call-annotation.ts";
import { type DurationMetricType, sendCallMetrics } from "./span/call-metrics.ts";
import type { CallRecord } from "./span/call-record.ts";
import { writeCallTags, writeRequestTags } from "./span/call-tags.ts";
import type { LLMSpan, LLMTracing } from "./span/llm-span.ts";
import type { LLMRequestType, LLMSpanOptions, TraceLLMOptions } from "./span/llm-span-options.ts";
import { readModelCall, readOption } from "./span/model-call.ts";
import { type LLMSpanEnvironment, RecordedLLMSpan } from "./span/recorded-llm-span.ts";
import type { TokenUsage } from "./usage/token-usage.ts";

/** Options of {@link createLLM}. */
export interface LLMOptions extends CoreOptions {
  /** The tracing client to use. @default a new one from the other options */
  readonly tracing?: LLMTracing;
  /** Where metrics go. @default nowhere */
  readonly metrics?: MetricsSink;
  /** How much of prompts and responses is recorded. @default nothing */
  readonly content?: ContentOptions;
  /** Prices by model id, before the price list. @default {} */
  readonly prices?: Readonly<Record<string, ModelPrice>>;
  /** Limits for what calls may cost, with callbacks. @default [] */
  readonly budgets?: readonly CostBudget[];
  /** Further tag names to write: `llm.request` adds `llm.request.model` and its like. @default [] */
  readonly tagConventions?: readonly "llm.request"[];
  /** How durations are sent; a histogram has no percentiles across hosts. @default "distribution" */
  readonly durationMetricType?: DurationMetricType;
}

/** The LLM client; see {@link createLLM}. No method throws. */
export class LLM {
  readonly #tracing: LLMTracing;
  readonly #metrics: MetricsSink;
  readonly #environment: LLMSpanEnvironment;
  readonly #costs: CostCalculator;
  readonly #writesRequestTags: boolean;
  readonly #durationMetricType: DurationMetricType;
  readonly #operations: Operations;
  readonly #budgets: BudgetLedger;

  /** @internal */
  constructor(options: LLMOptions, tracing: LLMTracing) {
    const { metrics = discardingMetricsSink, tagConventions = [] } = options;
    const { durationMetricType = "distribution" } = options;
    const { guard, diagnostics } = tracing;
    if (durationMetricType !== "distribution" && durationMetricType !== "histogram") {
      throw new ConfigurationError(
        'The option durationMetricType must be "distribution" or "histogram".',
      );
    }
    for (const method of ["increment", "distribution", durationMetricType] as const) {
      if (typeof metrics[method] !== "function") {
        throw new ConfigurationError(`The option metrics must have the method ${method}.`);
      }
    }
    this.#tracing = tracing;
    this.#metrics = metrics;
    const policy = resolveContentPolicy(options.content ?? {}, diagnostics);
    this.#environment = { policy, guard, diagnostics };
    this.#costs = new CostCalculator(options.prices ?? {}, diagnostics);
    this.#writesRequestTags = tagConventions.includes("llm.request");
    this.#durationMetricType = durationMetricType;
    this.#budgets = new BudgetLedger(resolveBudgets(options.budgets ?? []), diagnostics);
    this.#operations = new Operations(tracing, metrics, durationMetricType, this.#environment);
  }

  /** Starts a span of a model call that the caller finishes; with an observed stream it ends by itself. */
  startLLMSpan(name: string, options: LLMSpanOptions): LLMSpan {
    return this.#start(name, options);
  }

  /**
   * Runs `fn`, which makes one model call, in its span. The span ends when `fn` has settled and every stream that
   * it observed has ended.
   *
   * @example
   * ```ts
   * const answer = await llm.traceLLM({ provider: "openai", model: "gpt-5-mini" }, async (span) => {
   *   const response = await openai.responses.create({ model: "gpt-5-mini", input: question });
   *   span.recordResponse(response);
   *   return response.output_text;
   * });
   * ```
   */
  traceLLM<T>(options: TraceLLMOptions, fn: (span: LLMSpan) => T): T {
    return this.#trace(options, fn);
  }

  /** Starts the span of an embedding call; as `startLLMSpan` with the request type `embed`. */
  startEmbeddingSpan(name: string, options: LLMSpanOptions): LLMSpan {
    return this.#start(name, options, "embed");
  }

  /** Runs `fn`, which makes one embedding call, in its span; as `traceLLM` with the request type `embed`. */
  traceEmbedding<T>(options: TraceLLMOptions, fn: (span: LLMSpan) => T): T {
    return this.#trace(options, fn, "embed");
  }

  /** Starts the span of a rerank call; as `startLLMSpan` with the request type `rerank`. */
  startRerankSpan(name: string, options: LLMSpanOptions): LLMSpan {
    return this.#start(name, options, "rerank");
  }

  /** Runs `fn`, which makes one rerank call, in its span; as `traceLLM` with the request type `rerank`. */
  traceRerank<T>(options: TraceLLMOptions, fn: (span: LLMSpan) => T): T {
    return this.#trace(options, fn, "rerank");
  }

  /** Starts the span of a retrieval that the caller finishes. */
  startRetrievalSpan(name: string, options?: OperationOptions): OperationSpan {
    return this.#operations.start("retrieval", name, options);
  }

  /** Runs `fn`, which looks documents up, in its span. */
  traceRetrieval<T>(options: TraceOperationOptions, fn: (span: OperationSpan) => T): T {
    return this.#operations.trace("retrieval", options, fn);
  }

  /** Starts the span of a workflow that the caller finishes. */
  startWorkflowSpan(name: string, options?: OperationOptions): OperationSpan {
    return this.#operations.start("workflow", name, options);
  }

  /** Runs `fn`, a fixed sequence of steps around model calls, in its span. */
  traceWorkflow<T>(options: TraceOperationOptions, fn: (span: OperationSpan) => T): T {
    return this.#operations.trace("workflow", options, fn);
  }

  /** Starts the span of a task that the caller finishes. */
  startTaskSpan(name: string, options?: OperationOptions): OperationSpan {
    return this.#operations.start("task", name, options);
  }

  /** Runs `fn`, one step without a model call, in its span. */
  traceTask<T>(options: TraceOperationOptions, fn: (span: OperationSpan) => T): T {
    return this.#operations.trace("task", options, fn);
  }

  /** Runs `fn` with a span active, so that what is started inside becomes its child. */
  withSpan<T>(span: Span, fn: () => T): T {
    return this.#tracing.withSpan(span, fn);
  }

  /** Records token counts on a span; see {@link LLMSpan.setUsage}. */
  recordTokenUsage(span: LLMSpan, usage: TokenUsage | object): void {
    // Not by its class: the span may come from another copy of this package.
    if (typeof span?.setUsage === "function") span.setUsage(usage);
    else this.#tracing.diagnostics.count("not_an_llm_span");
  }

  /** Records the duration of the model call (ms, at least 0). */
  recordLatency(span: LLMSpan, milliseconds: number): void {
    if (typeof span?.recordLatency === "function") span.recordLatency(milliseconds);
    else this.#tracing.diagnostics.count("not_an_llm_span");
  }

  /**
   * What identifies a span in LLM Observability, to be kept with its answer and judged later, also by another process.
   *
   * @returns `undefined` where LLM Observability is off or does not know the span.
   */
  exportSpan(span: Span): LLMObservabilitySpanReference | undefined {
    return this.#tracing.exportLLMObservabilitySpan?.(span);
  }

  /**
   * Records a judgement of a span in LLM Observability: a score, a category, a verdict. What cannot be sent is
   * counted. Never throws.
   *
   * @param target The span, also after its end, or what `exportSpan` gave.
   * @example
   * ```ts
   * llm.recordEvaluation(span, { label: "grounded", value: 0.92, assessment: "pass" });
   * ```
   */
  recordEvaluation(target: JudgedSpan, evaluation: Evaluation): void {
    recordEvaluation(this.#tracing, target, evaluation);
  }

  /**
   * Records what an end user thinks of a span, a trace or a session in LLM Observability. What cannot be sent is
   * counted. Never throws.
   *
   * @example
   * ```ts
   * llm.recordFeedback({ span, label: "helpful", value: true, submitter: { id: "user-7" } });
   * ```
   */
  recordFeedback(feedback: Feedback): void {
    recordFeedback(this.#tracing, feedback);
  }

  /**
   * dd-trace's own SDK, for its prompt registry, datasets and experiments; `undefined` where LLM Observability is
   * off. Unlike everything else here it throws.
   */
  get llmobsSdk(): LLMObservabilitySDK | undefined {
    return this.#tracing.llmobsSdk;
  }

  /**
   * Replaces prices while the process runs. Never throws: what is wrong is counted (`prices_refused`), and the prices
   * before stay.
   *
   * @param update.prices The user's prices, all of them.
   * @param update.list A price list in the form of `@pydantic/genai-prices`, for the whole process.
   * @param update.listDate The day of that list (`YYYY-MM-DD`). @default today
   * @returns Whether everything was taken.
   */
  updatePrices(update: {
    readonly prices?: Readonly<Record<string, ModelPrice>>;
    readonly list?: readonly object[];
    readonly listDate?: string;
  }): boolean {
    const { diagnostics } = this.#environment;
    try {
      const { prices, list, listDate = new Date().toISOString().slice(0, 10) } = update;
      if (prices !== undefined) this.#costs.replaceUserPrices(prices);
      if (list === undefined || replacePriceList(list, listDate)) return true;
    } catch {
      // Refused below.
    }
    diagnostics.count("prices_refused");
    return false;
  }

  /**
   * How a budget stands, for example to choose a cheaper model before a call.
   *
   * @param value The value of the budget's tag, where it has one.
   * @returns `undefined` for a budget that does not exist.
   */
  budgetStatus(name: string, value?: string): BudgetStatus | undefined {
    return this.#budgets.status(name, value);
  }

  #trace<T>(options: TraceLLMOptions, fn: (span: LLMSpan) => T, requestType?: LLMRequestType): T {
    if (typeof fn !== "function") {
      this.#tracing.diagnostics.count("trace_without_function");
      return undefined as T;
    }
    const span = this.#start(readOption(options, "name") ?? "llm.request", options, requestType);
    span.hold();
    const fail = (error: unknown): never => {
      span.setError(error);
      span.release();
      throw error;
    };
    let result: T;
    try {
      result = this.#tracing.withSpan(span, () => fn(span));
    } catch (error) {
      return fail(error);
    }
    if (!isPromiseLike(result)) {
      span.release();
      return result;
    }
    return result.then((value) => {
      span.release();
      return value;
    }, fail) as T;
  }

  #start(name: string, options: LLMSpanOptions, fixedType?: LLMRequestType): RecordedLLMSpan {
    const call = readModelCall(options, this.#tracing.diagnostics, fixedType);
    const { provider, model, requestType } = call;
    const childOf = readOption(options, "childOf");
    const startTime = readOption(options, "startTime") === undefined ? undefined : call.startTime;
    const timeoutMs = readOption(options, "timeoutMs");
    const sessionId = readOption(options, "sessionId");
    // The hook runs when the span ends, after this function has returned.
    let recorded: RecordedLLMSpan | undefined;
    const span = this.#tracing.startSpan(name, {
      ...(childOf === undefined ? {} : { childOf }),
      ...(startTime === undefined ? {} : { startTime }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      resource: `${requestType} ${model}`,
      type: "llm",
      kind: "client",
      keep: true,
      tags: readOption(options, "tags") ?? {},
      llmobs: {
        kind: requestType === "embed" ? "embedding" : "llm",
        modelName: model,
        modelProvider: provider,
        ...known({ sessionId, mlApp: readOption(options, "mlApp") }),
      },
      onFinish: () => {
        if (recorded !== undefined) this.#complete(recorded);
      },
    });
    // After the caller's own, which they must not be replaced by.
    span.setTags({
      ...call.metricTags,
      "llm.provider": provider,
      "llm.model": model,
      "llm.request_type": requestType,
      "peer.service": provider,
      "usr.id": call.userId,
      "llm.prompt_id": readOption(call.prompt, "id"),
      "llm.prompt_version": readOption(call.prompt, "version"),
    });
    const contentKind = requestType === "embed" ? "embedding" : "llm";
    const content = readOption(options, "content");
    const policy = policyOfCall(this.#environment.policy, contentKind, content);
    recorded = new RecordedLLMSpan(span, call, { ...this.#environment, policy });
    return recorded;
  }

  #complete(span: RecordedLLMSpan): void {
    const { guard, diagnostics } = this.#environment;
    const record = span.record((call) => this.#costs.calculate(call));
    writeCallTags(span, record);
    this.#spend(span, record);
    if (this.#writesRequestTags) writeRequestTags(span, record);
    try {
      sendCallMetrics(this.#metrics, record, this.#durationMetricType);
    } catch {
      // A sink must not throw; one that does costs its metrics only.
      diagnostics.count("metrics_sink_threw");
    }
    if (this.#tracing.llmobsEnabled) {
      this.#tracing.annotate(span, callAnnotation(record, span.policy, guard));
    }
  }

  #spend(span: RecordedLLMSpan, { call, cost }: CallRecord): void {
    if (cost === undefined) return;
    const reached = this.#budgets.spend(cost.totalUsd, (tag) => {
      if (tag === "session") return call.sessionId;
      const value = tag === "user" ? call.userId : span.getTag(tag);
      return value === undefined ? undefined : String(value);
    });
    if (reached.length === 0) return;
    span.setTag("llm.budget_exceeded", reached.join(","));
    for (const budget of reached) this.#budgetMetric(budget);
  }

  #budgetMetric(budget: string): void {
    try {
      this.#metrics.increment("llm.budget.exceeded", 1, { budget });
    } catch {
      this.#environment.diagnostics.count("metrics_sink_threw");
    }
  }
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  try {
    return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
  } catch {
    return false;
  }
}

/**
 * Creates the LLM client: each model call feeds an APM span, LLM Observability and metrics at once.
 *
 * @throws {ConfigurationError} When an option is missing or wrong, or an environment variable of the tracing client;
 *   nothing throws later.
 * @example
 * ```ts
 * import { createLLM } from "@llmdevops/dd-llm";
 *
 * const llm = createLLM({ service: "assistant", llmobs: { enabled: true } });
 * ```
 */
export function createLLM(options: LLMOptions = {}): LLM {
  return new LLM(options, options.tracing ?? createTracing(options));
}
