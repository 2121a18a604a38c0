import { refuse } from "../check-options.ts";

/** How much of a nested value is looked at; the rest is left out and said so. */
export interface ValueLimits {
  /**
   * Levels of nesting, 1 to 200.
   *
   * @default 16
   */
  readonly maxDepth?: number;
  /**
   * Entries of one object, array, Map or Set, at least 1.
   *
   * @default 1000
   */
  readonly maxWidth?: number;
  /**
   * Values in all, at least 1.
   *
   * @default 20000
   */
  readonly maxNodes?: number;
  /**
   * Characters of all strings together, in UTF-16 code units, at least 1.
   *
   * @default 8388608
   */
  readonly maxCharacters?: number;
}

/** Limits with every default settled. */
export type ResolvedLimits = Required<ValueLimits>;

const defaults: ResolvedLimits = {
  maxDepth: 16,
  maxWidth: 1000,
  maxNodes: 20_000,
  maxCharacters: 8_388_608,
};

/** Deepest nesting that can be allowed without risking the stack. */
const highestDepth = 200;

/**
 * Settles defaults.
 *
 * @throws {RedactionConfigurationError} A limit is not a positive integer, or `maxDepth` is above 200.
 */
export function resolveLimits(limits: ValueLimits = {}): ResolvedLimits {
  const resolved = { ...defaults };
  for (const name of ["maxDepth", "maxWidth", "maxNodes", "maxCharacters"] as const) {
    const { [name]: value = defaults[name] } = limits;
    if (!Number.isSafeInteger(value) || value < 1) {
      refuse(`limits.${name}`, "a positive integer", value);
    }
    resolved[name] = value;
  }
  if (resolved.maxDepth > highestDepth) {
    refuse("limits.maxDepth", `at most ${highestDepth}`, resolved.maxDepth);
  }
  return resolved;
}
