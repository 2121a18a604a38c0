import { refused } from "@llmdevops/dd-core/options";
import { isRecord } from "../formats/unknown-record.ts";
import type { BucketRates } from "./bucket-rates.ts";

/** Prices of one model (USD per million tokens, at least 0). */
export interface ModelPrice {
  /** Price of the prompt's tokens, those of texts, images and audio alike. */
  readonly inputPerMillion: number;
  /** Price of the answer's tokens, reasoning included. */
  readonly outputPerMillion: number;
  /** Price of tokens that the provider reads from its cache. @default the input price */
  readonly cacheReadPerMillion?: number;
  /** Price of tokens that the provider writes to its cache. @default the input price */
  readonly cacheWritePerMillion?: number;
  /** Price of cache writes that are kept for one hour. @default the price of other cache writes */
  readonly cacheWrite1hPerMillion?: number;
  /**
   * Factors on all prices by service tier, for example `{ priority: 1.75 }`. Inference that Anthropic keeps in the US
   * costs 1.1 times as much in any tier.
   *
   * @default 0.5 for `batch` and `flex`, 1 for Groq's `flex`
   */
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

/** A price of the user, ready for calculation. */
export interface OwnPrice {
  readonly rates: BucketRates;
  readonly tierFactors: Readonly<Record<string, number>> | undefined;
}

/** The prices that the user has set, by model id. */
export class UserPrices {
  readonly #prices: ReadonlyMap<string, OwnPrice>;

  /** @throws {ConfigurationError} When a price is missing or no number of at least 0. */
  constructor(prices: Readonly<Record<string, ModelPrice>>) {
    if (!isRecord(prices)) {
      throw refused({ option: "prices", expected: "an object", given: prices });
    }
    this.#prices = new Map(
      Object.entries(prices).map(([model, price]) => [model, ownPrice(checked(model, price))]),
    );
  }

  /** The user's price of a model, if there is one. */
  priceOf(model: string, responseModel: string | undefined): OwnPrice | undefined {
    return (
      this.#prices.get(model) ??
      (responseModel === undefined ? undefined : this.#prices.get(responseModel))
    );
  }
}

function ownPrice(price: ModelPrice): OwnPrice {
  const { inputPerMillion: input, outputPerMillion: output, tierFactors } = price;
  const { cacheReadPerMillion: cacheRead = input, cacheWritePerMillion: cacheWrite = input } =
    price;
  const { cacheWrite1hPerMillion: cacheWrite1h = cacheWrite } = price;
  const rates = {
    input,
    inputAudio: input,
    inputImage: input,
    cacheRead,
    cacheReadAudio: cacheRead,
    cacheReadImage: cacheRead,
    cacheWrite,
    cacheWrite1h,
    output,
    outputReasoning: output,
    outputAudio: output,
    outputImage: output,
    outputCitation: output,
    audioSecond: undefined,
    request: 0,
    webSearch: 0,
  };
  return { rates, tierFactors: tierFactors === undefined ? undefined : { ...tierFactors } };
}

function checked(model: string, price: ModelPrice): ModelPrice {
  const option = `prices.${model}`;
  if (!isRecord(price)) throw refused({ option, expected: "an object", given: price });
  for (const field of fields) {
    const given = price[field];
    const isOptional = !required.includes(field);
    if ((given === undefined && isOptional) || isAmount(given)) continue;
    const expected = "a number of at least 0 (USD per million tokens)";
    throw refused({ option: `${option}.${field}`, expected, given, isOptional });
  }
  const { tierFactors = {} } = price;
  if (!isRecord(tierFactors)) {
    throw refused({ option: `${option}.tierFactors`, expected: "an object", given: tierFactors });
  }
  for (const [tier, given] of Object.entries(tierFactors)) {
    if (isAmount(given)) continue;
    const expected = "a number of at least 0";
    throw refused({ option: `${option}.tierFactors.${tier}`, expected, given });
  }
  return { ...price };
}

function isAmount(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}
