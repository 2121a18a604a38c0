import type { SpanOptions } from "@llmdevops/dd-core";
import { policyOfCall } from "../content/policy-of-call.ts";
import type { CallCompletion } from "./call-completion.ts";
import type { LLMSpan, LLMTracing } from "./llm-span.ts";
import type { LLMRequestType, LLMSpanOptions, TraceLLMOptions } from "./llm-span-options.ts";
import { readModelCall, readOption } from "./model-call.ts";
import { type LLMSpanEnvironment, RecordedLLMSpan } from "./recorded-llm-span.ts";
import { keepShapesOf } from "./span-shapes.ts";
import { startTags } from "./start-tags.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Starts and ends the spans of model calls. */
export class LLMCalls {
  readonly #tracing: LLMTracing;
  readonly #environment: LLMSpanEnvironment;
  readonly #completion: CallCompletion;

  constructor(tracing: LLMTracing, environment: LLMSpanEnvironment, completion: CallCompletion) {
    this.#tracing = tracing;
    this.#environment = environment;
    this.#completion = completion;
  }

  /** Runs `fn` in a span that ends when `fn` and every stream that it observed have ended. */
  trace<T>(options: TraceLLMOptions, fn: (span: LLMSpan) => T, fixedType?: LLMRequestType): T {
    if (typeof fn !== "function") {
      this.#tracing.diagnostics.count("trace_without_function");
      return undefined as T;
    }
    const span = this.start(readOption(options, "name") ?? "llm.request", options, fixedType);
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
    try {
      return result.then((value) => {
        span.release();
        return value;
      }, fail) as T;
    } catch (error) {
      // A broken thenable: the caller finds that out by itself when it awaits.
      span.setError(error);
      span.release();
      return result;
    }
  }

  /** Starts a span that the caller finishes, or a stream. @param fixedType Beats what the options say. */
  start(name: string, options: LLMSpanOptions, fixedType?: LLMRequestType): RecordedLLMSpan {
    const call = readModelCall(options, this.#tracing.diagnostics, fixedType);
    const contentKind = call.requestType === "embed" ? "embedding" : "llm";
    // The hook runs when the span ends, after this function has returned.
    let recorded: RecordedLLMSpan | undefined;
    const tags = startTags(call, options);
    const settings: Mutable<SpanOptions> = {
      resource: `${call.requestType} ${call.model}`,
      type: "llm",
      kind: "client",
      keep: true,
      tags,
      llmobs: observation(call, options, contentKind),
      onFinish: () => {
        if (recorded === undefined) return;
        this.#completion.complete(recorded);
        recorded.forgetContent();
        keepShapesOf(recorded, settings);
      },
    };
    const childOf = readOption(options, "childOf");
    if (childOf !== undefined) settings.childOf = childOf;
    if (readOption(options, "startTime") !== undefined) settings.startTime = call.startTime;
    const timeoutMs = readOption(options, "timeoutMs");
    if (timeoutMs !== undefined) settings.timeoutMs = timeoutMs;
    const span = this.#tracing.startSpan(name, settings);
    const { policy } = this.#environment;
    const own = policyOfCall(policy, contentKind, readOption(options, "content"));
    const environment = own === policy ? this.#environment : { ...this.#environment, policy: own };
    recorded = new RecordedLLMSpan(span, call, environment);
    return recorded;
  }
}

/** What LLM Observability is told at the start. */
function observation(
  call: ReturnType<typeof readModelCall>,
  options: LLMSpanOptions,
  kind: "embedding" | "llm",
): NonNullable<SpanOptions["llmobs"]> {
  const observed: Mutable<NonNullable<SpanOptions["llmobs"]>> = {
    kind,
    modelName: call.model,
    modelProvider: call.provider,
  };
  const sessionId = readOption(options, "sessionId");
  if (sessionId !== undefined) observed.sessionId = sessionId;
  const mlApp = readOption(options, "mlApp");
  if (mlApp !== undefined) observed.mlApp = mlApp;
  return observed;
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  try {
    return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
  } catch {
    return false;
  }
}
