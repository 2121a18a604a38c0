import type { Diagnostics } from "@llmdevops/dd-core";
import type { TokenUsage } from "../usage/token-usage.ts";
import { type BucketRates, costParts } from "./bucket-rates.ts";
import { type CallCost, type PricedCall, toCost } from "./call-cost.ts";
import { ListedPrices } from "./listed-price.ts";
import { type ModelAlias, ModelAliases } from "./model-aliases.ts";
import { priceListDate } from "./price-list.ts";
import { tierFactor } from "./service-tier.ts";
import { type ModelPrice, UserPrices } from "./user-prices.ts";

/** Models that are warned of by name; more would drown everything else that is said. */
const maximumWarnings = 32;
const maximumNameLength = 128;

/** Prices model calls in the process, without network: by the user's prices first, then by the price list. */
export class CostCalculator {
  #userPrices: UserPrices;
  readonly #diagnostics: Diagnostics;
  readonly #listed = new ListedPrices();
  readonly #aliases: ModelAliases;
  readonly #warned = new Set<string>();
  readonly #redact: (name: string) => string;

  /**
   * @param userPrices Prices by model id.
   * @param aliases Models of the price list by the user's own names.
   * @param redact What names pass before they are said. @default as they are
   * @throws {ConfigurationError} When a price or an alias is wrong.
   */
  constructor(
    userPrices: Readonly<Record<string, ModelPrice>>,
    diagnostics: Diagnostics,
    aliases: Readonly<Record<string, ModelAlias>> = {},
    redact: (name: string) => string = (name) => name,
  ) {
    this.#userPrices = new UserPrices(userPrices);
    this.#aliases = new ModelAliases(aliases);
    this.#diagnostics = diagnostics;
    this.#redact = redact;
  }

  /**
   * Returns the cost of a call, or `undefined` when its price or its input is not known: nothing is guessed. An
   * output that is not counted is one that there was not, as with embeddings. Never throws.
   */
  calculate(call: PricedCall): CallCost | undefined {
    const { provider, model, responseModel, usage } = call;
    if (usage.inputTokens === undefined && usage.inputAudioSeconds === undefined) return undefined;
    try {
      const own = this.#userPrices.priceOf(model, responseModel);
      const factor = tierFactor(provider, call.serviceTier, own?.tierFactors);
      if (factor === undefined) {
        this.#diagnostics.count("cost_unknown_tier");
        return undefined;
      }
      if (own !== undefined) {
        if (isUnpriced(own.rates, usage)) return undefined;
        return toCost(costParts(own.rates, usage), usage, { source: "user" }, factor);
      }
      const rates = this.#listedRates(call);
      if (rates !== undefined) {
        if (isUnpriced(rates, usage)) return undefined;
        const source = { source: "genai-prices", priceDate: priceListDate() };
        return toCost(costParts(rates, usage), usage, source, factor);
      }
      this.#reportUnknown(call);
      return undefined;
    } catch {
      this.#diagnostics.count("cost_calculation_failed");
      return undefined;
    }
  }

  /** Replaces the user's prices. @throws {ConfigurationError} When one is wrong; the ones before stay. */
  replaceUserPrices(prices: Readonly<Record<string, ModelPrice>>): void {
    this.#userPrices = new UserPrices(prices);
  }

  /** Of the model that answered, else of the one that was asked for. */
  #listedRates({ provider, model, responseModel, time }: PricedCall): BucketRates | undefined {
    return (
      (responseModel === undefined ? undefined : this.#ratesOf(provider, responseModel, time)) ??
      this.#ratesOf(provider, model, time)
    );
  }

  #ratesOf(provider: string, model: string, time: number): BucketRates | undefined {
    const listed = this.#aliases.resolve(provider, model);
    return this.#listed.ratesOf(listed.provider, listed.model, time);
  }

  #reportUnknown({ provider, model }: PricedCall): void {
    this.#diagnostics.count("cost_unknown_model");
    if (this.#warned.size >= maximumWarnings) return;
    const [by, of] = [provider, model].map((name) =>
      this.#redact(name).slice(0, maximumNameLength),
    );
    const name = `${by}/${of}`;
    if (this.#warned.has(name)) return;
    this.#warned.add(name);
    this.#diagnostics.warnOnce(
      `cost-unknown-model:${name}`,
      `No price is known for the model ${name}, so its calls have no cost. Set the option prices to name one.`,
    );
  }
}

/** Whether a call that is known by the length of its audio only is priced by something else. */
function isUnpriced(rates: BucketRates, usage: TokenUsage): boolean {
  return usage.inputTokens === undefined && rates.audioSecond === undefined;
}
