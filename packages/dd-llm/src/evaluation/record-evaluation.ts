import type {
  LLMObservabilityEvaluation,
  LLMObservabilityFeedback,
  LLMObservabilitySpanReference,
  Span,
} from "@llmdevops/dd-core";
import { isRecord } from "../formats/unknown-record.ts";
import type { LLMTracing } from "../span/llm-span.ts";
import { readOption } from "../span/model-call.ts";

/** A span, also one that has ended, or the reference that `exportSpan` gave. */
export type JudgedSpan = Span | LLMObservabilitySpanReference;

/** A judgement of a span. */
export type Evaluation = Omit<LLMObservabilityEvaluation, "span">;

/** What an end user thinks; exactly one of `span`, `traceId`, `sessionId` and `feedbackJoinKey` is to be given. */
export type Feedback = Omit<LLMObservabilityFeedback, "span"> & {
  /** Target: one span. */
  readonly span?: JudgedSpan;
};

/** Submits an evaluation of a span. Never throws. */
export function recordEvaluation(
  tracing: LLMTracing,
  target: JudgedSpan,
  evaluation: Evaluation,
): void {
  if (!tracing.llmobsEnabled || tracing.submitEvaluation === undefined) {
    tracing.diagnostics.count("llmobs_evaluation_disabled");
    return;
  }
  const span = referenceOf(tracing, target);
  if (span === undefined) {
    tracing.diagnostics.count("llmobs_evaluation_without_span");
    return;
  }
  tracing.submitEvaluation({ ...copied(evaluation), span });
}

/** Submits an end user's feedback. Never throws. */
export function recordFeedback(tracing: LLMTracing, feedback: Feedback): void {
  if (!tracing.llmobsEnabled || tracing.submitFeedback === undefined) {
    tracing.diagnostics.count("llmobs_feedback_disabled");
    return;
  }
  const { span: target, ...rest } = copied(feedback);
  if (target === undefined) {
    tracing.submitFeedback(rest);
    return;
  }
  const span = referenceOf(tracing, target);
  if (span === undefined) tracing.diagnostics.count("llmobs_feedback_without_span");
  else tracing.submitFeedback({ ...rest, span });
}

/** LLM Observability's trace id is not the one of APM, so a span's own ids would join nothing. */
function referenceOf(
  tracing: LLMTracing,
  target: JudgedSpan,
): LLMObservabilitySpanReference | undefined {
  if (!isRecord(target)) return undefined;
  const isSpan = typeof readOption(target as Span, "setTag") === "function";
  return isSpan
    ? tracing.exportLLMObservabilitySpan?.(target as Span)
    : (target as LLMObservabilitySpanReference);
}

function copied<T extends object>(source: T): T {
  try {
    return { ...source };
  } catch {
    // A getter threw: what is missing now is refused, and counted, where it is needed.
    return {} as T;
  }
}
