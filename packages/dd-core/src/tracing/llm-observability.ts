import type { BackendAnnotation, TracerBackend } from "../dd-trace/tracer-backend.ts";
import { safeRead } from "../guard/safe-read.ts";
import type { TracedSpan } from "../span/traced-span.ts";
import type {
  LLMObservabilityPrompt,
  LLMObservabilityToolDefinition,
} from "./annotation-fields.ts";
import { type GuardedAnnotationEnvironment, guardedAnnotation } from "./guarded-annotation.ts";

/** A message of a conversation, in LLM Observability's form. */
export interface LLMObservabilityMessage {
  /** Who speaks, such as `system`, `user`, `assistant` or `tool`. */
  readonly role?: string;
  /** What is said; redacted before it is sent. */
  readonly content?: string;
  /** Tools that the model asks for in this message. */
  readonly toolCalls?: readonly {
    /** Name of the tool. */
    readonly name?: string;
    /** Arguments by name; redacted before they are sent. */
    readonly arguments?: Readonly<Record<string, unknown>>;
    /** Id by which the tool's answer refers to the call. */
    readonly toolId?: string;
    /** Kind of the call, such as `function`. */
    readonly type?: string;
  }[];
}

/** What LLM Observability can be told of a span (https://docs.datadoghq.com/llm_observability/instrumentation/sdk/). */
export interface LLMObservabilityAnnotation {
  /** Messages for a model call; text or anything that can be serialised for the other kinds. */
  readonly inputData?: unknown;
  /** What came out; redacted before it is sent. */
  readonly outputData?: unknown;
  /** Further values by key; redacted before they are sent. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Numbers only, in the names that Datadog knows, for example `inputTokens`. */
  readonly metrics?: Readonly<Record<string, number | undefined>>;
  /** Tags by key; `undefined` is left out. */
  readonly tags?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** The template that the prompt was made of; for model calls only. */
  readonly prompt?: LLMObservabilityPrompt;
  /** The tools that the model may call, 256 at most. */
  readonly toolDefinitions?: readonly LLMObservabilityToolDefinition[];
  /** Names of tags, given with this annotation or before, by which cost is split. */
  readonly costTags?: readonly string[];
}

/** What an annotation goes through. */
export interface AnnotationEnvironment extends GuardedAnnotationEnvironment {
  readonly backend: TracerBackend;
}

/**
 * Passes an annotation on, guarded. Where dd-trace refuses it, it is passed on field by field, so that one bad value
 * does not take the others with it; an input or output that is refused then is sent as text instead.
 */
export function annotateSpan(
  environment: AnnotationEnvironment,
  span: TracedSpan,
  annotation: LLMObservabilityAnnotation,
): void {
  if (span.finished) {
    environment.diagnostics.count("span_changed_after_finish");
    return;
  }
  const guarded = guardedAnnotation(environment, annotation);
  const fields = Object.keys(guarded);
  if (fields.length === 0 || send(environment, span, guarded)) return;
  for (const field of fields) {
    if (send(environment, span, { [field]: guarded[field] })) continue;
    environment.diagnostics.count(
      sendsAsText(environment, span, field, annotation)
        ? "llmobs_data_sent_as_text"
        : "llmobs_field_refused",
    );
  }
}

function sendsAsText(
  environment: AnnotationEnvironment,
  span: TracedSpan,
  field: string,
  annotation: LLMObservabilityAnnotation,
): boolean {
  if (field !== "inputData" && field !== "outputData") return false;
  const text = environment.guard.value(field, safeRead(annotation, field), "content");
  return send(environment, span, { [field]: text });
}

function send(
  { backend }: AnnotationEnvironment,
  span: TracedSpan,
  annotation: BackendAnnotation,
): boolean {
  try {
    backend.annotate(span.backendSpan, annotation);
    return true;
  } catch {
    return false;
  }
}
