import type { Diagnostics } from "@llmdevops/dd-core";
import type { CostCalculator } from "./cost-calculator.ts";
import { replacePriceList } from "./price-list.ts";
import type { ModelPrice } from "./user-prices.ts";

/** New prices for a running process. */
export interface PriceUpdate {
  /** The user's prices, all of them. @default those in use */
  readonly prices?: Readonly<Record<string, ModelPrice>>;
  /** A price list in the form of `@pydantic/genai-prices`, for the whole process. @default the one in use */
  readonly list?: readonly object[];
  /** The day of that list (`YYYY-MM-DD`). @default today */
  readonly listDate?: string;
}

/** Takes new prices; what is wrong is counted, and the prices before stay. Never throws. */
export function updatePrices(
  costs: CostCalculator,
  update: PriceUpdate,
  diagnostics: Diagnostics,
): boolean {
  try {
    const { prices, list, listDate = new Date().toISOString().slice(0, 10) } = update;
    if (prices !== undefined) costs.replaceUserPrices(prices);
    if (list === undefined || replacePriceList(list, listDate)) return true;
  } catch {
    // Refused below.
  }
  diagnostics.count("prices_refused");
  return false;
}
