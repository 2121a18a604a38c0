import type { TokenUsage } from "../usage/token-usage.ts";

/** What one model call cost (USD, to the nano-dollar). */
export interface CallCost {
  readonly inputUsd: number;
  readonly outputUsd: number;
  /** Input, output, and what some providers charge for the request itself. */
  readonly totalUsd: number;
  /** Where the prices come from: `user` or `genai-prices`. */
  readonly source: string;
}

/** What a call is priced by. */
export interface PricedCall {
  readonly provider: string;
  readonly model: string;
  readonly responseModel?: string | undefined;
  readonly usage: TokenUsage;
  /** When the call was made (ms since the epoch); prices are dated. */
  readonly time: number;
}

/** Rounds each part to the nano-dollar, so that the parts add up to the total exactly. */
export function toCost(
  parts: { readonly inputUsd: number; readonly outputUsd: number; readonly requestUsd?: number },
  source: string,
): CallCost {
  const input = toNanoDollars(parts.inputUsd);
  const output = toNanoDollars(parts.outputUsd);
  const request = toNanoDollars(parts.requestUsd ?? 0);
  return {
    inputUsd: input / 1e9,
    outputUsd: output / 1e9,
    totalUsd: (input + output + request) / 1e9,
    source,
  };
}

function toNanoDollars(usd: number): number {
  return Math.round(usd * 1e9);
}
