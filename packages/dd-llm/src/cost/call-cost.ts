import type { Diagnostics } from "@llmdevops/dd-core";
import { calcPrice } from "@pydantic/genai-prices";
import type { TokenUsage } from "../usage/token-usage.ts";

/** What one model call cost (USD, to the nano-dollar). */
export interface CallCost {
  readonly inputUsd: number;
  readonly outputUsd: number;
  readonly totalUsd: number;
  /** Where the prices come from: `user` or `genai-prices`. */
  readonly source: string;
}

/** Prices of one model (USD per million tokens). */
export interface ModelPrice {
  readonly inputPerMillion: number;
  readonly outputPerMillion: number;
  /** @default the input price */
  readonly cacheReadPerMillion?: number;
  /** @default the input price */
  readonly cacheWritePerMillion?: number;
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

/** Names by which the price list knows a provider, where they differ from ours. */
const providerIds: Readonly<Record<string, string>> = {
  gemini: "google",
  google_genai: "google",
  vertexai: "google",
  bedrock: "aws",
};

/** Prices model calls in the process, without network. */
export class CostCalculator {
  readonly #userPrices: Readonly<Record<string, ModelPrice>>;
  readonly #diagnostics: Diagnostics;

  /** @param userPrices Prices by model id; they come before the price list. */
  constructor(userPrices: Readonly<Record<string, ModelPrice>>, diagnostics: Diagnostics) {
    this.#userPrices = userPrices;
    this.#diagnostics = diagnostics;
  }

  /** Returns the cost of a call, or `undefined` when its price or its usage is not known: nothing is guessed. */
  calculate(call: PricedCall): CallCost | undefined {
    const { inputTokens, outputTokens } = call.usage;
    if (inputTokens === undefined && outputTokens === undefined) return undefined;
    try {
      return this.#userCost(call) ?? this.#listedCost(call) ?? this.#unknown(call);
    } catch {
      this.#diagnostics.count("cost_calculation_failed");
      return undefined;
    }
  }

  #userCost({ model, responseModel, usage }: PricedCall): CallCost | undefined {
    const price =
      ownPrice(this.#userPrices, model) ?? ownPrice(this.#userPrices, responseModel ?? "");
    if (price === undefined) return undefined;
    const { input, cacheRead, cacheWrite, output } = disjointTokens(usage);
    const { inputPerMillion, outputPerMillion } = price;
    const inputUsd =
      input * inputPerMillion +
      cacheRead * (price.cacheReadPerMillion ?? inputPerMillion) +
      cacheWrite * (price.cacheWritePerMillion ?? inputPerMillion);
    return toCost(inputUsd / 1e6, (output * outputPerMillion) / 1e6, "user");
  }

  #listedCost({ provider, model, responseModel, usage, time }: PricedCall): CallCost | undefined {
    const { input, cacheRead, cacheWrite, output } = disjointTokens(usage);
    const counts = {
      input_tokens: input + cacheRead + cacheWrite,
      cache_read_tokens: cacheRead,
      cache_write_tokens: cacheWrite,
      output_tokens: output,
    };
    for (const name of [responseModel, model]) {
      if (!name) continue;
      const price = calcPrice(counts, name, {
        providerId: providerIds[provider] ?? provider,
        timestamp: new Date(time),
      });
      if (price) return toCost(price.input_price, price.output_price, "genai-prices");
    }
    return undefined;
  }

  #unknown({ provider, model }: PricedCall): undefined {
    this.#diagnostics.count("cost_unknown_model");
    this.#diagnostics.warnOnce(
      `cost-unknown-model:${provider}:${model}`,
      `No price is known for model "${model}" of provider "${provider}", so its calls have no cost. Set the option prices to name one.`,
    );
    return undefined;
  }
}

function ownPrice(
  prices: Readonly<Record<string, ModelPrice>>,
  model: string,
): ModelPrice | undefined {
  return Object.hasOwn(prices, model) ? prices[model] : undefined;
}

interface DisjointTokens {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
}

/** Buckets that add up to the totals, whatever the provider claims of its parts. */
function disjointTokens(usage: TokenUsage): DisjointTokens {
  const total = usage.inputTokens ?? 0;
  const cacheRead = Math.min(usage.cacheReadInputTokens ?? 0, total);
  const cacheWrite = Math.min(usage.cacheWriteInputTokens ?? 0, total - cacheRead);
  const input = total - cacheRead - cacheWrite;
  return { input, cacheRead, cacheWrite, output: usage.outputTokens ?? 0 };
}

function toCost(inputUsd: number, outputUsd: number, source: string): CallCost {
  const input = toNanoDollars(inputUsd);
  const output = toNanoDollars(outputUsd);
  return {
    inputUsd: input / 1e9,
    outputUsd: output / 1e9,
    totalUsd: (input + output) / 1e9,
    source,
  };
}

function toNanoDollars(usd: number): number {
  return Math.round(usd * 1e9);
}
