import type { TracerBackend } from "../dd-trace/tracer-backend.ts";
import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import { safeEntries, safeRead } from "../guard/safe-read.ts";
import type { TagGuard } from "../guard/tag-guard.ts";
import type { TracedSpan } from "../span/traced-span.ts";
import {
  guardedCostTags,
  guardedPrompt,
  guardedToolDefinitions,
  type LLMObservabilityPrompt,
  type LLMObservabilityToolDefinition,
} from "./annotation-fields.ts";
import { withinBytes } from "./annotation-size.ts";

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
  /** The template that the prompt was made of; for model calls only. */
  readonly prompt?: LLMObservabilityPrompt;
  /** The tools that the model may call, 256 at most. */
  readonly toolDefinitions?: readonly LLMObservabilityToolDefinition[];
  /** Names of tags, given with this annotation or before, by which cost is split. */
  readonly costTags?: readonly string[];
}

/** Together below the 5 MiB above which dd-trace drops input and output altogether (bytes of JSON). */
const maximumBytes = {
  inputData: 3_600_000,
  outputData: 1_100_000,
  metadata: 128_000,
  prompt: 128_000,
  toolDefinitions: 128_000,
};

/** What an annotation goes through. */
export interface AnnotationEnvironment {
  readonly backend: TracerBackend;
  readonly guard: TagGuard;
  readonly diagnostics: Diagnostics;
}

/**
 * Passes an annotation on field by field, each guarded, so that one value that dd-trace refuses does not take
 * the others with it; an input or output that it refuses is sent as text instead.
 */
export function annotateSpan(
  environment: AnnotationEnvironment,
  span: TracedSpan,
  annotation: LLMObservabilityAnnotation,
): void {
  const { guard, diagnostics } = environment;
  if (span.finished) {
    diagnostics.count("span_changed_after_finish");
    return;
  }
  for (const field of ["inputData", "outputData"] as const) {
    const value = safeRead(annotation, field);
    if (value === undefined || value === null) continue;
    const guarded = fitted(environment, field, guard.structure(value));
    if (send(environment, span, field, guarded)) continue;
    const isSent = send(environment, span, field, guard.value(field, value, "content"));
    diagnostics.count(isSent ? "llmobs_data_sent_as_text" : "llmobs_field_refused");
  }
  const metadata = guard.structure(safeRead(annotation, "metadata"));
  if (isRecord(metadata)) {
    const shown = fitted(environment, "metadata", metadata);
    sendOrCount(environment, span, "metadata", isRecord(shown) ? shown : { truncated: shown });
  }
  if (!isRecord(metadata) && metadata !== undefined && metadata !== null)
    diagnostics.count("llmobs_field_refused");
  const metrics = finiteNumbers(environment, safeRead(annotation, "metrics"));
  if (Object.keys(metrics).length > 0) sendOrCount(environment, span, "metrics", metrics);
  const tags = guard.attributes(safeRead(annotation, "tags") as Record<string, unknown>);
  if (Object.keys(tags).length > 0) sendOrCount(environment, span, "tags", tags);
  annotateRequest(environment, span, annotation);
}

/** After the tags, which the cost tags name. */
function annotateRequest(
  environment: AnnotationEnvironment,
  span: TracedSpan,
  annotation: LLMObservabilityAnnotation,
): void {
  const { guard, diagnostics } = environment;
  const costTags = guardedCostTags(safeRead(annotation, "costTags"), guard);
  if (costTags.length > 0) sendOrCount(environment, span, "costTags", costTags);
  const given = safeRead(annotation, "prompt");
  const prompt = guardedPrompt(given, guard);
  if (prompt !== undefined) {
    const shown = fitted(environment, "prompt", prompt);
    const identity = { id: safeRead(prompt, "id"), version: safeRead(prompt, "version") };
    sendOrCount(environment, span, "prompt", isRecord(shown) ? shown : identity);
  } else if (given !== undefined && given !== null) diagnostics.count("llmobs_field_refused");
  const tools = guardedToolDefinitions(safeRead(annotation, "toolDefinitions"), guard);
  if (tools.length === 0) return;
  const shown = fitted(environment, "toolDefinitions", tools);
  // What a cut has left without a name is none that dd-trace takes.
  const named = Array.isArray(shown) ? shown.filter((tool) => "name" in Object(tool)) : [];
  sendOrCount(environment, span, "toolDefinitions", named);
}

function fitted(
  { diagnostics }: AnnotationEnvironment,
  field: keyof typeof maximumBytes,
  value: unknown,
): unknown {
  const shown = withinBytes(value, maximumBytes[field]);
  if (shown !== value) diagnostics.count("llmobs_data_truncated");
  return shown;
}

function send(
  { backend }: AnnotationEnvironment,
  span: TracedSpan,
  field: keyof LLMObservabilityAnnotation,
  value: unknown,
): boolean {
  try {
    backend.annotate(span.backendSpan, { [field]: value });
    return true;
  } catch {
    return false;
  }
}

function sendOrCount(
  environment: AnnotationEnvironment,
  span: TracedSpan,
  field: keyof LLMObservabilityAnnotation,
  value: unknown,
): void {
  if (!send(environment, span, field, value)) environment.diagnostics.count("llmobs_field_refused");
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function finiteNumbers(
  { guard, diagnostics }: AnnotationEnvironment,
  metrics: unknown,
): Record<string, number> {
  const accepted: [string, number][] = [];
  for (const [key, value] of safeEntries(metrics)) {
    if (value === undefined) continue;
    if (typeof value === "number" && Number.isFinite(value)) accepted.push([guard.key(key), value]);
    else diagnostics.count("llmobs_metric_refused");
  }
  return Object.fromEntries(accepted);
}
