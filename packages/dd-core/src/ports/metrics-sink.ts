/** Tags of a metric: a plain object, never modified by the receiver. */
export type MetricTags = Readonly<Record<string, string | number | boolean | undefined>>;

/** How one metric call is to be treated. */
export interface MetricOptions {
  /** Share of the calls that is sent, from 0 to 1; the receiver scales counts back up. @default 1 */
  readonly sampleRate?: number;
  /** Time of the value (ms since the epoch, in the past); only for counts and gauges. */
  readonly timestamp?: number;
}

/**
 * Where the packages send metrics; `@llmdevops/dd-metrics` satisfies it, and so may a platform's own module.
 *
 * An implementation never throws and never blocks.
 */
export interface MetricsSink {
  /** Adds to a count, by 1 when no value is given. */
  increment(name: string, value?: number, tags?: MetricTags, options?: MetricOptions): void;
  /** States the current value of something that goes up and down. */
  gauge(name: string, value: number, tags?: MetricTags, options?: MetricOptions): void;
  /** Adds a value to a distribution that each host's Agent sums up. */
  histogram(name: string, value: number, tags?: MetricTags, options?: MetricOptions): void;
  /** Adds a value to a distribution over all hosts, with percentiles. */
  distribution(name: string, value: number, tags?: MetricTags, options?: MetricOptions): void;
}

/** A sink that keeps nothing: used where no metrics package is installed. */
export const discardingMetricsSink: MetricsSink = {
  increment: () => {},
  gauge: () => {},
  histogram: () => {},
  distribution: () => {},
};
