import type { Foundation } from "@llmdevops/dd-core";
import { CardinalityGuard } from "../src/cardinality/cardinality-guard.ts";
import { resolveCardinalityOptions } from "../src/cardinality/cardinality-options.ts";
import { DatagramOutlet } from "../src/delivery/datagram-outlet.ts";
import type { StatsDTransport } from "../src/delivery/statsd-transport.ts";
import { Metrics } from "../src/metrics.ts";
import { MetricsPipeline } from "../src/metrics-pipeline.ts";

/** A client whose datagrams go to a transport of the test. */
export function metricsOver(
  foundation: Foundation,
  transport: Partial<StatsDTransport>,
  {
    maximumBytes = 1_432,
    maximumLines = 100,
  }: { readonly maximumBytes?: number; readonly maximumLines?: number } = {},
): Metrics {
  const whole: StatsDTransport = {
    address: { protocol: "udp", host: "127.0.0.1", port: 9 },
    originFields: "",
    cardinality: undefined,
    send: (_message, done) => done(),
    sendsAtOnce: () => true,
    handOver: () => true,
    close: (done) => done(),
    ...transport,
  };
  const pipeline = new MetricsPipeline({
    foundation,
    cardinality: new CardinalityGuard(resolveCardinalityOptions()),
    aggregation: { packValues: true, gathers: () => true },
    globalTags: [],
    maximumBytes,
    maximumTagBytes: 1_000,
    origin: { fields: "", cardinality: undefined },
    openOutlet: (gathered, lost) =>
      new DatagramOutlet(
        { foundation, transport: whole, maximumBytes, maximumLines, flushIntervalMs: 60_000 },
        gathered,
        lost,
      ),
    isOff: false,
    chance: () => Math.random(),
    now: () => performance.now(),
  });
  return new Metrics(pipeline, "");
}
