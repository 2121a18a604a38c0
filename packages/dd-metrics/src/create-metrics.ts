import type { CoreOptions, Foundation } from "@llmdevops/dd-core";
import { foundationFor, type OptionPath, readOptions, refused } from "@llmdevops/dd-core/options";
import {
  type AggregationOptions,
  resolveAggregationOptions,
} from "./aggregation/aggregation-options.ts";
import { CardinalityGuard } from "./cardinality/cardinality-guard.ts";
import { resolveCardinalityOptions } from "./cardinality/cardinality-options.ts";
import { createStatsDTransport } from "./delivery/create-statsd-transport.ts";
import { DatagramOutlet } from "./delivery/datagram-outlet.ts";
import { type DogStatsDOptions, resolveDogStatsDAddresses } from "./delivery/dogstatsd-address.ts";
import { Metrics } from "./metrics.ts";
import { metricsOptionNames } from "./metrics-option-names.ts";
import { MetricsPipeline } from "./metrics-pipeline.ts";
import { checkedPrefix } from "./metrics-scope.ts";
import { checkedSwitch, type RecordingOptions, recordingSettings } from "./recording-options.ts";

/** Options of {@link createMetrics}. */
export interface MetricsClientOptions extends CoreOptions, RecordingOptions {
  /** Where metrics go. */
  readonly dogstatsd?: DogStatsDOptions;
  /** How long values are gathered before they are sent (ms, 50 to 60000). @default 2000 */
  readonly flushIntervalMs?: number;
  /** Most lines that wait, 1 to 1000000; the oldest go first. @default 8192 */
  readonly maxBufferedLines?: number;
  /** How values are gathered. */
  readonly aggregation?: AggregationOptions;
}

/**
 * Creates the DogStatsD client on hot-shots: values are gathered by series and sent every two
 * seconds in datagrams of at most 1,432 bytes (8,192 on a unix socket), with `env`, `service`, `version` and the
 * configured tags on every line.
 *
 * @param given See {@link MetricsClientOptions}; what is unknown has no effect, and is warned of once.
 * @param shared What it shares with other clients. @default built from the options
 * @param pathOf What errors call an option, where another client's options hold these. @default its name here
 * @throws {ConfigurationError} When an option or environment variable is missing or wrong.
 * @throws {InvalidMetricNameError} When names cannot begin with the prefix.
 * @example
 * ```ts
 * import { createMetrics } from "@llmdevops/dd-metrics";
 *
 * const metrics = createMetrics({ service: "checkout", env: "dev" });
 * metrics.increment("orders.placed", 1, { channel: "web" });
 * await metrics.close();
 * ```
 */
export function createMetrics(
  given: MetricsClientOptions = {},
  shared?: Foundation,
  pathOf: OptionPath = (name) => name,
): Metrics {
  const read = readOptions<MetricsClientOptions>(given, metricsOptionNames);
  const foundation = foundationFor(read, shared);
  const { options } = read;
  const { configuration, diagnostics } = foundation;
  const { prefix: givenPrefix = "", offWithTracing = false } = options;
  const { flushIntervalMs: interval = 2_000, maxBufferedLines = 8_192 } = options;
  const flushIntervalMs = checkedInterval(interval, pathOf);
  const maximumLines = checkedLines(maxBufferedLines, pathOf);
  const prefix = checkedPrefix(givenPrefix, pathOf("prefix"));
  const aggregation = resolveAggregationOptions(options.aggregation, process.env, pathOf);
  const cardinality = new CardinalityGuard(resolveCardinalityOptions(options.cardinality, pathOf));
  const agentHost = configuration.settings["agent.host"]?.value;
  const addresses = resolveDogStatsDAddresses(
    options.dogstatsd,
    process.env,
    typeof agentHost === "string" ? agentHost : undefined,
  );
  const transport = createStatsDTransport(addresses, diagnostics);
  const recording = recordingSettings(
    cardinality,
    foundation,
    transport.address,
    checkedSwitch(offWithTracing, pathOf("offWithTracing")),
  );
  const { maximumBytes } = recording;
  const pipeline = new MetricsPipeline({
    ...recording,
    aggregation,
    origin: { fields: transport.originFields, cardinality: transport.cardinality },
    openOutlet: (gathered, lost) =>
      new DatagramOutlet(
        { foundation, transport, maximumBytes, maximumLines, flushIntervalMs },
        gathered,
        lost,
      ),
    chance: () => Math.random(),
    now: () => performance.now(),
  });
  return new Metrics(pipeline, prefix);
}

function checkedLines(lines: unknown, pathOf: OptionPath): number {
  if (typeof lines === "number" && Number.isInteger(lines) && lines >= 1 && lines <= 1_000_000) {
    return lines;
  }
  const expected = "a whole number of lines from 1 to 1000000";
  throw refused({ option: pathOf("maxBufferedLines"), expected, given: lines });
}

function checkedInterval(interval: unknown, pathOf: OptionPath): number {
  if (typeof interval === "number" && interval >= 50 && interval <= 60_000) return interval;
  const expected = "a number of milliseconds from 50 to 60000";
  throw refused({ option: pathOf("flushIntervalMs"), expected, given: interval });
}
