import type { TokenUsage } from "../usage/token-usage.ts";
import type { CachedInputCost } from "./bucket-price.ts";

/** What one model call cost (USD, to the nano-dollar). */
export interface CallCost {
  readonly inputUsd: number;
  readonly outputUsd: number;
  /** Input, output, and what some providers charge for the request itself. */
  readonly totalUsd: number;
  /** The part of the input's cost that was read from the provider's cache, where that is known. */
  readonly cacheReadInputUsd?: number;
  /** The part of the input's cost that was written to the provider's cache, where that is known. */
  readonly cacheWriteInputUsd?: number;
  /** Where the prices come from: `user` or `genai-prices`. */
  readonly source: string;
  /** The day of the price list (`YYYY-MM-DD`); absent for user prices. */
  readonly priceDate?: string;
}

/** What a call is priced by. */
export interface PricedCall {
  readonly provider: string;
  readonly model: string;
  readonly responseModel?: string | undefined;
  readonly usage: TokenUsage;
  /** The tier that the call was processed in, for example `batch`. */
  readonly serviceTier?: string | undefined;
  /** When the call was made (ms since the epoch); prices are dated. */
  readonly time: number;
}

/** Rounds each part to the nano-dollar, so that the parts add up to the total exactly. */
export function toCost(
  parts: {
    readonly inputUsd: number;
    readonly outputUsd: number;
    readonly requestUsd?: number;
    readonly cached?: CachedInputCost;
  },
  usage: TokenUsage,
  source: string,
  factor = 1,
): CallCost {
  const input = toNanoDollars(parts.inputUsd * factor);
  const output = toNanoDollars(parts.outputUsd * factor);
  const request = toNanoDollars(parts.requestUsd ?? 0);
  return {
    inputUsd: input / 1e9,
    outputUsd: output / 1e9,
    totalUsd: (input + output + request) / 1e9,
    ...(usage.cacheReadInputTokens === undefined || parts.cached === undefined
      ? {}
      : { cacheReadInputUsd: toNanoDollars(parts.cached.cacheReadUsd * factor) / 1e9 }),
    ...(usage.cacheWriteInputTokens === undefined || parts.cached === undefined
      ? {}
      : { cacheWriteInputUsd: toNanoDollars(parts.cached.cacheWriteUsd * factor) / 1e9 }),
    source,
  };
}

function toNanoDollars(usd: number): number {
  return Math.round(usd * 1e9);
}
