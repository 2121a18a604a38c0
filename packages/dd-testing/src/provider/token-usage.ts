/**
 * Token counts in one form for all providers.
 *
 * `inputTokens` and `outputTokens` are totals; every other field counts a part of one of them. Each
 * encoder writes the counts the way its provider reports them: Anthropic without the cache in
 * `input_tokens`, Gemini without the thoughts in `candidatesTokenCount`.
 */
export interface TokenUsage {
  /** All tokens of the prompt, those read from and written to a cache included. */
  readonly inputTokens: number;
  /** All generated tokens, reasoning included. */
  readonly outputTokens: number;
  /** Part of `inputTokens` that came from a cache. */
  readonly cacheReadTokens: number;
  /** Part of `inputTokens` that was written to a cache. Gemini reports no such count. */
  readonly cacheWriteTokens: number;
  /** Part of `cacheWriteTokens` kept for one hour instead of five minutes. Anthropic only. */
  readonly cacheWriteOneHourTokens: number;
  /** Part of `outputTokens` spent on reasoning. */
  readonly reasoningTokens: number;
  /** Part of `inputTokens` that is audio. OpenAI Chat Completions only. */
  readonly inputAudioTokens: number;
  /** Part of `outputTokens` that is audio. OpenAI Chat Completions only. */
  readonly outputAudioTokens: number;
  /** Part of `inputTokens` that comes from tools the provider ran. Gemini only. */
  readonly toolUsePromptTokens: number;
}

/** All counts of a usage. */
export const tokenUsageFields: readonly (keyof TokenUsage)[] = [
  "inputTokens",
  "outputTokens",
  "cacheReadTokens",
  "cacheWriteTokens",
  "cacheWriteOneHourTokens",
  "reasoningTokens",
  "inputAudioTokens",
  "outputAudioTokens",
  "toolUsePromptTokens",
];

/** Builds a usage record whose missing counts are zero. */
export function tokenUsage(counts: Partial<TokenUsage> = {}): TokenUsage {
  return {
    inputTokens: counts.inputTokens ?? 0,
    outputTokens: counts.outputTokens ?? 0,
    cacheReadTokens: counts.cacheReadTokens ?? 0,
    cacheWriteTokens: counts.cacheWriteTokens ?? 0,
    cacheWriteOneHourTokens: counts.cacheWriteOneHourTokens ?? 0,
    reasoningTokens: counts.reasoningTokens ?? 0,
    inputAudioTokens: counts.inputAudioTokens ?? 0,
    outputAudioTokens: counts.outputAudioTokens ?? 0,
    toolUsePromptTokens: counts.toolUsePromptTokens ?? 0,
  };
}

/** Keeps the counts a wire format can carry and sets the others to zero. */
export function onlyFields(usage: TokenUsage, fields: readonly (keyof TokenUsage)[]): TokenUsage {
  const kept: Partial<Record<keyof TokenUsage, number>> = {};
  for (const field of fields) kept[field] = usage[field];
  return tokenUsage(kept);
}

/** Adds two usage records field by field. */
export function addTokenUsage(left: TokenUsage, right: TokenUsage): TokenUsage {
  const sum: Partial<Record<keyof TokenUsage, number>> = {};
  for (const field of tokenUsageFields) sum[field] = left[field] + right[field];
  return tokenUsage(sum);
}

/**
 * Estimates tokens from a length in characters: one token for every four, rounded up.
 *
 * This is only the documented default of the server, so that a test can compute the same number; it
 * is no provider's tokenizer.
 */
export function estimateTokens(characters: number): number {
  return Math.ceil(characters / 4);
}
