import type { Foundation } from "@llmdevops/dd-core";
import { type OptionPath, readOptions, reportUnknown } from "@llmdevops/dd-core/options";
import { CardinalityGuard, type SuppressedTag } from "./cardinality/cardinality-guard.ts";
import { resolveCardinalityOptions } from "./cardinality/cardinality-options.ts";
import type { LineOutlet } from "./delivery/line-outlet.ts";
import type { LostCalls } from "./delivery/lost-calls.ts";
import { Metrics } from "./metrics.ts";
import { recordingOptionNames } from "./metrics-option-names.ts";
import { MetricsPipeline } from "./metrics-pipeline.ts";
import { checkedPrefix } from "./metrics-scope.ts";
import { checkedSwitch, type RecordingOptions, recordingSettings } from "./recording-options.ts";

/** What takes the place of hot-shots and the Agent. */
export interface MetricsBackend {
  /**
   * Takes one value, event or service check, within the call that records it, in DogStatsD's form. What it throws is
   * counted (`metric_backend_failed`).
   */
  onLine(line: string): void;
  /** Told of each tag that a call brings and that would make too many series. */
  onSuppressedTag?(tag: SuppressedTag): void;
  /** The clock of timers (ms). @default performance.now */
  now?(): number;
}

/**
 * Creates the metrics client on something else than hot-shots, for example a test kit that keeps values in memory.
 *
 * Names, values, tags, limits and counts are those of `createMetrics` over UDP. Nothing is gathered, and no value is
 * left out by its sample rate, so that each call that `createMetrics` takes is one line.
 *
 * @param given What is unknown of it has no effect, and is warned of once.
 * @param pathOf What errors call an option, where another client's options hold these. @default its name here
 * @throws {ConfigurationError} When an option is wrong, as `createMetrics` does.
 * @throws {InvalidMetricNameError} When names cannot begin with the prefix.
 * @example
 * ```ts
 * import { createFoundation } from "@llmdevops/dd-core";
 * import { createMetricsOn } from "@llmdevops/dd-metrics/backend";
 *
 * const lines: string[] = [];
 * const backend = { onLine: (line: string) => lines.push(line) };
 * const metrics = createMetricsOn(backend, {}, createFoundation({ service: "checkout" }));
 * metrics.increment("orders.placed");
 * ```
 */
export function createMetricsOn(
  backend: MetricsBackend,
  given: RecordingOptions,
  foundation: Foundation,
  pathOf: OptionPath = (name) => name,
): Metrics {
  const { options, unknown } = readOptions<RecordingOptions>(given, recordingOptionNames);
  reportUnknown(unknown, foundation.diagnostics);
  const { prefix: givenPrefix = "", offWithTracing = false } = options;
  const prefix = checkedPrefix(givenPrefix, pathOf("prefix"));
  checkedSwitch(offWithTracing, pathOf("offWithTracing"));
  const cardinality = new CardinalityGuard(
    resolveCardinalityOptions(options.cardinality, pathOf),
    undefined,
    (tag) => backend.onSuppressedTag?.(tag),
  );
  const address = { protocol: "udp", host: "", port: 0 } as const;
  const pipeline = new MetricsPipeline({
    ...recordingSettings(cardinality, foundation, address, offWithTracing),
    aggregation: { packValues: false, gathers: () => false },
    origin: { fields: "", cardinality: undefined },
    openOutlet: (_gathered, lost) => immediateOutlet(backend, lost),
    chance: () => 0,
    now: () => backend.now?.() ?? performance.now(),
  });
  return new Metrics(pipeline, prefix);
}

function immediateOutlet(backend: MetricsBackend, lost: LostCalls): LineOutlet {
  let sent = 0;
  return {
    get counts() {
      return { sent, buffered: 0, datagrams: 0 };
    },
    push({ text, calls }) {
      try {
        backend.onLine(text);
        sent += calls;
      } catch {
        lost.add("metric_backend_failed", calls);
      }
    },
    flush: async () => {},
    close: async () => {},
  };
}
