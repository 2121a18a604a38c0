import { ConfigurationError } from "../errors/configuration-error.ts";
import { defaultStyles, type PropagationStyle, styleOf } from "./propagation-style.ts";
import type { ExtractBehavior, PropagatorOptions, ResolvedOptions } from "./propagator-options.ts";

type Environment = (name: string) => string | undefined;
/** Says that an environment variable was not understood; other programs share them, so they never throw. */
type Warn = (message: string) => void;

const behaviors: readonly string[] = ["continue", "restart", "ignore"];

/**
 * Applies environment and defaults.
 *
 * @throws ConfigurationError when an argument, as opposed to an environment variable, is wrong.
 */
export function resolveOptions(options: PropagatorOptions, warn: Warn): ResolvedOptions {
  requireObject(options.env ?? {}, "env");
  requireObject(options.baggage ?? {}, "baggage");
  const variables = options.env ?? globalThis.process?.env ?? {};
  const environment: Environment = (name) => variables[name]?.trim() || undefined;
  const baggage = options.baggage ?? {};
  const shared = environment("DD_TRACE_PROPAGATION_STYLE") ?? environment("OTEL_PROPAGATORS");
  return {
    extract:
      stylesOf(options.extract, "extract") ??
      stylesFrom(environment("DD_TRACE_PROPAGATION_STYLE_EXTRACT") ?? shared, warn),
    inject:
      stylesOf(options.inject, "inject") ??
      stylesFrom(environment("DD_TRACE_PROPAGATION_STYLE_INJECT") ?? shared, warn),
    extractFirst:
      booleanOf(options.extractFirst, "extractFirst") ??
      isTrue(environment("DD_TRACE_PROPAGATION_EXTRACT_FIRST")),
    behavior:
      behaviorOf(options.behavior) ??
      behaviorFrom(environment("DD_TRACE_PROPAGATION_BEHAVIOR_EXTRACT"), warn),
    maximumTagsLength:
      integerOf(options.maximumTagsLength, "maximumTagsLength", 65_536) ??
      integerFrom(environment, "DD_TRACE_X_DATADOG_TAGS_MAX_LENGTH", 512, warn),
    baggageLimits: {
      maximumItems:
        integerOf(baggage.maximumItems, "baggage.maximumItems", 65_536) ??
        integerFrom(environment, "DD_TRACE_BAGGAGE_MAX_ITEMS", 64, warn),
      maximumBytes:
        integerOf(baggage.maximumBytes, "baggage.maximumBytes", 65_536) ??
        integerFrom(environment, "DD_TRACE_BAGGAGE_MAX_BYTES", 8192, warn),
    },
    baggageTagKeys: tagKeysOf(baggage.tagKeys) ?? tagKeysFrom(variables),
    cacheSize: integerOf(options.cacheSize, "cacheSize", 10_000) ?? 128,
  };
}

function requireObject(value: unknown, option: string): void {
  if (typeof value !== "object") throw new ConfigurationError(`${option} must be an object`);
}

function stylesOf(
  names: readonly string[] | undefined,
  option: string,
): readonly PropagationStyle[] | undefined {
  if (names === undefined) return undefined;
  if (!Array.isArray(names)) throw new ConfigurationError(`${option} must be an array of styles`);
  return unique(
    names.map((name) => {
      const style = typeof name === "string" ? styleOf(name) : undefined;
      if (style !== undefined) return style;
      throw new ConfigurationError(`${option} has the unknown style ${JSON.stringify(name)}`);
    }),
  );
}

function stylesFrom(text: string | undefined, warn: Warn): readonly PropagationStyle[] {
  if (text === undefined) return defaultStyles;
  const known: PropagationStyle[] = [];
  for (const name of text.split(",")) {
    const style = styleOf(name);
    if (style !== undefined) known.push(style);
    else if (name.trim() !== "")
      warn(`Unknown propagation style in the environment: ${name.trim()}`);
  }
  return known.length === 0 ? defaultStyles : unique(known);
}

const unique = (styles: readonly PropagationStyle[]): PropagationStyle[] => [...new Set(styles)];

function booleanOf(value: boolean | undefined, option: string): boolean | undefined {
  if (value === undefined || typeof value === "boolean") return value;
  throw new ConfigurationError(`${option} must be true or false`);
}

const isTrue = (text: string | undefined): boolean => /^(?:true|1)$/i.test(text ?? "");

function behaviorOf(value: ExtractBehavior | undefined): ExtractBehavior | undefined {
  if (value === undefined || behaviors.includes(value)) return value;
  throw new ConfigurationError(`behavior must be one of ${behaviors.join(", ")}`);
}

function behaviorFrom(text: string | undefined, warn: Warn): ExtractBehavior {
  const value = text?.toLowerCase() ?? "continue";
  if (value === "restart" || value === "ignore" || value === "continue") return value;
  warn(`Unknown DD_TRACE_PROPAGATION_BEHAVIOR_EXTRACT: ${value}`);
  return "continue";
}

function integerOf(value: number | undefined, option: string, highest: number): number | undefined {
  if (value === undefined) return undefined;
  if (Number.isInteger(value) && value >= 0 && value <= highest) return value;
  throw new ConfigurationError(`${option} must be an integer from 0 to ${highest}`);
}

function integerFrom(environment: Environment, name: string, fallback: number, warn: Warn): number {
  const text = environment(name);
  if (text === undefined) return fallback;
  if (/^[0-9]{1,5}$/.test(text)) return Number(text);
  warn(`${name} is not an integer from 0 to 99999: ${text}`);
  return fallback;
}

function tagKeysOf(keys: readonly string[] | undefined): ReadonlySet<string> | undefined {
  if (keys === undefined) return undefined;
  if (Array.isArray(keys) && keys.every((key) => typeof key === "string")) return new Set(keys);
  throw new ConfigurationError("baggage.tagKeys must be an array of strings");
}

/** An empty variable, unlike an absent one, means "no keys". */
function tagKeysFrom(variables: Readonly<Record<string, string | undefined>>): ReadonlySet<string> {
  const { DD_TRACE_BAGGAGE_TAG_KEYS: configured } = variables;
  const text = configured ?? "user.id,session.id,account.id";
  return new Set(
    text
      .split(",")
      .map((key) => key.trim())
      .filter((key) => key !== ""),
  );
}
