import type { TokenUsage } from "./token-usage.ts";

/**
 * The tokens of a call in buckets that do not overlap: each token is in exactly one. The input's add up to
 * `inputTokens`, the output's to `outputTokens`.
 */
export interface TokenBuckets {
  /** Neither cached nor audio nor image. */
  readonly input: number;
  readonly inputAudio: number;
  readonly inputImage: number;
  readonly cacheRead: number;
  readonly cacheReadAudio: number;
  readonly cacheReadImage: number;
  /** Kept for five minutes, or as long as the provider always does. */
  readonly cacheWrite: number;
  readonly cacheWrite1h: number;
  /** Neither reasoning nor audio nor image nor citations. */
  readonly output: number;
  readonly outputReasoning: number;
  readonly outputAudio: number;
  readonly outputImage: number;
  readonly outputCitation: number;
}

/**
 * Divides a usage into its buckets. Where the provider does not say which part of the audio and of the images was
 * cached, it is the least that is possible.
 */
export function tokenBuckets(usage: TokenUsage): TokenBuckets {
  const { inputTokens = 0, outputTokens = 0 } = usage;
  const read = within(usage.cacheReadInputTokens, inputTokens);
  const written = within(usage.cacheWriteInputTokens, inputTokens - read);
  const cacheWrite1h = within(usage.cacheWrite1hInputTokens, written);
  const uncached = inputTokens - read - written;
  const audio = within(usage.inputAudioTokens, inputTokens);
  const image = within(usage.inputImageTokens, inputTokens - audio);
  const cacheReadAudio = within(
    usage.cacheReadAudioInputTokens ?? Math.max(0, audio - uncached),
    Math.min(read, audio),
  );
  const inputAudio = within(audio - cacheReadAudio, uncached);
  const cacheReadImage = within(
    usage.cacheReadImageInputTokens ?? Math.max(0, image - (uncached - inputAudio)),
    Math.min(read - cacheReadAudio, image),
  );
  const inputImage = within(image - cacheReadImage, uncached - inputAudio);
  const outputAudio = within(usage.outputAudioTokens, outputTokens);
  const outputImage = within(usage.outputImageTokens, outputTokens - outputAudio);
  const outputReasoning = within(
    usage.reasoningOutputTokens,
    outputTokens - outputAudio - outputImage,
  );
  const outputCitation = within(
    usage.citationOutputTokens,
    outputTokens - outputAudio - outputImage - outputReasoning,
  );
  return {
    input: uncached - inputAudio - inputImage,
    inputAudio,
    inputImage,
    cacheRead: read - cacheReadAudio - cacheReadImage,
    cacheReadAudio,
    cacheReadImage,
    cacheWrite: written - cacheWrite1h,
    cacheWrite1h,
    output: outputTokens - outputAudio - outputImage - outputReasoning - outputCitation,
    outputReasoning,
    outputAudio,
    outputImage,
    outputCitation,
  };
}

function within(part: number | undefined, whole: number): number {
  return part === undefined ? 0 : Math.min(part, whole);
}
