import type { Diagnostics, MetricOptions } from "@llmdevops/dd-core";
import type { MetricType } from "./aggregation/metric-context.ts";

/** How detailed the tags are that the Agent adds for the container (https://docs.datadoghq.com/getting_started/tagging/assigning_tags/#tags-cardinality). */
export type TagCardinality = "none" | "low" | "orchestrator" | "high";

/** How one call is to be treated. */
export interface MetricCallOptions extends MetricOptions {
  /** How detailed the Agent's own tags are on this value. Environment: `DD_CARDINALITY`. @default the Agent decides */
  readonly cardinality?: TagCardinality;
  /** `false` sends this value as a line of its own. @default true */
  readonly aggregate?: boolean;
}

/** How one value is sent. */
export interface MetricSettings {
  readonly sampleRate?: number;
  /** Seconds since the epoch. */
  readonly timestamp?: number;
  readonly cardinality?: TagCardinality;
  readonly aggregate?: false;
}

const cardinalities: readonly unknown[] = ["none", "low", "orchestrator", "high"];

/**
 * Checks the options of one call. A sample rate or timestamp that cannot be used is left out and counted; only
 * counts and gauges may carry a timestamp (https://docs.datadoghq.com/developers/dogstatsd/datagram_shell/).
 *
 * @returns `undefined` when the sample rate is 0, so that nothing is to be sent.
 */
export function metricSettings(
  type: MetricType,
  options: MetricCallOptions | undefined,
  diagnostics: Diagnostics,
): MetricSettings | undefined {
  const { sampleRate, timestamp, cardinality, aggregate } = options ?? {};
  const settings: { -readonly [Name in keyof MetricSettings]: MetricSettings[Name] } = {};
  if (sampleRate === 0) return undefined;
  if (sampleRate !== undefined) {
    if (sampleRate > 0 && sampleRate <= 1) settings.sampleRate = sampleRate;
    else diagnostics.count("metric_sample_rate_invalid");
  }
  if (timestamp !== undefined) {
    const seconds = epochSeconds(timestamp);
    const mayCarryOne = type === "c" || type === "g";
    if (mayCarryOne && seconds !== undefined) settings.timestamp = seconds;
    else diagnostics.count("metric_timestamp_ignored");
  }
  if (cardinality !== undefined) {
    if (cardinalities.includes(cardinality)) settings.cardinality = cardinality;
    else diagnostics.count("metric_cardinality_option_invalid");
  }
  if (aggregate === false) settings.aggregate = false;
  return settings;
}

/** Whole seconds of a time (ms since the epoch); `undefined` for what Datadog does not take as a time. */
export function epochSeconds(time: number): number | undefined {
  const seconds = typeof time === "number" ? Math.round(time / 1_000) : Number.NaN;
  return Number.isSafeInteger(seconds) && seconds >= 1 ? seconds : undefined;
}
