import type { Foundation } from "@llmdevops/dd-core";
import { refused } from "@llmdevops/dd-core/options";
import type { CardinalityGuard } from "./cardinality/cardinality-guard.ts";
import type { CardinalityOptions } from "./cardinality/cardinality-options.ts";
import { datagramBytes, tagBytes } from "./delivery/datagram-limits.ts";
import type { DogStatsDAddress } from "./delivery/dogstatsd-address.ts";
import type { MetricsPipelineOptions } from "./metrics-pipeline.ts";
import { byteLength, unifiedTags } from "./unified-tags.ts";

/** How values become series, wherever they go. */
export interface RecordingOptions {
  /**
   * Put in front of the names of all metrics, for example `checkout.`: a letter, then at most 99 letters, digits,
   * underscores and dots. @default ""
   */
  readonly prefix?: string;
  /** How many series there may be. */
  readonly cardinality?: CardinalityOptions;
  /** Whether nothing is recorded where tracing is off (`enabled`, `DD_TRACE_ENABLED`). @default false */
  readonly offWithTracing?: boolean;
}

/** @throws {ConfigurationError} When it is neither on nor off. */
export function checkedSwitch(given: unknown, option: string): boolean {
  if (typeof given === "boolean") return given;
  throw refused({ option, expected: "true or false", given });
}

/** What a pipeline is told about series, and about lines that go to an address. */
export function recordingSettings(
  cardinality: CardinalityGuard,
  foundation: Foundation,
  address: DogStatsDAddress,
  offWithTracing: boolean,
): Pick<
  MetricsPipelineOptions,
  "foundation" | "cardinality" | "globalTags" | "maximumBytes" | "maximumTagBytes" | "isOff"
> {
  const { configuration, diagnostics, guard } = foundation;
  const maximumBytes = tagBytes(address, process.env);
  const globalTags = unifiedTags(configuration, { guard, diagnostics, maximumBytes });
  return {
    foundation,
    cardinality,
    globalTags,
    maximumBytes: datagramBytes(address),
    maximumTagBytes: maximumBytes - byteLength(globalTags),
    isOff: offWithTracing && !configuration.enabled,
  };
}
