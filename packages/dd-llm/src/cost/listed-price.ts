import { calcPrice, type ModelInfo } from "@pydantic/genai-prices";
import type { BucketRates } from "./bucket-rates.ts";
import { bareModel, listedProvider } from "./listed-name.ts";
import { listedRates } from "./listed-rates.ts";
import { priceListGeneration } from "./price-list.ts";

/** A price that was looked up, and when it may be used without looking again. */
interface KnownPrice {
  /** `undefined` for a model that is not on the list. */
  readonly rates: BucketRates | undefined;
  /** Calls made from then on (ms since the epoch) … */
  readonly from: number;
  /** … and before then have this price. */
  readonly until: number;
  readonly lookedUp: number;
}

/** Looking a price up takes longer than all else that a call costs, and the same few models come again and again. */
const maximumKnown = 1_000;
const maximumNameLength = 256;
/** The list may be updated by others in the process too (ms). */
const maximumAge = 60_000;

/** Looks prices up in the list of `@pydantic/genai-prices`, and remembers a bounded number of them. */
export class ListedPrices {
  readonly #known = new Map<string, KnownPrice>();
  readonly #now: () => number;
  #generation = priceListGeneration();
  #last:
    | { readonly provider: string; readonly model: string; readonly price: KnownPrice }
    | undefined;

  /** @param now The clock by which what is remembered grows old (ms). */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /**
   * The rates of a model at a time (ms since the epoch); `undefined` where the list does not know the model.
   *
   * @throws What the list throws at a price that is wrong.
   */
  ratesOf(provider: string, model: string, time: number): BucketRates | undefined {
    if (this.#generation !== priceListGeneration()) {
      this.#generation = priceListGeneration();
      this.#known.clear();
      this.#last = undefined;
    }
    const now = this.#now();
    const last = this.#last;
    // Without making the text of a key, and a hash of it, for a model that is called again and again.
    const isLast = last !== undefined && last.model === model && last.provider === provider;
    if (isLast && isUsable(last.price, time, now)) return last.price.rates;
    const key = `${provider.length}:${provider}${model}`;
    let price = this.#known.get(key);
    const isKeyKept = key.length <= maximumNameLength;
    if (price === undefined || !isUsable(price, time, now)) {
      price = lookUp(provider, model, time, now);
      if (isKeyKept) this.#remember(key, price);
    }
    if (isKeyKept) this.#last = { provider, model, price };
    return price.rates;
  }

  #remember(key: string, price: KnownPrice): void {
    this.#known.delete(key);
    this.#known.set(key, price);
    if (this.#known.size <= maximumKnown) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }
}

function isUsable({ from, until, lookedUp }: KnownPrice, time: number, now: number): boolean {
  return time >= from && time < until && Math.abs(now - lookedUp) < maximumAge;
}

function lookUp(provider: string, model: string, time: number, lookedUp: number): KnownPrice {
  const options = { providerId: listedProvider(provider), timestamp: new Date(time) };
  let found = calcPrice({}, model, options);
  if (found === null) {
    const bare = bareModel(options.providerId, model);
    if (bare !== undefined) found = calcPrice({}, bare, options);
  }
  if (found === null) return { rates: undefined, ...always, lookedUp };
  const rates = listedRates(found.model_price);
  return { rates, ...validity(found.model, time), lookedUp };
}

const always = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };

/** Prices may change on a day; those that change with the hour are not remembered. */
function validity({ prices }: ModelInfo, time: number): Pick<KnownPrice, "from" | "until"> {
  if (!Array.isArray(prices)) return always;
  let { from, until } = always;
  for (const { constraint } of prices) {
    if (constraint === undefined) continue;
    if (constraint.type !== "start_date") return { from: time, until: time };
    const start = Date.parse(constraint.start_date);
    if (start <= time) from = Math.max(from, start);
    else until = Math.min(until, start);
  }
  return { from, until };
}
