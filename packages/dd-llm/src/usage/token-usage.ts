/**
 * Token counts of one model call in one form for all providers. A count that the provider did not give is
 * absent, never zero; a part is never larger than its whole.
 */
export interface TokenUsage {
  /** All input, cache reads and writes included, as Datadog counts it. */
  readonly inputTokens?: number;
  /** All output, reasoning included. */
  readonly outputTokens?: number;
  /** The provider's own total where it gives one, else input and output together. */
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
  /** The part of the input that was audio. */
  readonly inputAudioTokens?: number;
  /** The part of the cache reads that was audio (Gemini). */
  readonly cacheReadAudioInputTokens?: number;
  /** The part of the output that was audio. */
  readonly outputAudioTokens?: number;
  /** The part of the input that was images, or pages of documents, which are counted like them. */
  readonly inputImageTokens?: number;
  /** The part of the cache reads that was images (Gemini). */
  readonly cacheReadImageInputTokens?: number;
  /** The part of the output that was images. */
  readonly outputImageTokens?: number;
  /** The part of the output that was passages of what was searched for (Perplexity). */
  readonly citationOutputTokens?: number;
  /** The length of the audio where the provider charges for that (seconds); no tokens. */
  readonly inputAudioSeconds?: number;
  /** Searches of the web that the provider has made and charges for; no tokens. */
  readonly webSearchRequests?: number;
}

/** A usage in the making: what is not known is `undefined`. */
export type TokenUsageDraft = { [K in keyof TokenUsage]?: number | undefined };

/** A count as providers send it: a safe number of at least zero, or absent. */
export function tokenCount(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 && value <= Number.MAX_SAFE_INTEGER
    ? Math.trunc(value)
    : undefined;
}

/** A length of audio as providers send it (seconds), or absent. */
export function audioLength(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 && Number.isFinite(value) ? value : undefined;
}

/** The larger of what different names say of the same count; absent when none is. */
export function largestCount(...counts: readonly (number | undefined)[]): number | undefined {
  let largest: number | undefined;
  for (const count of counts) if (count !== undefined) largest = Math.max(largest ?? 0, count);
  return largest;
}

/** The sum of the counts that are present; absent when none is. */
export function sumOfCounts(...counts: readonly (number | undefined)[]): number | undefined {
  let sum: number | undefined;
  for (const count of counts) if (count !== undefined) sum = (sum ?? 0) + count;
  return sum;
}

/** Leaves out what is absent, holds every part to its whole, and adds the total where it can be known. */
export function completeUsage(draft: TokenUsageDraft): TokenUsage {
  const { inputTokens: input, outputTokens: output } = draft;
  const read = atMost(draft.cacheReadInputTokens, input);
  const byAge = sumOfCounts(draft.cacheWrite5mInputTokens, draft.cacheWrite1hInputTokens);
  const written = atMost(draft.cacheWriteInputTokens ?? byAge, rest(input, read));
  const writtenForHour = atMost(draft.cacheWrite1hInputTokens, written);
  const inputAudio = atMost(draft.inputAudioTokens, input);
  const inputImage = atMost(draft.inputImageTokens, rest(input, inputAudio));
  const readAudio = atMost(atMost(draft.cacheReadAudioInputTokens, read), inputAudio);
  const readImage = atMost(draft.cacheReadImageInputTokens, rest(read, readAudio));
  const outputAudio = atMost(draft.outputAudioTokens, output);
  const sum = input === undefined || output === undefined ? undefined : input + output;
  return present({
    inputTokens: input,
    outputTokens: output,
    totalTokens: draft.totalTokens ?? sum,
    cacheReadInputTokens: read,
    cacheWriteInputTokens: written,
    cacheWrite5mInputTokens: atMost(draft.cacheWrite5mInputTokens, rest(written, writtenForHour)),
    cacheWrite1hInputTokens: writtenForHour,
    reasoningOutputTokens: atMost(draft.reasoningOutputTokens, output),
    inputAudioTokens: inputAudio,
    cacheReadAudioInputTokens: readAudio,
    outputAudioTokens: outputAudio,
    inputImageTokens: inputImage,
    cacheReadImageInputTokens: atMost(readImage, inputImage),
    outputImageTokens: atMost(draft.outputImageTokens, rest(output, outputAudio)),
    citationOutputTokens: atMost(draft.citationOutputTokens, output),
    inputAudioSeconds: draft.inputAudioSeconds,
    webSearchRequests: draft.webSearchRequests,
  });
}

/**
 * Puts later knowledge over earlier, count by count; a total that no longer belongs to its parts is found anew.
 */
export function combineUsage(earlier: TokenUsage, later: TokenUsage): TokenUsage {
  const hasNewParts = later.inputTokens !== undefined || later.outputTokens !== undefined;
  const total = hasNewParts ? later.totalTokens : (later.totalTokens ?? earlier.totalTokens);
  return completeUsage({ ...earlier, ...later, totalTokens: total });
}

function atMost(part: number | undefined, whole: number | undefined): number | undefined {
  return part === undefined || whole === undefined ? part : Math.min(part, whole);
}

/** What is left of a whole that may not be known. */
function rest(whole: number | undefined, part: number | undefined): number | undefined {
  return whole === undefined ? undefined : whole - (part ?? 0);
}

function present(draft: TokenUsageDraft): TokenUsage {
  const usage: { -readonly [K in keyof TokenUsage]: TokenUsage[K] } = {};
  for (const key of Object.keys(draft) as (keyof TokenUsage)[]) {
    const count = draft[key];
    if (count !== undefined) usage[key] = count;
  }
  return usage;
}
