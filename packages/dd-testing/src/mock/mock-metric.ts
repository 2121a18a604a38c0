/** The kinds of metrics, by the client's methods; `increment` and `decrement` make a `count`. */
export type MockMetricType = "count" | "gauge" | "histogram" | "distribution" | "timing" | "set";

/** One value that was recorded, before any aggregation. */
export interface MockMetric {
  /** As it would be sent. */
  readonly name: string;
  /** Kind of the metric, such as `distribution`. */
  readonly type: MockMetricType;
  /** Of a set whose value is text `NaN`. */
  readonly value: number;
  /** The value of a set, as it would be sent. */
  readonly text?: string;
  /**
   * With `service`, `env`, `version` and the configured tags; without those that would make too many series. Of
   * several values under one key the last.
   */
  readonly tags: Readonly<Record<string, string>>;
  /** 1 when every call is sent. The mock records the call whatever the rate is. */
  readonly sampleRate: number;
  /** Unix seconds, where the call gave a time. */
  readonly timestamp?: number;
}

/** Which metrics to return. */
export interface MetricFilter {
  /** The exact name, or an expression found in it. */
  readonly name?: string | RegExp;
  /** Kind of the metric; any when left out. */
  readonly type?: MockMetricType;
  /** Tags that must be there, with these values. */
  readonly tags?: Readonly<Record<string, string | number | boolean>>;
}
