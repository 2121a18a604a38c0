import type { TokenUsage } from "../usage/token-usage.ts";
import type { CostParts } from "./bucket-rates.ts";

/** Beyond, nano-dollars are no whole numbers any more. */
const maximumUsd = Number.MAX_SAFE_INTEGER / 1e9;

/** What one model call cost (USD, to the nano-dollar). */
export interface CallCost {
  /** The tokens of the prompt, those read from and written to a cache included. */
  readonly inputUsd: number;
  /** The tokens of the answer, reasoning included. */
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
  parts: CostParts,
  usage: TokenUsage,
  source: Pick<CallCost, "source" | "priceDate">,
  factor: number,
): CallCost {
  const input = toNanoDollars(parts.inputUsd * factor);
  const output = toNanoDollars(parts.outputUsd * factor);
  const request = toNanoDollars(parts.requestUsd);
  return {
    inputUsd: input / 1e9,
    outputUsd: output / 1e9,
    totalUsd: (input + output + request) / 1e9,
    ...(usage.cacheReadInputTokens === undefined
      ? {}
      : { cacheReadInputUsd: toNanoDollars(parts.cacheReadUsd * factor) / 1e9 }),
    ...(usage.cacheWriteInputTokens === undefined
      ? {}
      : { cacheWriteInputUsd: toNanoDollars(parts.cacheWriteUsd * factor) / 1e9 }),
    ...source,
  };
}

function toNanoDollars(usd: number): number {
  if (!(usd >= 0 && usd < maximumUsd)) throw new RangeError("A cost must be a sum of money.");
  return Math.round(usd * 1e9);
}
