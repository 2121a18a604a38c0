import type { Diagnostics, MetricOptions, MetricsSink, MetricTags } from "@llmdevops/dd-core";

/** Passes on to a sink, which may be the application's own; what that throws is counted and goes no further. */
export class GuardedMetricsSink implements MetricsSink {
  readonly #sink: MetricsSink;
  readonly #diagnostics: Diagnostics;

  constructor(sink: MetricsSink, diagnostics: Diagnostics) {
    this.#sink = sink;
    this.#diagnostics = diagnostics;
  }

  increment(name: string, value?: number, tags?: MetricTags, options?: MetricOptions): void {
    try {
      this.#sink.increment(name, value, tags, options);
    } catch {
      this.#diagnostics.count("metrics_sink_threw");
    }
  }

  gauge(name: string, value: number, tags?: MetricTags, options?: MetricOptions): void {
    try {
      this.#sink.gauge(name, value, tags, options);
    } catch {
      this.#diagnostics.count("metrics_sink_threw");
    }
  }

  histogram(name: string, value: number, tags?: MetricTags, options?: MetricOptions): void {
    try {
      this.#sink.histogram(name, value, tags, options);
    } catch {
      this.#diagnostics.count("metrics_sink_threw");
    }
  }

  distribution(name: string, value: number, tags?: MetricTags, options?: MetricOptions): void {
    try {
      this.#sink.distribution(name, value, tags, options);
    } catch {
      this.#diagnostics.count("metrics_sink_threw");
    }
  }
}
