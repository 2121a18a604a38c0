import type { TracerBackend } from "../dd-trace/tracer-backend.ts";
import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import type { TagGuard } from "../guard/tag-guard.ts";
import type { TracedSpan } from "../span/traced-span.ts";

/** A message of a conversation, in LLM Observability's form. */
export interface LLMObservabilityMessage {
  readonly role?: string;
  readonly content?: string;
  readonly toolCalls?: readonly {
    readonly name?: string;
    readonly arguments?: Readonly<Record<string, unknown>>;
    readonly toolId?: string;
    readonly type?: string;
  }[];
}

/** What LLM Observability can be told of a span (https://docs.datadoghq.com/llm_observability/instrumentation/sdk/). */
export interface LLMObservabilityAnnotation {
  /** Messages for a model call; text or anything that can be serialised for the other kinds. */
  readonly inputData?: unknown;
  readonly outputData?: unknown;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Numbers only, in the names that Datadog knows, for example `inputTokens`. */
  readonly metrics?: Readonly<Record<string, number | undefined>>;
  readonly tags?: Readonly<Record<string, string | number | boolean | undefined>>;
}

/**
 * Passes an annotation on field by field, each guarded, so that one value that dd-trace refuses does not take
 * the others with it.
 */
export function annotateSpan(
  backend: TracerBackend,
  guard: TagGuard,
  diagnostics: Diagnostics,
  span: TracedSpan,
  annotation: LLMObservabilityAnnotation,
): void {
  if (span.finished) {
    diagnostics.count("span_changed_after_finish");
    return;
  }
  const { inputData, outputData, metadata, metrics, tags } = annotation;
  const fields: Readonly<Record<string, unknown>>[] = [];
  if (inputData !== undefined) fields.push({ inputData: guard.structure(inputData) });
  if (outputData !== undefined) fields.push({ outputData: guard.structure(outputData) });
  if (metadata !== undefined) fields.push({ metadata: guard.structure(metadata) });
  if (metrics !== undefined) fields.push({ metrics: finiteNumbers(metrics) });
  if (tags !== undefined) fields.push({ tags: guard.attributes(tags) });
  for (const field of fields) {
    try {
      backend.annotate(span.backendSpan, field);
    } catch {
      diagnostics.count("llmobs_annotation_refused");
    }
  }
}

function finiteNumbers(
  metrics: Readonly<Record<string, number | undefined>>,
): Record<string, number> {
  const result: Record<string, number> = {};
  for (const [key, value] of Object.entries(metrics)) {
    if (typeof value === "number" && Number.isFinite(value)) result[key] = value;
  }
  return result;
}
