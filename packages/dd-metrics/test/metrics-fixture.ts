import {
  type CoreOptions,
  createFoundation,
  type FaultCounts,
  silentLogger,
} from "@llmdevops/dd-core";
import { coreOptionNames, pickOptions } from "@llmdevops/dd-core/options";
import { createMetrics, type Metrics, type MetricsClientOptions } from "../src/index.ts";
import { type DatagramReceiver, type Line, startReceiver } from "./datagram-receiver.ts";

export interface MetricsFixture {
  readonly metrics: Metrics;
  readonly receiver: DatagramReceiver;
  readonly errors: readonly Error[];
  faults(): FaultCounts;
  /** Runs calls, closes the client and returns every line that arrived. */
  record(calls: (metrics: Metrics) => void, lines?: number): Promise<Line[]>;
}

/** A client that sends to a socket of its own. */
export async function startMetrics(options: MetricsClientOptions = {}): Promise<MetricsFixture> {
  const receiver = await startReceiver();
  const { dogstatsd, flushIntervalMs, ...rest } = options;
  const client = startClient({
    ...rest,
    dogstatsd: { host: "127.0.0.1", port: receiver.port, ...dogstatsd },
    ...(flushIntervalMs === undefined ? {} : { flushIntervalMs }),
  });
  return {
    ...client,
    receiver,
    async record(calls, lines = 1) {
      calls(client.metrics);
      await client.metrics.close();
      const received = await receiver.lines(lines);
      receiver.stop();
      return received;
    },
  };
}

/** A client whose faults are kept. */
export function startClient(
  options: MetricsClientOptions,
): Pick<MetricsFixture, "metrics" | "errors" | "faults"> {
  const errors: Error[] = [];
  const core: CoreOptions = {
    service: "checkout",
    logger: silentLogger,
    onError: (error) => errors.push(error),
    ...options,
  };
  const foundation = createFoundation(pickOptions(core, coreOptionNames));
  return {
    metrics: createMetrics(options, foundation),
    errors,
    faults: () => foundation.diagnostics.counts(),
  };
}
