import {
  ConfigurationError,
  type CoreOptions,
  createFoundation,
  type Foundation,
} from "@llmdevops/dd-core";
import { tagBytes } from "./datagram-limits.ts";
import { type DogStatsDOptions, resolveDogStatsDAddress } from "./dogstatsd-address.ts";
import { Metrics } from "./metrics.ts";
import { createStatsDClient } from "./statsd-client.ts";
import { byteLength, unifiedTags } from "./unified-tags.ts";

/** Options of {@link createMetrics}. */
export interface MetricsClientOptions extends CoreOptions {
  /** Where metrics go. */
  readonly dogstatsd?: DogStatsDOptions;
  /** How long metrics are gathered before a datagram is sent (ms, 50 to 60000). @default 1000 */
  readonly flushIntervalMs?: number;
}

/**
 * Creates the DogStatsD client on hot-shots: `env`, `service`, `version` and the configured tags on every
 * value, metrics in datagrams of at most 1,432 bytes (8,192 on a unix socket).
 *
 * @param foundation What it shares with other clients. @default built from the options
 * @throws {ConfigurationError} When an option or environment variable is missing or wrong; nothing throws later.
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
  options: MetricsClientOptions = {},
  foundation: Foundation = createFoundation(options),
): Metrics {
  const { configuration, diagnostics, guard } = foundation;
  const interval = checkedInterval(options.flushIntervalMs ?? 1_000);
  const agentHost = configuration.settings["agent.host"]?.value;
  const address = resolveDogStatsDAddress(
    options.dogstatsd,
    process.env,
    typeof agentHost === "string" ? agentHost : undefined,
  );
  const maximumBytes = tagBytes(address, process.env);
  const globalTags = unifiedTags(configuration, { guard, diagnostics, maximumBytes });
  const client = createStatsDClient(address, globalTags, interval, diagnostics);
  return new Metrics(foundation, client, maximumBytes - byteLength(globalTags));
}

function checkedInterval(interval: number): number {
  if (interval >= 50 && interval <= 60_000) return interval;
  throw new ConfigurationError(
    `The flush interval must be a number of milliseconds from 50 to 60000, not ${interval}. Set the option flushIntervalMs (metricsFlushIntervalMs of createClient).`,
  );
}
