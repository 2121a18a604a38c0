import { ConfigurationError } from "@llmdevops/dd-core";
import { isRecord } from "../formats/unknown-record.ts";

/** A model of the price list that a name of the user's stands for. */
export interface ModelAlias {
  /** The model as the price list knows it, for example `gpt-4o`. */
  readonly model: string;
  /** The provider as the price list knows it. @default the provider of the call */
  readonly provider?: string;
}

/** The user's names for models, for example of deployments; they matter for prices only. */
export class ModelAliases {
  readonly #aliases: ReadonlyMap<string, ModelAlias>;

  /** @throws {ConfigurationError} When an alias has no model, or a provider that is no text. */
  constructor(aliases: Readonly<Record<string, ModelAlias>>) {
    if (!isRecord(aliases)) {
      throw new ConfigurationError("The option modelAliases must be an object.");
    }
    this.#aliases = new Map(
      Object.entries(aliases).map(([name, alias]) => [name, checked(name, alias)]),
    );
  }

  /** The model that the list is asked for; itself where the user has no name for it. */
  resolve(provider: string, model: string): { readonly provider: string; readonly model: string } {
    const alias = this.#aliases.get(model);
    return alias === undefined
      ? { provider, model }
      : { provider: alias.provider ?? provider, model: alias.model };
  }
}

function checked(name: string, alias: ModelAlias): ModelAlias {
  const model: unknown = isRecord(alias) ? alias.model : undefined;
  const provider: unknown = isRecord(alias) ? alias.provider : undefined;
  const isProvider = provider === undefined || (typeof provider === "string" && provider !== "");
  if (typeof model !== "string" || model === "" || !isProvider) {
    throw new ConfigurationError(
      `The alias "${name}" of the option modelAliases must have a model, and may have a provider.`,
    );
  }
  return { ...alias };
}
