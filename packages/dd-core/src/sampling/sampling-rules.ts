import { refused, shown } from "../configuration/refusal.ts";
import { ConfigurationError } from "../errors/configuration-error.ts";

/**
 * Which traces or spans are kept at which rate; the first rule that matches counts.
 *
 * A pattern is a text with `*` for any characters and `?` for one; a trace is matched by its first span.
 */
export interface SamplingRule {
  /** Pattern of the service. */
  readonly service?: string;
  /** Pattern of the operation's name. */
  readonly name?: string;
  /** Pattern of what is worked on, such as `GET /health*`. */
  readonly resource?: string;
  /** Tags that must match, each by a pattern. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Share that is kept, from 0 to 1. */
  readonly sampleRate: number;
  /** Most that are kept in a second, above 0. @default no limit */
  readonly maxPerSecond?: number;
}

const maximumRules = 256;
const patterns = ["service", "name", "resource"] as const;
const known = new Set<string>([...patterns, "tags", "sampleRate", "maxPerSecond"]);
/** Parts of a rule that Datadog's backend writes and that change nothing here. */
const ignored = new Set(["provenance", "target_span", "targetSpan"]);

/**
 * Checks the rules of an option, or of a variable as Datadog's libraries read it: JSON with `sample_rate` and
 * `max_per_second` (https://docs.datadoghq.com/tracing/trace_pipeline/ingestion_mechanisms/).
 *
 * @throws {ConfigurationError} When one of them cannot be used.
 */
export function readSamplingRules(
  path: string,
  option: unknown,
  variable: string,
  text: string | undefined,
): readonly SamplingRule[] {
  const given: unknown = option ?? (text === undefined ? [] : parsed(path, variable, text));
  if (!Array.isArray(given) || given.length > maximumRules) {
    throw refused({
      option: path,
      variable,
      expected: `a list of at most ${maximumRules} rules`,
      given: Array.isArray(given) ? `${given.length} of them` : given,
    });
  }
  return Object.freeze(given.map((rule, index) => readRule(`${path}[${index}]`, variable, rule)));
}

function parsed(path: string, variable: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Without the cause, which repeats the text.
    throw new ConfigurationError(
      `The variable ${variable} of the setting ${path} must hold JSON, for example [{"service":"checkout","sample_rate":0.5}], not a text of ${text.length} characters that is none. Set the option ${path} or the variable ${variable}.`,
    );
  }
}

function readRule(path: string, variable: string, given: unknown): SamplingRule {
  const refuse = (what: string, value: unknown) =>
    new ConfigurationError(
      `The setting ${path} ${what}, not ${shown(value)}. Set the option ${path} or the variable ${variable}.`,
    );
  if (typeof given !== "object" || given === null) throw refuse("must be a rule", given);
  const rule: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    const name = key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (ignored.has(key) || value === undefined || value === null) continue;
    if (!known.has(name)) throw refuse("may hold service, name, resource, tags, sampleRate", key);
    rule[name] = value;
  }
  for (const name of patterns) {
    if (rule[name] !== undefined && typeof rule[name] !== "string") {
      throw refuse(`must have a text for ${name}`, rule[name]);
    }
  }
  const { sampleRate = 1, maxPerSecond, tags } = rule;
  if (typeof sampleRate !== "number" || !(sampleRate >= 0 && sampleRate <= 1)) {
    throw refuse("must have a sampleRate from 0 to 1", sampleRate);
  }
  const isLimit = typeof maxPerSecond === "number" && maxPerSecond > 0;
  if (maxPerSecond !== undefined && !isLimit) {
    throw refuse("must have a positive maxPerSecond", maxPerSecond);
  }
  return Object.freeze({
    ...rule,
    sampleRate,
    ...(tags === undefined ? {} : { tags: tagPatterns(tags, refuse) }),
  });
}

function tagPatterns(
  tags: unknown,
  refuse: (what: string, value: unknown) => ConfigurationError,
): Readonly<Record<string, string>> {
  if (typeof tags !== "object" || tags === null) throw refuse("must have tags by name", tags);
  const entries = Object.entries(tags);
  const wrong = entries.find(([, pattern]) => typeof pattern !== "string");
  if (wrong !== undefined) throw refuse("must have a text for every tag", wrong[1]);
  return Object.freeze(Object.fromEntries(entries));
}
