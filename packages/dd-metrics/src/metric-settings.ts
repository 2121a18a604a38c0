import type { Diagnostics, MetricOptions } from "@llmdevops/dd-core";

/** The operations of a DogStatsD client. */
export type MetricOperation =
  | "increment"
  | "gauge"
  | "histogram"
  | "distribution"
  | "timing"
  | "set";

/** How one value is sent, in hot-shots' terms. */
export interface MetricSettings {
  readonly sampleRate?: number;
  /** Seconds since the epoch. */
  readonly timestamp?: number;
}

/**
 * Checks the options of one call. A sample rate or timestamp that cannot be used is left out and counted; only
 * counts and gauges may carry a timestamp (https://docs.datadoghq.com/developers/dogstatsd/datagram_shell/).
 *
 * @returns `undefined` when the sample rate is 0, so that nothing is to be sent.
 */
export function metricSettings(
  operation: MetricOperation,
  options: MetricOptions | undefined,
  diagnostics: Diagnostics,
): MetricSettings | undefined {
  const { sampleRate, timestamp } = options ?? {};
  const settings: { sampleRate?: number; timestamp?: number } = {};
  if (sampleRate === 0) return undefined;
  if (sampleRate !== undefined) {
    if (sampleRate > 0 && sampleRate <= 1) settings.sampleRate = sampleRate;
    else diagnostics.count("metric_sample_rate_invalid");
  }
  if (timestamp !== undefined) {
    const seconds = epochSeconds(timestamp);
    const mayCarryOne = operation === "increment" || operation === "gauge";
    if (mayCarryOne && seconds !== undefined) settings.timestamp = seconds;
    else diagnostics.count("metric_timestamp_ignored");
  }
  return settings;
}

/** Whole seconds of a time (ms since the epoch); `undefined` for what Datadog does not take as a time. */
export function epochSeconds(time: number): number | undefined {
  const seconds = typeof time === "number" ? Math.round(time / 1_000) : Number.NaN;
  return Number.isSafeInteger(seconds) && seconds >= 1 ? seconds : undefined;
}
