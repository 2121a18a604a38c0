import { defaultStyles, type PropagationStyle, styleOf } from "./propagation-style.ts";
import type { ExtractBehavior, PropagatorOptions, ResolvedOptions } from "./propagator-options.ts";
import { refuse, shown } from "./refusal.ts";

type Environment = (name: string) => string | undefined;
/** Says that an environment variable was not understood; other programs share them, so they never throw. */
type Warn = (message: string) => void;

const integerVariables: Readonly<Record<string, string>> = {
  maximumTagsLength: "DD_TRACE_X_DATADOG_TAGS_MAX_LENGTH",
  "baggage.maximumItems": "DD_TRACE_BAGGAGE_MAX_ITEMS",
  "baggage.maximumBytes": "DD_TRACE_BAGGAGE_MAX_BYTES",
};
const behaviors: readonly string[] = ["continue", "restart", "ignore"];

/**
 * Applies environment and defaults.
 *
 * @throws ConfigurationError when an argument, as opposed to an environment variable, is wrong.
 */
export function resolveOptions(options: PropagatorOptions, warn: Warn): ResolvedOptions {
  const variables = options.env ?? globalThis.process?.env ?? {};
  if (typeof variables !== "object") refuse("env", "an object", variables);
  const environment: Environment = (name) => {
    const text: unknown = variableOf(variables, name);
    return typeof text === "string" ? text.trim() || undefined : undefined;
  };
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

/** An environment of the caller's own may be anything. */
function variableOf(variables: object, name: string): unknown {
  try {
    return Reflect.get(variables, name);
  } catch {
    return refuse("env", "an object that can be read", variables);
  }
}

function stylesOf(
  names: readonly string[] | undefined,
  option: string,
): readonly PropagationStyle[] | undefined {
  if (names === undefined) return undefined;
  if (!Array.isArray(names)) refuse(option, "an array of styles", names, variableOfStyles(option));
  return unique(
    names.map((name: unknown) => {
      const style = typeof name === "string" ? styleOf(name) : undefined;
      return style ?? refuse(option, "known styles only", name, variableOfStyles(option));
    }),
  );
}

function variableOfStyles(option: string): string {
  return `DD_TRACE_PROPAGATION_STYLE_${option.toUpperCase()}`;
}

function stylesFrom(text: string | undefined, warn: Warn): readonly PropagationStyle[] {
  if (text === undefined) return defaultStyles;
  const known: PropagationStyle[] = [];
  for (const name of text.split(",")) {
    const style = styleOf(name);
    if (style !== undefined) known.push(style);
    else if (name.trim() !== "")
      warn(`Unknown propagation style in the environment: ${shown(name.trim())}`);
  }
  return known.length === 0 ? defaultStyles : unique(known);
}

const unique = (styles: readonly PropagationStyle[]): PropagationStyle[] => [...new Set(styles)];

function booleanOf(value: boolean | undefined, option: string): boolean | undefined {
  if (value === undefined || typeof value === "boolean") return value;
  return refuse(option, "true or false", value, "DD_TRACE_PROPAGATION_EXTRACT_FIRST");
}

const isTrue = (text: string | undefined): boolean => /^(?:true|1)$/i.test(text ?? "");

function behaviorOf(value: ExtractBehavior | undefined): ExtractBehavior | undefined {
  if (value === undefined || behaviors.includes(value)) return value;
  const expected = `one of ${behaviors.join(", ")}`;
  return refuse("behavior", expected, value, "DD_TRACE_PROPAGATION_BEHAVIOR_EXTRACT");
}

function behaviorFrom(text: string | undefined, warn: Warn): ExtractBehavior {
  const value = text?.toLowerCase() ?? "continue";
  if (value === "restart" || value === "ignore" || value === "continue") return value;
  warn(`Unknown DD_TRACE_PROPAGATION_BEHAVIOR_EXTRACT: ${shown(value)}`);
  return "continue";
}

function integerOf(value: number | undefined, option: string, highest: number): number | undefined {
  if (value === undefined) return undefined;
  if (Number.isInteger(value) && value >= 0 && value <= highest) return value;
  return refuse(option, `an integer from 0 to ${highest}`, value, integerVariables[option]);
}

function integerFrom(environment: Environment, name: string, fallback: number, warn: Warn): number {
  const text = environment(name);
  if (text === undefined) return fallback;
  if (/^[0-9]{1,5}$/.test(text)) return Number(text);
  warn(`${name} is not an integer from 0 to 99999: ${shown(text)}`);
  return fallback;
}

function tagKeysOf(keys: readonly string[] | undefined): ReadonlySet<string> | undefined {
  if (keys === undefined) return undefined;
  if (Array.isArray(keys) && keys.every((key) => typeof key === "string")) return new Set(keys);
  return refuse("baggage.tagKeys", "an array of strings", keys, "DD_TRACE_BAGGAGE_TAG_KEYS");
}

/** An empty variable, unlike an absent one, means "no keys". */
function tagKeysFrom(variables: object): ReadonlySet<string> {
  const configured = variableOf(variables, "DD_TRACE_BAGGAGE_TAG_KEYS");
  const text = typeof configured === "string" ? configured : "user.id,session.id,account.id";
  return new Set(
    text
      .split(",")
      .map((key) => key.trim())
      .filter((key) => key !== ""),
  );
}
