import type { BackendAnnotation } from "../dd-trace/tracer-backend.ts";
import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import { safeEntry, safeKeys, safeRead } from "../guard/safe-read.ts";
import type { TagGuard } from "../guard/tag-guard.ts";
import { guardedCostTags, guardedPrompt, guardedToolDefinitions } from "./annotation-fields.ts";
import { withinBytes } from "./annotation-size.ts";

/** Together below the 5 MiB above which dd-trace drops input and output altogether (bytes of JSON). */
const maximumBytes = {
  inputData: 3_600_000,
  outputData: 1_100_000,
  metadata: 128_000,
  prompt: 128_000,
  toolDefinitions: 128_000,
};

/** Scalars of at most so many entries, and texts of at most so many characters, are guarded one by one. */
const fewEntries = 32;
const shortText = 1_000;

/** What an annotation is guarded with. */
export interface GuardedAnnotationEnvironment {
  readonly guard: TagGuard;
  readonly diagnostics: Diagnostics;
}

/** What dd-trace may be told of an annotation: only fields that say something, guarded, of a size that it takes. */
export function guardedAnnotation(
  environment: GuardedAnnotationEnvironment,
  annotation: object,
): BackendAnnotation {
  const { guard, diagnostics } = environment;
  const guarded: Record<string, unknown> = {};
  for (const field of ["inputData", "outputData"] as const) {
    const value = safeRead(annotation, field);
    if (value === undefined || value === null) continue;
    guarded[field] = fitted(environment, field, guard.structure(value));
  }
  const metadata = guardedMetadata(environment, safeRead(annotation, "metadata"));
  if (metadata !== undefined) guarded["metadata"] = metadata;
  const metrics = finiteNumbers(environment, safeRead(annotation, "metrics"));
  if (metrics !== undefined) guarded["metrics"] = metrics;
  const tags = safeRead(annotation, "tags");
  if (tags !== undefined) {
    const guardedTags = guard.attributes(tags as Record<string, unknown>);
    if (!isEmpty(guardedTags)) guarded["tags"] = guardedTags;
  }
  const costTags = guardedCostTags(safeRead(annotation, "costTags"), guard);
  if (costTags.length > 0) guarded["costTags"] = costTags;
  const given = safeRead(annotation, "prompt");
  if (given !== undefined && given !== null) {
    const prompt = fittedPrompt(environment, given);
    if (prompt === undefined) diagnostics.count("llmobs_field_refused");
    else guarded["prompt"] = prompt;
  }
  const tools = guardedToolDefinitions(safeRead(annotation, "toolDefinitions"), guard);
  if (tools.length > 0) guarded["toolDefinitions"] = fittedTools(environment, tools);
  return guarded;
}

function guardedMetadata(
  environment: GuardedAnnotationEnvironment,
  given: unknown,
): object | undefined {
  if (given === undefined || given === null) return undefined;
  const flat = flatMetadata(environment, given);
  if (flat !== undefined) return isEmpty(flat) ? undefined : flat;
  const metadata = environment.guard.structure(given);
  if (!isRecord(metadata)) {
    environment.diagnostics.count("llmobs_field_refused");
    return undefined;
  }
  const shown = fitted(environment, "metadata", metadata);
  return isRecord(shown) ? shown : { truncated: shown };
}

/** Most metadata is a few short scalars, for which a walk of any structure would cost more than all else. */
function flatMetadata({ guard }: GuardedAnnotationEnvironment, given: unknown): object | undefined {
  if (!isRecord(given)) return undefined;
  const keys = safeKeys(given);
  if (keys.length > fewEntries) return undefined;
  const metadata: Record<string, unknown> = {};
  for (const key of keys) {
    const value = safeEntry(given, key);
    if (value === undefined) continue;
    if (typeof value === "string" ? value.length > shortText : !isPlainScalar(value)) {
      return undefined;
    }
    const name = guard.key(key);
    if (name !== "__proto__") metadata[name] = guard.value(key, value, "content");
  }
  return metadata;
}

function isPlainScalar(value: unknown): boolean {
  return typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));
}

function finiteNumbers(
  { guard, diagnostics }: GuardedAnnotationEnvironment,
  metrics: unknown,
): Record<string, number> | undefined {
  if (typeof metrics !== "object" || metrics === null) return undefined;
  let accepted: Record<string, number> | undefined;
  for (const key of safeKeys(metrics)) {
    const value = safeEntry(metrics, key);
    if (value === undefined) continue;
    const name = guard.key(key);
    if (typeof value === "number" && Number.isFinite(value) && name !== "__proto__") {
      accepted ??= {};
      accepted[name] = value;
    } else diagnostics.count("llmobs_metric_refused");
  }
  return accepted;
}

function fittedPrompt(environment: GuardedAnnotationEnvironment, given: unknown): unknown {
  const prompt = guardedPrompt(given, environment.guard);
  if (prompt === undefined) return undefined;
  const shown = fitted(environment, "prompt", prompt);
  return isRecord(shown)
    ? shown
    : { id: safeRead(prompt, "id"), version: safeRead(prompt, "version") };
}

function fittedTools(environment: GuardedAnnotationEnvironment, tools: object[]): unknown[] {
  const shown = fitted(environment, "toolDefinitions", tools);
  // What a cut has left without a name is none that dd-trace takes.
  return Array.isArray(shown) ? shown.filter((tool) => "name" in Object(tool)) : [];
}

function fitted(
  { diagnostics }: GuardedAnnotationEnvironment,
  field: keyof typeof maximumBytes,
  value: unknown,
): unknown {
  const shown = withinBytes(value, maximumBytes[field]);
  if (shown !== value) diagnostics.count("llmobs_data_truncated");
  return shown;
}

function isEmpty(record: object): boolean {
  for (const _ in record) return false;
  return true;
}

function isRecord(value: unknown): value is object {
  try {
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    // A proxy that has been revoked is nothing.
    return false;
  }
}
