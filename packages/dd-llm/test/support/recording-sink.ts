import type { MetricsSink, MetricTags } from "@llmdevops/dd-core";

/** One call of a metrics sink. */
export interface RecordedMetric {
  readonly type: "increment" | "gauge" | "histogram" | "distribution";
  readonly name: string;
  readonly value: number | undefined;
  readonly tags: MetricTags | undefined;
}

/** A metrics sink that keeps what it is given. */
export class RecordingSink implements MetricsSink {
  readonly metrics: RecordedMetric[] = [];

  increment(name: string, value?: number, tags?: MetricTags): void {
    this.metrics.push({ type: "increment", name, value, tags });
  }

  gauge(name: string, value: number, tags?: MetricTags): void {
    this.metrics.push({ type: "gauge", name, value, tags });
  }

  histogram(name: string, value: number, tags?: MetricTags): void {
    this.metrics.push({ type: "histogram", name, value, tags });
  }

  distribution(name: string, value: number, tags?: MetricTags): void {
    this.metrics.push({ type: "distribution", name, value, tags });
  }

  /** Values by metric name. */
  values(): Record<string, number | undefined> {
    return Object.fromEntries(this.metrics.map(({ name, value }) => [name, value]));
  }

  named(name: string): RecordedMetric[] {
    return this.metrics.filter((metric) => metric.name === name);
  }
}
