import { ConfigurationError } from "@llmdevops/dd-core";
import { isRecord } from "../formats/unknown-record.ts";
import type { TokenUsage } from "../usage/token-usage.ts";
import { type CallCost, toCost } from "./call-cost.ts";

/** Prices of one model (USD per million tokens, at least 0). */
export interface ModelPrice {
  readonly inputPerMillion: number;
  readonly outputPerMillion: number;
  /** @default the input price */
  readonly cacheReadPerMillion?: number;
  /** @default the input price */
  readonly cacheWritePerMillion?: number;
  /** Price of cache writes that are kept for one hour. @default the price of other cache writes */
  readonly cacheWrite1hPerMillion?: number;
  /** Factors on all prices by service tier, for example `{ priority: 1.75 }`. @default 0.5 for `batch` and `flex` */
  readonly tierFactors?: Readonly<Record<string, number>>;
}

const fields = [
  "inputPerMillion",
  "outputPerMillion",
  "cacheReadPerMillion",
  "cacheWritePerMillion",
  "cacheWrite1hPerMillion",
] as const satisfies readonly (keyof ModelPrice)[];

const required: readonly string[] = ["inputPerMillion", "outputPerMillion"];

/** The prices that the user has set, by model id. */
export class UserPrices {
  readonly #prices: ReadonlyMap<string, ModelPrice>;

  /** @throws {ConfigurationError} When a price is missing or no number of at least 0. */
  constructor(prices: Readonly<Record<string, ModelPrice>>) {
    this.#prices = new Map(
      Object.entries(prices).map(([model, price]) => [model, checked(model, price)]),
    );
  }

  /** The user's price of a model, if there is one. */
  priceOf(model: string, responseModel: string | undefined): ModelPrice | undefined {
    return this.#prices.get(model) ?? this.#prices.get(responseModel ?? "");
  }

  /** The cost of a call, or `undefined` when the user has set no price for its model. */
  costOf(
    model: string,
    responseModel: string | undefined,
    usage: TokenUsage,
    factor = 1,
  ): CallCost | undefined {
    const price = this.priceOf(model, responseModel);
    if (price === undefined) return undefined;
    const { inputPerMillion, outputPerMillion } = price;
    const { cacheReadPerMillion = inputPerMillion, cacheWritePerMillion = inputPerMillion } = price;
    const { cacheWrite1hPerMillion = cacheWritePerMillion } = price;
    const { inputTokens = 0, outputTokens = 0 } = usage;
    const { cacheReadInputTokens: read = 0, cacheWriteInputTokens: written = 0 } = usage;
    const writtenForHour = usage.cacheWrite1hInputTokens ?? 0;
    const cached = {
      cacheReadUsd: (read * cacheReadPerMillion) / 1e6,
      cacheWriteUsd:
        ((written - writtenForHour) * cacheWritePerMillion +
          writtenForHour * cacheWrite1hPerMillion) /
        1e6,
    };
    const uncachedUsd = ((inputTokens - read - written) * inputPerMillion) / 1e6;
    const inputUsd = uncachedUsd + cached.cacheReadUsd + cached.cacheWriteUsd;
    const outputUsd = (outputTokens * outputPerMillion) / 1e6;
    return toCost({ inputUsd, outputUsd, cached }, usage, "user", factor);
  }
}

function checked(model: string, price: ModelPrice): ModelPrice {
  if (!isRecord(price)) throw new ConfigurationError(`The price of "${model}" must be an object.`);
  for (const field of fields) {
    const value = price[field];
    const isMissing = value === undefined && !required.includes(field);
    if (!isMissing && !(typeof value === "number" && Number.isFinite(value) && value >= 0)) {
      throw new ConfigurationError(
        `The price ${field} of "${model}" must be a number of at least 0 (USD per million tokens).`,
      );
    }
  }
  for (const factor of Object.values(price.tierFactors ?? {})) {
    if (!(Number.isFinite(factor) && factor >= 0)) {
      throw new ConfigurationError(`The tierFactors of "${model}" must be numbers of at least 0.`);
    }
  }
  return { ...price };
}
