import type { Diagnostics } from "@llmdevops/dd-core";
import { isRecord } from "../formats/unknown-record.ts";
import type { LLMRequestType, LLMSpanOptions } from "./llm-span-options.ts";

/** One model call as its span, metrics and events name it: a copy, so that later changes by the caller do not reach it. */
export interface ModelCall {
  readonly provider: string;
  readonly model: string;
  readonly requestType: LLMRequestType;
  readonly metricTags: Readonly<Record<string, Scalar>>;
  readonly parameters: Readonly<Record<string, Scalar>>;
  readonly userId?: string | undefined;
  readonly serviceTier?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly prompt?: LLMSpanOptions["prompt"] | undefined;
  readonly toolDefinitions?: LLMSpanOptions["toolDefinitions"] | undefined;
  readonly costTags?: LLMSpanOptions["costTags"] | undefined;
  /** When the call began (ms since the epoch). */
  readonly startTime: number;
  /** How long ago that was when the span was started (ms). */
  readonly elapsedMs: number;
}

/** What a metric tag or a parameter may be. */
export type Scalar = string | number | boolean;

/** Entries of an option that are kept. */
const maximumEntries = 64;

/** Reads the options of a call; what is missing or cannot be read is `unknown`, and counted. Never throws. */
export function readModelCall(
  options: LLMSpanOptions,
  diagnostics: Diagnostics,
  fixedType?: LLMRequestType,
): ModelCall {
  const provider = textOf(options, "provider");
  const model = textOf(options, "model");
  if (provider === undefined || model === undefined) diagnostics.count("llm_call_unnamed");
  const now = Date.now();
  const given = readOption(options, "startTime");
  const startTime = typeof given === "number" && Number.isFinite(given) ? given : now;
  return {
    provider: provider ?? "unknown",
    model: model ?? "unknown",
    requestType: fixedType ?? ((textOf(options, "requestType") ?? "chat") as LLMRequestType),
    metricTags: readScalars(options, "metricTags"),
    parameters: readScalars(options, "parameters"),
    userId: textOf(options, "userId"),
    serviceTier: textOf(options, "serviceTier"),
    sessionId: textOf(options, "sessionId"),
    prompt: readOption(options, "prompt"),
    toolDefinitions: readOption(options, "toolDefinitions"),
    costTags: readOption(options, "costTags"),
    startTime,
    elapsedMs: now - startTime,
  };
}

/** The value of an option; getters and proxies may throw, this does not. */
export function readOption<T extends object, K extends keyof T>(
  options: T | undefined,
  key: K,
): T[K] | undefined {
  if (!isRecord(options)) return undefined;
  try {
    return options[key];
  } catch {
    return undefined;
  }
}

function textOf(options: LLMSpanOptions, key: keyof LLMSpanOptions): string | undefined {
  const value = readOption(options, key);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The scalars of an option that is an object, 64 at most, copied. */
export function readScalars<T extends object>(
  options: T | undefined,
  key: keyof T,
): Record<string, Scalar> {
  const source: unknown = readOption(options, key);
  const scalars: Record<string, Scalar> = {};
  if (!isRecord(source)) return scalars;
  for (const key of keysOf(source).slice(0, maximumEntries)) {
    const value = readOption(source, key);
    const isScalar =
      typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    if (isScalar && key !== "__proto__") scalars[key] = value;
  }
  return scalars;
}

/** The keys of an object whose proxy traps may throw. */
export function keysOf(source: object): string[] {
  try {
    return Object.keys(source);
  } catch {
    return [];
  }
}
