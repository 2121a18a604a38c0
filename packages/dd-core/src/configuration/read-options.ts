import { ConfigurationError } from "../errors/configuration-error.ts";
import type { OptionKind, OptionNames, OptionSection } from "./option-names.ts";
import { maskedName, refused } from "./refusal.ts";
import { describeUnknown, mostSaid } from "./unknown-options.ts";

/** Options as they were given, each read once. */
export interface ReadOptions<Options> {
  /** A copy without what is unknown or `undefined`; its values are not checked yet. */
  readonly options: Options;
  /** What was given but is not known: the first ten in sentences, for `reportUnknown`, and an empty one for each more. */
  readonly unknown: readonly string[];
}

const mostEntries = 100_000;
const deepestData = 8;

/**
 * Reads an options object once, so that nothing that it does later (a getter, a proxy, a change) can matter: sections
 * must be objects, lists lists, and everything must be readable.
 *
 * @param names All names that are known; what has another name is reported and has no effect.
 * @throws {ConfigurationError} When something has the wrong shape or cannot be read; it names the option.
 * @example
 * ```ts
 * const { options, unknown } = readOptions<CoreOptions>(given, coreOptionNames);
 * reportUnknown(unknown, diagnostics);
 * ```
 */
export function readOptions<Options extends object>(
  given: unknown,
  names: OptionNames<Options>,
): ReadOptions<Options> {
  const reader = new OptionsReader(names);
  const options = reader.section(given, names, "");
  // The values have the shapes of the table only; what they must be beyond that, each setting checks for itself.
  return { options: options as Options, unknown: reader.unknown };
}

/** The part of options that another table knows. */
export function pickOptions<Options extends object>(
  options: Options,
  names: OptionSection,
): Partial<Options> {
  const entries = Object.entries(options).filter(([name]) => Object.hasOwn(names, name));
  return Object.fromEntries(entries) as Partial<Options>;
}

class OptionsReader {
  readonly unknown: string[] = [];
  readonly #names: OptionSection;

  constructor(names: OptionSection) {
    this.#names = names;
  }

  section(given: unknown, names: OptionSection, path: string, variable?: string): object {
    const source = this.#object(given, path, variable);
    for (const name of attempt(path, variable, () => Object.keys(source))) {
      if (!Object.hasOwn(names, name)) {
        const isSaid = this.unknown.length < mostSaid;
        this.unknown.push(isSaid ? describeUnknown(path, name, names, this.#names) : "");
      }
    }
    const entries = Object.entries(names).flatMap(([name, kind]): [string, unknown][] => {
      const at = path === "" ? name : `${path}.${name}`;
      const value = attempt(at, variableOf(kind), () => Reflect.get(source, name));
      return value === undefined ? [] : [[name, this.#value(value, kind, at)]];
    });
    return Object.fromEntries(entries);
  }

  #value(value: unknown, kind: OptionKind, path: string): unknown {
    if (kind === "plain") return attempt(path, undefined, () => plainCopy(value, deepestData));
    if (typeof kind !== "object") return value;
    if (!isContainer(kind)) return this.section(value, kind, path);
    const [container, entries, variable] = kind;
    return container === "list"
      ? this.#list(value, entries, path, variable)
      : this.#record(value, entries, path, variable);
  }

  #list(value: unknown, entries: OptionKind, path: string, variable?: string): unknown[] {
    if (!attempt(path, variable, () => Array.isArray(value))) {
      throw refused({ option: path, variable, expected: "a list", given: value });
    }
    const list = attempt(path, variable, () => {
      const array = value as readonly unknown[];
      return array.length > mostEntries ? undefined : Array.from(array);
    });
    if (list === undefined) {
      const expected = `a list of at most ${mostEntries} entries`;
      throw refused({ option: path, variable, expected, given: value });
    }
    return list.map((entry, index) => this.#entry(entry, entries, `${path}[${index}]`));
  }

  #record(value: unknown, entries: OptionKind, path: string, variable?: string): object {
    const source = this.#object(value, path, variable);
    const read = attempt(path, variable, () => Object.entries(source));
    return Object.fromEntries(
      read.map(([name, entry]) => [name, this.#entry(entry, entries, `${path}.${name}`)]),
    );
  }

  /** What is no object although it should be one is left to the setting, which knows what else it may be. */
  #entry(entry: unknown, kind: OptionKind, path: string): unknown {
    const isObject = typeof entry === "object" && entry !== null;
    return typeof kind === "object" && !isObject ? entry : this.#value(entry, kind, path);
  }

  #object(value: unknown, path: string, variable: string | undefined): object {
    const isObject =
      typeof value === "object" &&
      value !== null &&
      !attempt(path, variable, () => Array.isArray(value));
    if (isObject) return value;
    if (path === "") throw new ConfigurationError("The options must be an object.");
    throw refused({ option: path, variable, expected: "an object", given: value });
  }
}

function attempt<T>(path: string, variable: string | undefined, read: () => T): T {
  try {
    return read();
  } catch {
    if (path === "") {
      throw new ConfigurationError(
        "The options cannot be read: their proxy throws. Give a plain object.",
      );
    }
    const name = maskedName(path);
    const remedy = variable === undefined ? "" : ` or set the variable ${variable}`;
    // Without what was thrown, which may hold anything.
    throw new ConfigurationError(
      `The setting ${name} cannot be read: its getter or proxy throws. Set the option ${name} to a plain value${remedy}, or leave it out for its default.`,
    );
  }
}

/** Copies lists and plain objects; everything else stays what it is. */
function plainCopy(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null || depth === 0) return value;
  if (Array.isArray(value)) return Array.from(value, (entry) => plainCopy(entry, depth - 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name, plainCopy(entry, depth - 1)]),
  );
}

function isContainer(
  kind: OptionKind,
): kind is Extract<OptionKind, readonly ["list" | "record", ...unknown[]]> {
  return Array.isArray(kind);
}

function variableOf(kind: OptionKind): string | undefined {
  if (typeof kind === "string" && kind !== "plain") return kind;
  return typeof kind === "object" && isContainer(kind) ? kind[2] : undefined;
}
