import { refused } from "@llmdevops/dd-core/options";
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
      throw refused({ option: "modelAliases", expected: "an object", given: aliases });
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
  const option = `modelAliases.${name}`;
  if (!isRecord(alias)) throw refused({ option, expected: "an object", given: alias });
  const { model, provider } = alias;
  const expected = "a text that is not empty";
  if (typeof model !== "string" || model === "") {
    throw refused({ option: `${option}.model`, expected, given: model, isOptional: false });
  }
  if (provider !== undefined && (typeof provider !== "string" || provider === "")) {
    throw refused({ option: `${option}.provider`, expected, given: provider });
  }
  return { ...alias };
}
