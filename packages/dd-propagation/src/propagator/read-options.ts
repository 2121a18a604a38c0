import { ConfigurationError } from "../errors/configuration-error.ts";
import type { BaggageOptions, PropagatorOptions } from "./propagator-options.ts";
import { refuse } from "./refusal.ts";

// The compiler refuses a table that lacks an option or has one too many.
const optionNames: Readonly<Record<keyof PropagatorOptions, true>> = {
  extract: true,
  inject: true,
  extractFirst: true,
  behavior: true,
  maximumTagsLength: true,
  baggage: true,
  cacheSize: true,
  onError: true,
  env: true,
};
const baggageNames: Readonly<Record<keyof BaggageOptions, true>> = {
  maximumItems: true,
  maximumBytes: true,
  tagKeys: true,
};
const mostSaid = 10;

/** Options as they were given, each read once. */
export interface ReadOptions {
  readonly options: PropagatorOptions;
  /** A sentence on what nothing reads, most often a misspelt name; a newer version may know it. */
  readonly unknown: string | undefined;
}

/**
 * Reads the options once, so that nothing they do later (a getter, a proxy, a change) can matter.
 *
 * @throws ConfigurationError when they are no object or cannot be read
 */
export function readOptions(given: unknown): ReadOptions {
  const unknown: string[] = [];
  const options: PropagatorOptions = section(given, "", optionNames, unknown);
  const { baggage } = options;
  const read =
    baggage === undefined
      ? options
      : { ...options, baggage: section(baggage, "baggage", baggageNames, unknown) };
  const known = [...Object.keys(optionNames), ...Object.keys(baggageNames).map(inBaggage)].join(
    ", ",
  );
  const named = unknown.slice(0, mostSaid).map(shownName).join(", ");
  return {
    options: read,
    unknown:
      unknown.length === 0
        ? undefined
        : `Unknown options of createPropagator have no effect: ${named}. Known are ${known}.`,
  };
}

function section<Options extends object>(
  given: unknown,
  path: string,
  names: Readonly<Record<keyof Options, true>>,
  unknown: string[],
): Options {
  if (typeof given !== "object" || given === null) {
    if (path === "") throw new ConfigurationError("The options must be an object");
    return refuse(path, "an object", given);
  }
  const at = (name: string) => (path === "" ? name : inBaggage(name));
  const keys = attempt(path === "" ? "The options" : path, () => Object.keys(given));
  unknown.push(...keys.filter((name) => !Object.hasOwn(names, name)).map(at));
  const entries = Object.keys(names).map((name) => [
    name,
    attempt(at(name), () => copied(Reflect.get(given, name))),
  ]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Options;
}

function attempt<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch {
    // Without what was thrown, which may hold anything.
    throw new ConfigurationError(
      `${what} cannot be read: a getter or proxy throws. Set the option to a plain value, or leave it out for its default.`,
    );
  }
}

/** A list may be changed or fail later; everything else is read when it is needed, or checked. */
function copied(value: unknown): unknown {
  return Array.isArray(value) ? [...value] : value;
}

function inBaggage(name: string): string {
  return `baggage.${name}`;
}

/** A name that is more than a name may be anything, also a secret. */
function shownName(name: string): string {
  return /^[\w.]{1,60}$/.test(name) && !/\d{4}/.test(name) ? name : "(a name that cannot be shown)";
}
