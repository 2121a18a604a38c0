import { ConfigurationError } from "../errors/configuration-error.ts";

/**
 * Refuses the value of an option.
 *
 * @param variable The environment variable that can set it, too.
 * @throws ConfigurationError always
 */
export function refuse(option: string, expected: string, given: unknown, variable?: string): never {
  const remedy =
    variable === undefined ? "leave it out for its default" : `the variable ${variable}`;
  throw new ConfigurationError(
    `${option} must be ${expected}, not ${shown(given)}. Set the option ${option} or ${remedy}.`,
  );
}

/** A value as a message may show it; a text only where it is a word, since it might be a secret. */
export function shown(value: unknown): string {
  if (typeof value === "string") {
    const isWord = /^[a-z0-9 _-]{0,24}$/i.test(value) && !/\d{4}/.test(value);
    return isWord ? JSON.stringify(value) : `a text of ${value.length} characters`;
  }
  if (value === null || value === undefined) return String(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
