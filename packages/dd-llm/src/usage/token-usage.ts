/**
 * Token counts of one model call in one form for all providers. A count that the provider did not give is
 * absent, never zero.
 */
export interface TokenUsage {
  /** All input, cache reads and writes included, as Datadog counts it. */
  readonly inputTokens?: number;
  /** All output, reasoning included. */
  readonly outputTokens?: number;
  readonly totalTokens?: number;
  /** The part of the input that came from the provider's cache. */
  readonly cacheReadInputTokens?: number;
  /** The part of the input that was written to the provider's cache. */
  readonly cacheWriteInputTokens?: number;
  /** The part of the cache writes that is kept for five minutes (Anthropic). */
  readonly cacheWrite5mInputTokens?: number;
  /** The part of the cache writes that is kept for one hour (Anthropic). */
  readonly cacheWrite1hInputTokens?: number;
  /** The part of the output that was reasoning. */
  readonly reasoningOutputTokens?: number;
  readonly inputAudioTokens?: number;
  readonly outputAudioTokens?: number;
}

/** A usage in the making: what is not known is `undefined`. */
export type TokenUsageDraft = { [K in keyof TokenUsage]?: number | undefined };

/** A count as providers send it: a finite number of at least zero, or absent. */
export function tokenCount(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) && value >= 0
    ? Math.trunc(value)
    : undefined;
}

/** The sum of the counts that are present; absent when none is. */
export function sumOfCounts(...counts: readonly (number | undefined)[]): number | undefined {
  let sum: number | undefined;
  for (const count of counts) if (count !== undefined) sum = (sum ?? 0) + count;
  return sum;
}

/** Leaves out what is absent and adds the total where it can be known. */
export function completeUsage(draft: TokenUsageDraft): TokenUsage {
  const usage: Record<string, number> = {};
  for (const [key, value] of Object.entries(draft)) {
    if (value !== undefined) usage[key] = value;
  }
  const { inputTokens, outputTokens } = draft;
  if (
    usage["totalTokens"] === undefined &&
    inputTokens !== undefined &&
    outputTokens !== undefined
  ) {
    usage["totalTokens"] = inputTokens + outputTokens;
  }
  return usage;
}
