import { InvalidMetricNameError } from "@llmdevops/dd-core";
import type { MetricContext, MetricType } from "../aggregation/metric-context.ts";
import type { MetricCallOptions } from "../metric-settings.ts";
import type { SeriesRecorder } from "../series-recorder.ts";
import type { Tags } from "../tag-entries.ts";

/** A metric with its tags and options, looked up once. */
export class BoundSeries {
  readonly recorder: SeriesRecorder;
  readonly context: MetricContext;
  /** Whether there are no options that each value has to be asked about. */
  readonly isPlain: boolean;
  readonly #type: MetricType;
  readonly #name: string;
  readonly #tags: Tags | undefined;
  readonly #options: MetricCallOptions | undefined;

  /** @throws {InvalidMetricNameError} When nothing of the name can be used. */
  constructor(
    recorder: SeriesRecorder,
    type: MetricType,
    name: string,
    tags: Tags | undefined,
    options: MetricCallOptions | undefined,
  ) {
    const context = recorder.context(type, name, tags);
    if (context === undefined) {
      throw new InvalidMetricNameError(
        "The name of a metric must start with a letter and hold letters, digits, underscores and dots.",
      );
    }
    this.recorder = recorder;
    this.context = context;
    this.isPlain = options === undefined || options === null;
    this.#type = type;
    this.#name = name;
    // What the caller does to the object later must not change what is recorded.
    this.#tags = frozenCopy(tags);
    this.#options = options;
  }

  /** Records any value; what cannot be recorded is counted. */
  record(value: unknown): void {
    this.recorder.recordCarefully(this.#type, this.#name, value, this.#tags, this.#options);
  }
}

function frozenCopy(tags: Tags | undefined): Tags | undefined {
  try {
    if (typeof tags !== "object" || tags === null) return tags;
    return Object.freeze(Array.isArray(tags) ? [...tags] : { ...tags });
  } catch {
    // A getter that throws; it will be counted with each value.
    return tags;
  }
}
