import type { Foundation } from "@llmdevops/dd-core";
import { tagBytes } from "./datagram-limits.ts";
import { Metrics } from "./metrics.ts";
import type { MetricsTransport } from "./metrics-transport.ts";
import { byteLength, unifiedTags } from "./unified-tags.ts";

/**
 * Creates the metrics client on another transport than hot-shots, for example one that keeps values in memory.
 *
 * Names, values, tags and limits are treated as `createMetrics` does for UDP.
 *
 * @param connect Returns the transport; it is given the tags that belong on every value, as `key:value`.
 * @example
 * ```ts
 * const metrics = createMetricsOn((globalTags) => transport(globalTags), createFoundation({ service: "checkout" }));
 * ```
 */
export function createMetricsOn(
  connect: (globalTags: readonly string[]) => MetricsTransport,
  foundation: Foundation,
): Metrics {
  const { configuration, diagnostics, guard } = foundation;
  const maximumBytes = tagBytes({ protocol: "udp", host: "", port: 0 }, process.env);
  const globalTags = unifiedTags(configuration, { guard, diagnostics, maximumBytes });
  return new Metrics(foundation, connect(globalTags), maximumBytes - byteLength(globalTags));
}
