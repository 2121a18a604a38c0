import type { MetricContext } from "../aggregation/metric-context.ts";
import type { SeriesRecorder } from "../series-recorder.ts";
import type { BoundSeries } from "./bound-series.ts";

/** A count with its tags, looked up once: the quickest way to count. No method throws. */
export class Counter {
  readonly #series: BoundSeries;
  readonly #recorder: SeriesRecorder;
  readonly #context: MetricContext;

  /** @internal */
  constructor(series: BoundSeries) {
    this.#series = series;
    this.#recorder = series.recorder;
    this.#context = series.context;
  }

  /** Adds to the count. @param value @default 1 */
  increment(value = 1): void {
    const { pipeline } = this.#recorder;
    const isNumber = typeof value === "number" && value - value === 0;
    if (isNumber && this.#series.isPlain && pipeline.isOpen) {
      pipeline.aggregator.add(this.#context, value);
    } else this.#series.record(value);
  }

  /** Takes from the count. @param value @default 1 */
  decrement(value = 1): void {
    this.#series.record(typeof value === "number" ? -value : value);
  }
}
