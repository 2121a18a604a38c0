import { tokenBuckets } from "../usage/token-buckets.ts";
import type { TokenUsage } from "../usage/token-usage.ts";

/** USD per million tokens; a tiered rate depends on the length of the whole input. */
export type Rate =
  | number
  | {
      readonly base: number;
      readonly tiers: readonly { readonly start: number; readonly price: number }[];
    };

/** What each bucket of a call's tokens costs. */
export interface BucketRates {
  readonly input: Rate;
  readonly inputAudio: Rate;
  readonly inputImage: Rate;
  readonly cacheRead: Rate;
  readonly cacheReadAudio: Rate;
  readonly cacheReadImage: Rate;
  readonly cacheWrite: Rate;
  readonly cacheWrite1h: Rate;
  readonly output: Rate;
  readonly outputReasoning: Rate;
  readonly outputAudio: Rate;
  readonly outputImage: Rate;
  readonly outputCitation: Rate;
  /** USD for each second of audio; `undefined` for a model that is not charged by it. */
  readonly audioSecond: number | undefined;
  /** USD for the request itself. */
  readonly request: number;
  /** USD for each search of the web. */
  readonly webSearch: number;
}

/** What the parts of one call cost (USD), not yet rounded. */
export interface CostParts {
  readonly inputUsd: number;
  readonly outputUsd: number;
  /** For the request itself and for searches of the web. */
  readonly requestUsd: number;
  readonly cacheReadUsd: number;
  readonly cacheWriteUsd: number;
}

/** Prices a usage bucket by bucket. */
export function costParts(rates: BucketRates, usage: TokenUsage): CostParts {
  const { inputTokens = 0 } = usage;
  const buckets = tokenBuckets(usage);
  const cost = (bucket: keyof typeof buckets): number => {
    const count = buckets[bucket];
    return count === 0 ? 0 : (count * rateAt(rates[bucket], inputTokens)) / 1e6;
  };
  const cacheReadUsd = cost("cacheRead") + cost("cacheReadAudio") + cost("cacheReadImage");
  const cacheWriteUsd = cost("cacheWrite") + cost("cacheWrite1h");
  const audioUsd = (usage.inputAudioSeconds ?? 0) * (rates.audioSecond ?? 0);
  return {
    inputUsd:
      cost("input") +
      cost("inputAudio") +
      cost("inputImage") +
      cacheReadUsd +
      cacheWriteUsd +
      audioUsd,
    outputUsd:
      cost("output") +
      cost("outputReasoning") +
      cost("outputAudio") +
      cost("outputImage") +
      cost("outputCitation"),
    requestUsd: rates.request + (usage.webSearchRequests ?? 0) * rates.webSearch,
    cacheReadUsd,
    cacheWriteUsd,
  };
}

function rateAt(rate: Rate, inputTokens: number): number {
  if (typeof rate === "number") return rate;
  let current = rate.base;
  for (const { start, price } of rate.tiers) if (inputTokens > start) current = price;
  return current;
}
