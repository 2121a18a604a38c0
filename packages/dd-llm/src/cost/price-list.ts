import { type Provider, updatePrices } from "@pydantic/genai-prices";

/** The list that comes with the installed version of `@pydantic/genai-prices`, and the day it was published. */
export const bundledList = { version: "0.1.8", date: "2026-09-23" } as const;

let listDate: string = bundledList.date;
let generation = 0;

/** The day of the price list in use (`YYYY-MM-DD`). */
export function priceListDate(): string {
  return listDate;
}

/** Another number for each list that has been in use. */
export function priceListGeneration(): number {
  return generation;
}

/**
 * Replaces the price list of the whole process.
 *
 * @returns Whether the list was usable; if not, the one before stays.
 */
export function replacePriceList(list: readonly object[], date: string): boolean {
  try {
    if (!Array.isArray(list) || list.length === 0) return false;
    updatePrices(({ setProviderData }) => setProviderData(list as Provider[]));
    listDate = date;
    generation += 1;
    return true;
  } catch {
    return false;
  }
}
