import { coreOptionNames, type OptionNames } from "@llmdevops/dd-core/options";
import type { AggregationOptions } from "./aggregation/aggregation-options.ts";
import type { CardinalityOptions } from "./cardinality/cardinality-options.ts";
import type { MetricsClientOptions } from "./create-metrics.ts";
import type { DogStatsDOptions } from "./delivery/dogstatsd-address.ts";
import type { RecordingOptions } from "./recording-options.ts";

const dogstatsd: OptionNames<DogStatsDOptions> = {
  host: "DD_DOGSTATSD_HOST",
  port: "DD_DOGSTATSD_PORT",
  socketPath: "DD_DOGSTATSD_SOCKET",
};

const aggregation: OptionNames<AggregationOptions> = {
  enabled: true,
  except: "plain",
  packValues: true,
};

const cardinality: OptionNames<CardinalityOptions> = {
  maxValuesPerTag: true,
  maxSeriesPerMetric: true,
  blockedTags: "plain",
  allowedTags: "plain",
  enabled: true,
};

/** All options of {@link RecordingOptions} by name. */
export const recordingOptionNames: OptionNames<RecordingOptions> = {
  prefix: true,
  cardinality,
  offWithTracing: true,
};

/** All options of {@link MetricsClientOptions} by name, for a package whose options include them. */
export const metricsOptionNames: OptionNames<MetricsClientOptions> = {
  ...coreOptionNames,
  ...recordingOptionNames,
  dogstatsd,
  flushIntervalMs: true,
  maxBufferedLines: true,
  aggregation,
};
