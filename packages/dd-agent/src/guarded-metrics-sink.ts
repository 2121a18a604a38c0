import type { Diagnostics, MetricsSink } from "@llmdevops/dd-core";

/** Wraps a sink, which may be the application's own, so that what it throws is counted and goes no further. */
export function guardedMetricsSink(sink: MetricsSink, diagnostics: Diagnostics): MetricsSink {
  const guarded = (send: () => void): void => {
    try {
      send();
    } catch {
      diagnostics.count("metrics_sink_threw");
    }
  };
  return {
    increment: (...call) => guarded(() => sink.increment(...call)),
    gauge: (...call) => guarded(() => sink.gauge(...call)),
    histogram: (...call) => guarded(() => sink.histogram(...call)),
    distribution: (...call) => guarded(() => sink.distribution(...call)),
  };
}
