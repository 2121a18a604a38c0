import type { Suppression } from "./cardinality/tag-rule.ts";
import type { MetricsCounts, MetricsPipeline } from "./metrics-pipeline.ts";
import { MetricsScope } from "./metrics-scope.ts";

/** The DogStatsD client; see {@link createMetrics}. No promise rejects, and nothing blocks. */
export class Metrics extends MetricsScope {
  readonly #pipeline: MetricsPipeline;

  /** @internal */
  constructor(pipeline: MetricsPipeline, prefix: string) {
    super(pipeline, { prefix, tags: [] });
    this.#pipeline = pipeline;
  }

  /** How many values, events and service checks were handed to the operating system. */
  get sent(): number {
    return this.#pipeline.counts.sent;
  }

  /** Where everything that was recorded stands: sent, waiting or dropped, and why. */
  counts(): MetricsCounts {
    return this.#pipeline.counts;
  }

  /** Which tags and metrics would have made too many series, and how many series that saved. */
  suppressions(): Suppression[] {
    return this.#pipeline.cardinality.suppressions();
  }

  /** Sends what is gathered; never rejects, and ends within the flush time limit. */
  flush(): Promise<void> {
    return this.#pipeline.flush();
  }

  /**
   * Sends what is gathered and closes the socket; never rejects. Later calls do nothing and are counted.
   *
   * @param timeoutMs Most that it may take (ms). @default the option `shutdownTimeoutMs`
   */
  close(timeoutMs?: number): Promise<void> {
    return this.#pipeline.close(timeoutMs);
  }
}
