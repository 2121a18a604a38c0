import { createRedactor, type Redactor } from "@llmdevops/dd-redaction";
import { ConfigurationError } from "../errors/configuration-error.ts";

/** A setting that cannot be used. */
export interface Refusal {
  /** The option's path, such as `sampling.rate`. */
  readonly option: string;
  /** What it must be, in words. */
  readonly expected: string;
  /** What it is; shown short, and nothing of an object or a credential. */
  readonly given: unknown;
  /** The variable that can set it. */
  readonly variable?: string | undefined;
  /** Whether it can be left out. @default true */
  readonly isOptional?: boolean;
}

const longestShown = 60;
/** Longer than every credential that a rule knows by its shape, apart from keys in PEM form. */
const longestRead = 4_000;
/** What has the name or the beginning of a secret in it. */
const namedSecret = /[\w+/=-]{0,99}(?:secret|passw|token|(?<![a-z])[sp]k[-_])[\w+/=-]{0,99}/gi;
/** Long words of letters and digits, as keys are. */
const longWord = /(?=[\w+=-]{0,99}\d)(?=[\w+=-]{0,99}[a-z])[\w+=-]{12,}/gi;
/** The beginning of a credential, where a name should be. */
const secretPrefix = /(?<![a-z])[sp]k[-_][\w-]{0,199}/gi;
/** Paths of our own, such as `prices.gpt-4o.inputPerMillion` and `redaction.hashKey`. */
const knownPath = /^[a-z][a-z]{0,29}(?:\[\d{1,6}\])?(?:\.[a-z][a-z]{0,29})*$/i;
let redactor: Redactor | undefined;

/** The error that says which setting is wrong, how, and what to do. */
export function refused(refusal: Refusal): ConfigurationError {
  return new ConfigurationError(refusalText(refusal));
}

/** The sentences of {@link refused}, for an error of a class of its own. */
export function refusalText({
  option,
  expected,
  given,
  variable,
  isOptional = true,
}: Refusal): string {
  const path = maskedName(option);
  return `The setting ${path} must be ${expected}, not ${shown(given)}. Set the option ${path}${remedy(variable, isOptional)}.`;
}

function remedy(variable: string | undefined, isOptional: boolean): string {
  if (variable !== undefined) return ` or the variable ${variable}`;
  return isOptional ? " to such a value or leave it out for its default" : " to such a value";
}

/** A value as an error message may show it: short, and nothing of an object or a credential. */
export function shown(value: unknown): string {
  // A message needs less than what the redactor can be sure of, so it shows less.
  if (typeof value === "string") return JSON.stringify(masked(value, [namedSecret, longWord]));
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value === null || value === undefined) return String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** A path of an option, or a message of the system, of which a part may come from the caller. */
export function maskedName(path: string): string {
  return knownPath.test(path) ? path : masked(path, [secretPrefix]).replace(/\s+/g, " ");
}

function masked(text: string, patterns: readonly RegExp[]): string {
  redactor ??= createRedactor();
  const redacted = redactor.redact(text.slice(0, longestRead), "logs");
  return patterns
    .reduce((shorter, pattern) => shorter.replace(pattern, "***"), redacted)
    .slice(0, longestShown);
}
