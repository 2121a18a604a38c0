import type { MetricContext, MetricType } from "../aggregation/metric-context.ts";
import type { SeriesRecorder } from "../series-recorder.ts";
import type { BoundSeries } from "./bound-series.ts";

/** What a {@link Recorder} records. */
export type RecorderType = "gauge" | "histogram" | "distribution" | "timing" | "set";

const letters: Readonly<Record<RecorderType, MetricType>> = {
  gauge: "g",
  histogram: "h",
  distribution: "d",
  timing: "ms",
  set: "s",
};

/** DogStatsD's letter of a type; a distribution's for what is none. */
export function letterOf(type: RecorderType): MetricType {
  return Object.hasOwn(letters, type) ? letters[type] : "d";
}

/** A gauge, histogram, distribution, timing or set with its tags, looked up once. No method throws. */
export class Recorder<T extends number | string = number> {
  readonly #series: BoundSeries;
  readonly #recorder: SeriesRecorder;
  readonly #context: MetricContext;

  /** @internal */
  constructor(series: BoundSeries) {
    this.#series = series;
    this.#recorder = series.recorder;
    this.#context = series.context;
  }

  /** Records a value. */
  record(value: T): void {
    const { pipeline } = this.#recorder;
    const { identity } = this.#context;
    if (
      this.#series.isPlain &&
      typeof value === "number" &&
      value - value === 0 &&
      identity.type !== "s" &&
      pipeline.isOpen
    ) {
      pipeline.aggregator.add(this.#context, value);
    } else this.#series.record(value);
  }
}
