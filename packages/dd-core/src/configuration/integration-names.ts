import { refused } from "./refusal.ts";
import type { Environment, SettingReader } from "./setting.ts";

const variable = "DD_LLMDEVOPS_INTEGRATIONS";
const maximumNames = 200;
/** The longest name of a package (https://docs.npmjs.com/cli/v11/configuring-npm/package-json#name). */
const maximumLength = 214;

/**
 * Decides which of dd-trace's integrations are asked for; whether dd-trace knows them shows when it is loaded.
 *
 * @throws {ConfigurationError} When the option is no list of texts.
 */
export function resolveIntegrations(
  option: unknown,
  environment: Environment,
  settings: SettingReader,
): readonly string[] {
  if (option !== undefined && !isListOfTexts(option)) {
    const expected = 'a list of names, such as ["http", "pg"]';
    throw refused({
      option: "integrations",
      variable: `${variable}=http,pg`,
      expected,
      given: option,
    });
  }
  const text = environment[variable] ?? "";
  const names = uniqueNames(option ?? text.split(/[,\s]+/));
  const source = option !== undefined ? "option" : text.trim() !== "" ? "environment" : "default";
  settings.derive("integrations", names.join(",") || undefined, source, variable);
  return Object.freeze(names);
}

function isListOfTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === "string");
}

function uniqueNames(names: readonly string[]): string[] {
  const given = names.map((name) => name.trim().toLowerCase().slice(0, maximumLength));
  return [...new Set(given)].filter((name) => name !== "").slice(0, maximumNames);
}
