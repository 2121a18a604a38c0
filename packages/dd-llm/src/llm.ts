import {
  type CoreOptions,
  createTracing,
  discardingMetricsSink,
  type MetricsSink,
} from "@llmdevops/dd-core";
import {
  type ContentOptions,
  type ContentPolicy,
  resolveContentPolicy,
} from "./content/content-policy.ts";
import { CostCalculator, type ModelPrice } from "./cost/call-cost.ts";
import { callAnnotation } from "./span/call-annotation.ts";
import { sendCallMetrics } from "./span/call-metrics.ts";
import { writeCallTags } from "./span/call-tags.ts";
import { type LLMSpan, type LLMTracing, RecordedLLMSpan } from "./span/llm-span.ts";
import type { LLMSpanOptions, TraceLLMOptions } from "./span/llm-span-options.ts";
import type { TokenUsage } from "./usage/token-usage.ts";

/** Options of {@link createLLM}. */
export interface LLMOptions extends CoreOptions {
  /** The tracing client to use. @default a new one from the other options */
  readonly tracing?: LLMTracing;
  /** Where metrics go. @default nowhere */
  readonly metrics?: MetricsSink;
  readonly content?: ContentOptions;
  /** Prices by model id, before the price list. @default {} */
  readonly prices?: Readonly<Record<string, ModelPrice>>;
  /** Further tag names to write: `llm.request` adds `llm.request.model` and its like. @default [] */
  readonly tagConventions?: readonly "llm.request"[];
}

/** The LLM client; see {@link createLLM}. No method throws. */
export class LLM {
  readonly #tracing: LLMTracing;
  readonly #metrics: MetricsSink;
  readonly #policy: ContentPolicy;
  readonly #costs: CostCalculator;
  readonly #conventions: readonly string[];

  /** @internal */
  constructor(options: LLMOptions, tracing: LLMTracing) {
    this.#tracing = tracing;
    this.#metrics = options.metrics ?? discardingMetricsSink;
    this.#policy = resolveContentPolicy(options.content);
    this.#costs = new CostCalculator(options.prices ?? {}, tracing.diagnostics);
    this.#conventions = options.tagConventions ?? [];
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
    const span = this.#start(options.name ?? "llm.request", options);
    span.hold();
    let result: T;
    try {
      result = this.#tracing.withSpan(span, () => fn(span));
    } catch (error) {
      span.setError(error);
      span.release();
      throw error;
    }
    if (!isPromiseLike(result)) {
      span.release();
      return result;
    }
    return result.then(
      (value) => {
        span.release();
        return value;
      },
      (error: unknown) => {
        span.setError(error);
        span.release();
        throw error;
      },
    ) as T;
  }

  /** Records token counts on a span; see {@link LLMSpan.setUsage}. */
  recordTokenUsage(span: LLMSpan, usage: TokenUsage | object): void {
    span.setUsage(usage);
  }

  /** Records the duration of the model call (ms). */
  recordLatency(span: LLMSpan, milliseconds: number): void {
    span.recordLatency(milliseconds);
  }

  #start(name: string, options: LLMSpanOptions): RecordedLLMSpan {
    const { provider, model, childOf, sessionId, startTime, timeoutMs } = options;
    const requestType = options.requestType ?? "chat";
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
      tags: {
        ...options.tags,
        ...options.metricTags,
        "llm.provider": provider,
        "llm.model": model,
        "llm.request_type": requestType,
        "peer.service": provider,
      },
      llmobs: {
        kind: requestType === "embed" ? "embedding" : "llm",
        modelName: model,
        modelProvider: provider,
        ...(sessionId === undefined ? {} : { sessionId }),
      },
      onFinish: () => {
        if (recorded !== undefined) this.#complete(recorded);
      },
    });
    recorded = new RecordedLLMSpan(span, options, this.#policy);
    return recorded;
  }

  #complete(span: RecordedLLMSpan): void {
    const call = span.record((priced) => this.#costs.calculate(priced));
    writeCallTags(span, call, this.#conventions);
    if (this.#tracing.llmobsEnabled) {
      this.#tracing.annotate(span, callAnnotation(call, this.#policy));
    }
    sendCallMetrics(this.#metrics, call);
  }
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

/**
 * Creates the LLM client: each model call feeds an APM span, LLM Observability and metrics at once.
 *
 * @throws {ConfigurationError} When an option or environment variable is missing or wrong; nothing throws later.
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
