import type { ProviderName } from "./provider-name.ts";
import { addTokenUsage, type TokenUsage } from "./token-usage.ts";

/** What was told to clients about one model. */
export interface ProviderUsageTotal {
  /** Whose wire format the answers spoke. */
  readonly provider: ProviderName;
  /** Model the answers named. */
  readonly model: string;
  /** Requests whose client was told a usage. */
  readonly requests: number;
  /** The sum of what the answers stated, in tokens. */
  readonly usage: TokenUsage;
}

const mostModels = 1000;

/** Adds up usage by provider and model, beyond a thousand models under the name `(other)`. */
export class UsageTotals {
  readonly #totals = new Map<string, ProviderUsageTotal>();

  /** A copy that can be added to without changing this one. */
  copy(): UsageTotals {
    const copy = new UsageTotals();
    for (const [key, total] of this.#totals) copy.#totals.set(key, total);
    return copy;
  }

  /** Adds what the client of one request was told. */
  add(provider: ProviderName, model: string, usage: TokenUsage): void {
    const known = this.#totals.has(`${provider} ${model}`) || this.#totals.size < mostModels;
    const name = known ? model : "(other)";
    const before = this.#totals.get(`${provider} ${name}`);
    this.#totals.set(`${provider} ${name}`, {
      provider,
      model: name,
      requests: (before?.requests ?? 0) + 1,
      usage: before === undefined ? usage : addTokenUsage(before.usage, usage),
    });
  }

  /** The totals in the order the models came up. */
  values(): ProviderUsageTotal[] {
    return [...this.#totals.values()];
  }
}
