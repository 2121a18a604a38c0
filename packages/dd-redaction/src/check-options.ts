import { RedactionConfigurationError } from "./redaction-configuration-error.ts";
import type { RedactorOptions } from "./redactor-options.ts";

/** The longest delay of Node's timers, which no rule needs longer than. */
const longestBudgetMs = 2_147_483_647;
/** Levels of the options: a list of rules, a rule, its list of words, a word. */
const deepestTouched = 4;

/**
 * Checks what the parts of a redactor rely on.
 *
 * @throws {RedactionConfigurationError} An option is of the wrong kind; the message begins with its name.
 */
export function checkOptions(options: RedactorOptions): void {
  const { replacement, sensitiveKeys, memo, keys, customRuleBudgetMs, customRules } = options;
  if (replacement !== undefined) oneOf("replacement", replacement, ["label", "mask", "hash"]);
  if (sensitiveKeys !== undefined) oneOf("sensitiveKeys", sensitiveKeys, ["replace", "block"]);
  for (const [name, value] of Object.entries({ memo, "keys.builtIn": keys?.builtIn })) {
    if (value !== undefined && typeof value !== "boolean") refuse(name, "true or false", value);
  }
  for (const [name, value] of Object.entries({
    "keys.block": keys?.block,
    "keys.allow": keys?.allow,
  })) {
    if (value !== undefined && !isListOfTexts(value)) refuse(name, "a list of keys", value);
  }
  if (customRules !== undefined && !Array.isArray(customRules)) {
    refuse("customRules", "a list of rules", customRules);
  }
  for (const name of ["rules", "keys", "keyPolicies", "limits"] as const) {
    const value: unknown = options[name];
    if (value !== undefined && !isRecord(value)) refuse(name, "an object", value);
  }
  checkHashKey(options.hashKey);
  const isBudget =
    typeof customRuleBudgetMs === "number" &&
    customRuleBudgetMs > 0 &&
    customRuleBudgetMs <= longestBudgetMs;
  if (customRuleBudgetMs !== undefined && !isBudget) {
    refuse("customRuleBudgetMs", "a positive number of milliseconds", customRuleBudgetMs);
  }
}

/**
 * Runs what reads options: whatever they do then, the error is one of ours.
 *
 * @throws {RedactionConfigurationError} The options are no object, or reading them throws.
 */
export function readingOptions<T>(options: unknown, read: () => T): T {
  if (typeof options !== "object" || options === null) {
    throw new RedactionConfigurationError("The options must be an object.");
  }
  try {
    return read();
  } catch (error) {
    if (error instanceof RedactionConfigurationError) throw error;
    const where = culprit(options);
    // Without what was thrown, which may hold anything.
    throw new RedactionConfigurationError(
      where === undefined
        ? `The redactor cannot be made, though its options can be read. It takes Node.js 22.12 or later, and this is ${engine()}.`
        : `The options cannot be read: a getter or proxy throws${where}. Set the option to a plain value, or leave it out for its default.`,
    );
  }
}

function engine(): string {
  const { process } = globalThis as { readonly process?: { readonly version?: string } };
  return process?.version === undefined ? "another engine" : `Node.js ${process.version}`;
}

/** The first option that throws when it is read as a whole; `undefined` where none does. */
function culprit(options: object): string | undefined {
  let name = "";
  try {
    for (name of Object.keys(options)) touch(Reflect.get(options, name), deepestTouched);
  } catch {
    return name === "" ? "" : ` under ${shownName(name)}`;
  }
  return undefined;
}

function touch(value: unknown, depth: number): void {
  if (typeof value !== "object" || value === null || depth === 0) return;
  for (const entry of Object.values(value)) touch(entry, depth - 1);
}

/** Refuses a value. @throws {RedactionConfigurationError} Always. */
export function refuse(option: string, expected: string, given: unknown): never {
  throw new RedactionConfigurationError(
    `${option} must be ${expected}, not ${shown(given)}. Set the option ${option}, or leave it out for its default.`,
  );
}

function checkHashKey(hashKey: unknown): void {
  if (hashKey === undefined || typeof hashKey === "string" || isBytes(hashKey)) return;
  refuse("hashKey", "a text or bytes", hashKey);
}

function isBytes(value: unknown): boolean {
  try {
    return value instanceof Uint8Array;
  } catch {
    // A proxy that does not even say what it is.
    return false;
  }
}

function oneOf(option: string, value: unknown, known: readonly string[]): void {
  if (!known.some((name) => name === value)) refuse(option, `one of ${known.join(", ")}`, value);
}

function isListOfTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as a message may show it; a text only where it is a word, since it might be a secret. */
function shown(value: unknown): string {
  if (typeof value === "string") {
    return /^[a-z_-]{1,24}$/i.test(value)
      ? JSON.stringify(value)
      : `a text of ${value.length} characters`;
  }
  if (value === null || ["number", "boolean", "undefined"].includes(typeof value))
    return String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** A name that is more than a name may be anything, also a secret. */
export function shownName(name: string): string {
  return /^[\w.]{1,60}$/.test(name) && !/\d{4}/.test(name) ? name : "(a name that cannot be shown)";
}
