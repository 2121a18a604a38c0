import type { Environment } from "@llmdevops/dd-core";
import { type OptionPath, refused } from "@llmdevops/dd-core/options";
import { checkedSwitch } from "../recording-options.ts";
import { isServerless } from "./serverless-environment.ts";

/** How values are gathered before they are sent. */
export interface AggregationOptions {
  /** `false` sends every value as a line of its own. @default true */
  readonly enabled?: boolean;
  /** Names of metrics whose values are sent as lines of their own. @default [] */
  readonly except?: readonly string[];
  /**
   * Whether several values of a histogram, distribution or timing share a line (DogStatsD protocol 1.1). Agents
   * before 7.25 need `false`, and so does Datadog's Agent for functions in the cloud, which takes the first value of
   * a line only (`@datadog/serverless-compat` 0.22.3).
   * @default `true`; `false` in functions of AWS Lambda, Azure and Google Cloud
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
 * @throws {ConfigurationError} When a switch is neither on nor off, or the list of exceptions holds anything but text.
 */
export function resolveAggregationOptions(
  options: AggregationOptions = {},
  environment: Environment = process.env,
  pathOf: OptionPath = (name) => name,
): ResolvedAggregationOptions {
  const { enabled = true, except = [], packValues = !isServerless(environment) } = options;
  if (!Array.isArray(except) || !except.every((name) => typeof name === "string")) {
    const option = pathOf("aggregation.except");
    throw refused({ option, expected: "a list of metric names", given: except });
  }
  checkedSwitch(enabled, pathOf("aggregation.enabled"));
  checkedSwitch(packValues, pathOf("aggregation.packValues"));
  const exceptions = new Set<string>(except);
  return { packValues, gathers: (name) => enabled && !exceptions.has(name) };
}
