import type { TokenUsage } from "../usage/token-usage.ts";

/** What the parts of the input cost (USD); the rest of the input is what was not cached. */
export interface CachedInputCost {
  readonly cacheReadUsd: number;
  readonly cacheWriteUsd: number;
}

/** The cost of cached input by a price of the list, which may rise with the length of the input. */
export function cachedInputCost(
  price: Readonly<Record<string, unknown>>,
  usage: TokenUsage,
): CachedInputCost {
  const { inputTokens = 0, cacheReadInputTokens = 0, cacheWriteInputTokens = 0 } = usage;
  const hourTokens = usage.cacheWrite1hInputTokens ?? 0;
  const unit = (...keys: string[]): number => {
    const key = keys.find((known) => price[known] !== undefined);
    return key === undefined ? 0 : priceAt(price[key], inputTokens);
  };
  const write = unit("cache_write_mtok", "input_mtok");
  const writeHour = unit("cache_write_1h_mtok", "cache_write_mtok", "input_mtok");
  return {
    cacheReadUsd: (cacheReadInputTokens * unit("cache_read_mtok", "input_mtok")) / 1e6,
    cacheWriteUsd: ((cacheWriteInputTokens - hourTokens) * write + hourTokens * writeHour) / 1e6,
  };
}

interface TieredPrice {
  readonly base: number;
  readonly tiers: readonly { readonly start: number; readonly price: number }[];
}

function priceAt(price: unknown, inputTokens: number): number {
  if (typeof price === "number") return price;
  const { base, tiers } = price as TieredPrice;
  return tiers.reduce((current, tier) => (inputTokens > tier.start ? tier.price : current), base);
}
