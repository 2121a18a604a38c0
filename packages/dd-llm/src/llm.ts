import {
  createTracing,
  type LLMObservabilitySDK,
  type LLMObservabilitySpanReference,
  type Span,
} from "@llmdevops/dd-core";
import {
  foundationFor,
  hasMethod,
  readOptions,
  refused,
  reportUnknown,
} from "@llmdevops/dd-core/options";
import { resolveContentPolicy } from "./content/content-policy.ts";
import { BudgetLedger } from "./cost/budget-ledger.ts";
import { type BudgetStatus, resolveBudgets } from "./cost/cost-budget.ts";
import { CostCalculator } from "./cost/cost-calculator.ts";
import { type PriceUpdate, updatePrices } from "./cost/update-prices.ts";
import {
  type Evaluation,
  type Feedback,
  type JudgedSpan,
  recordEvaluation,
  recordFeedback,
} from "./evaluation/record-evaluation.ts";
import { llmOptionNames } from "./llm-option-names.ts";
import { checkedTagConventions, type LLMOptions, resolveMetrics } from "./llm-options.ts";
import type { OperationOptions, TraceOperationOptions } from "./operation/operation-options.ts";
import type { OperationSpan } from "./operation/operation-span.ts";
import { Operations } from "./operation/operations.ts";
import { CallCompletion } from "./span/call-completion.ts";
import { LLMCalls } from "./span/llm-calls.ts";
import type { LLMSpan, LLMTracing } from "./span/llm-span.ts";
import type { LLMSpanOptions, TraceLLMOptions } from "./span/llm-span-options.ts";
import { readOption } from "./span/model-call.ts";
import type { TokenUsage } from "./usage/token-usage.ts";

/** The LLM client; see {@link createLLM}. No method throws; what `fn` throws is recorded and thrown on. */
export class LLM {
  readonly #tracing: LLMTracing;
  readonly #calls: LLMCalls;
  readonly #operations: Operations;
  readonly #costs: CostCalculator;
  readonly #budgets: BudgetLedger;

  /** @internal */
  constructor(options: LLMOptions, tracing: LLMTracing) {
    const { metrics, durationMetricType } = resolveMetrics(options);
    const { guard, diagnostics } = tracing;
    const { prices = {}, modelAliases = {}, budgets = [], tagConventions = [] } = options;
    const policy = resolveContentPolicy(
      options.content === undefined ? {} : options.content,
      diagnostics,
    );
    const environment = { policy, guard, diagnostics };
    this.#tracing = tracing;
    this.#costs = new CostCalculator(prices, diagnostics, modelAliases, (name) => guard.text(name));
    this.#budgets = new BudgetLedger(resolveBudgets(budgets), diagnostics);
    const completion = new CallCompletion({
      tracing,
      metrics,
      durationMetricType,
      costs: this.#costs,
      budgets: this.#budgets,
      writesRequestTags: checkedTagConventions(tagConventions).includes("llm.request"),
    });
    this.#calls = new LLMCalls(tracing, environment, completion);
    this.#operations = new Operations(tracing, metrics, durationMetricType, environment);
  }

  /** Starts a span of a model call that the caller finishes; with an observed stream it ends by itself. */
  startLLMSpan(name: string, options: LLMSpanOptions): LLMSpan {
    return this.#calls.start(name, options);
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
    return this.#calls.trace(options, fn);
  }

  /** Starts the span of an embedding call; as `startLLMSpan` with the request type `embed`. */
  startEmbeddingSpan(name: string, options: LLMSpanOptions): LLMSpan {
    return this.#calls.start(name, options, "embed");
  }

  /** Runs `fn`, which makes one embedding call, in its span; as `traceLLM` with the request type `embed`. */
  traceEmbedding<T>(options: TraceLLMOptions, fn: (span: LLMSpan) => T): T {
    return this.#calls.trace(options, fn, "embed");
  }

  /** Starts the span of a rerank call; as `startLLMSpan` with the request type `rerank`. */
  startRerankSpan(name: string, options: LLMSpanOptions): LLMSpan {
    return this.#calls.start(name, options, "rerank");
  }

  /** Runs `fn`, which makes one rerank call, in its span; as `traceLLM` with the request type `rerank`. */
  traceRerank<T>(options: TraceLLMOptions, fn: (span: LLMSpan) => T): T {
    return this.#calls.trace(options, fn, "rerank");
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

  /** Starts the span of a call of a tool that the caller finishes. */
  startToolSpan(name: string, options?: OperationOptions): OperationSpan {
    return this.#operations.start("tool", name, options);
  }

  /** Runs `fn`, a tool that a model or a chain has asked for, in its span. */
  traceTool<T>(options: TraceOperationOptions, fn: (span: OperationSpan) => T): T {
    return this.#operations.trace("tool", options, fn);
  }

  /** Runs `fn` with a span active, so that what is started inside becomes its child. */
  withSpan<T>(span: Span, fn: () => T): T {
    return this.#tracing.withSpan(span, fn);
  }

  /** Records token counts on a span; see {@link LLMSpan.setUsage}. */
  recordTokenUsage(span: LLMSpan, usage: TokenUsage | object): void {
    // Not by its class: the span may come from another copy of this package.
    if (typeof readOption(span, "setUsage") === "function") span.setUsage(usage);
    else this.#tracing.diagnostics.count("not_an_llm_span");
  }

  /** Records the duration of the model call (ms, at least 0). */
  recordLatency(span: LLMSpan, milliseconds: number): void {
    if (typeof readOption(span, "recordLatency") === "function") span.recordLatency(milliseconds);
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
   * @returns Whether everything was taken.
   */
  updatePrices(update: PriceUpdate): boolean {
    return updatePrices(this.#costs, update, this.#tracing.diagnostics);
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
}

/**
 * Creates the LLM client: each model call feeds an APM span, LLM Observability and metrics at once.
 *
 * @param given See {@link LLMOptions}; what is unknown has no effect, and is warned of once.
 * @throws {ConfigurationError} When an option is missing or wrong, or an environment variable of the tracing client;
 *   nothing throws later.
 * @example
 * ```ts
 * import { createLLM } from "@llmdevops/dd-llm";
 *
 * const llm = createLLM({ service: "assistant", llmobs: { enabled: true } });
 * ```
 */
export function createLLM(given: LLMOptions = {}): LLM {
  const read = readOptions<LLMOptions>(given, llmOptionNames);
  const { options, unknown } = read;
  const { tracing } = options;
  if (tracing === undefined) return new LLM(options, createTracing({}, foundationFor(read)));
  if (!hasMethod(tracing, "startSpan")) {
    throw refused({ option: "tracing", expected: "a client of createTracing", given: tracing });
  }
  reportUnknown(unknown, tracing.diagnostics);
  return new LLM(options, tracing);
}
