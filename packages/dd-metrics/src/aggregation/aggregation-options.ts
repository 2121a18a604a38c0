import { ConfigurationError } from "@llmdevops/dd-core";

/** How values are gathered before they are sent. */
export interface AggregationOptions {
  /** `false` sends every value as a line of its own. @default true */
  readonly enabled?: boolean;
  /** Names of metrics whose values are sent as lines of their own. @default [] */
  readonly except?: readonly string[];
  /**
   * Whether several values of a histogram, distribution or timing share a line (DogStatsD protocol 1.1). Agents
   * before 7.25 need `false`.
   * @default true
   */
  readonly packValues?: boolean;
}

/** The options with their defaults. */
export interface ResolvedAggregationOptions {
  readonly packValues: boolean;
  /** Whether the values of a metric are gathered. */
  gathers(name: string): boolean;
}

/**
 * Checks the options.
 *
 * @throws {ConfigurationError} When the list of exceptions holds anything but text.
 */
export function resolveAggregationOptions(
  options: AggregationOptions = {},
): ResolvedAggregationOptions {
  const { enabled = true, except = [], packValues = true } = options;
  if (!Array.isArray(except) || !except.every((name) => typeof name === "string")) {
    throw new ConfigurationError("The option aggregation.except must be a list of metric names.");
  }
  const exceptions = new Set<string>(except);
  return { packValues, gathers: (name) => enabled && !exceptions.has(name) };
}
