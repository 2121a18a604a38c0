import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Contender, interleaved, tableOf } from "@llmdevops/measure";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import datadogMetrics from "datadog-metrics";
import { StatsD } from "hot-shots";
import { createMetrics } from "../src/index.ts";
import {
  type DatagramResult,
  type LoadedClient,
  measureDatagrams,
  startSink,
} from "./datagrams.ts";

const { values } = parseArgs({
  options: { json: { type: "string" }, quick: { type: "boolean", default: false } },
});

const sink = await startSink();
const address = { host: "127.0.0.1", port: sink.port } as const;
const hotShots = (options: object) =>
  new StatsD({ ...address, errorHandler: () => {}, ...options });
const unbuffered = hotShots({ maxBufferSize: 0 });
const buffered = hotShots({ maxBufferSize: 1_432 });
const aggregating = hotShots({ maxBufferSize: 1_432, aggregation: true });
const logger = new datadogMetrics.BufferedMetricsLogger({
  apiKey: "none",
  flushIntervalSeconds: 0,
  reporter: { report: async () => {} },
});
const meter = new MeterProvider({
  readers: [
    new PeriodicExportingMetricReader({
      exporter: new InMemoryMetricExporter(AggregationTemporality.DELTA),
      exportIntervalMillis: 3_600_000,
    }),
  ],
}).getMeter("bench");
const otelCounter = meter.createCounter("bench.count");
const otelHistogram = meter.createHistogram("bench.duration");
const metrics = createMetrics({ service: "bench", dogstatsd: address });
const bound = metrics.counter("bench.count", { provider: "anthropic" });

const models = Array.from({ length: 8 }, (_, index) => `model-${index}`);
const tagsOf = (index: number) => ({
  provider: "anthropic",
  model: models[index & 7] ?? "",
  request_type: "chat",
  streaming: (index & 8) === 0 ? "true" : "false",
});
const listOf = (index: number) => [
  "provider:anthropic",
  `model:${models[index & 7]}`,
  "request_type:chat",
  `streaming:${(index & 8) === 0}`,
];
const frozen = Object.freeze(tagsOf(0));
const repeat =
  (
    operation: (index: number) => void,
    flush: () => Promise<unknown> | undefined = () => undefined,
  ) =>
  (count: number) => {
    for (let index = 0; index < count; index += 1) operation(index);
    return flush();
  };
const flushed = (operation: (index: number) => void) => repeat(operation, () => metrics.flush());
const flushedTo = (client: StatsD, operation: (index: number) => void) =>
  repeat(operation, () => new Promise<void>((resolve) => client.flush(() => resolve())));

const counted = "hot-shots, buffered: increment, 4 tags";
const distributed = "hot-shots, buffered: distribution, 4 tags";
const cases: Contender[] = [
  {
    name: counted,
    count: 10_000,
    run: flushedTo(buffered, (index) => buffered.increment("bench.count", 1, listOf(index))),
  },
  {
    name: "hot-shots, aggregating: increment, 4 tags",
    peer: counted,
    count: 10_000,
    run: flushedTo(aggregating, (index) => aggregating.increment("bench.count", 1, listOf(index))),
  },
  {
    name: "datadog-metrics: increment, 4 tags",
    peer: counted,
    count: 30_000,
    run: repeat((index) => logger.increment("bench.count", 1, listOf(index))),
  },
  {
    name: "OpenTelemetry: counter.add, 4 attributes",
    peer: counted,
    count: 30_000,
    run: repeat((index) => otelCounter.add(1, tagsOf(index))),
  },
  {
    name: "increment, 4 tags",
    peer: counted,
    gate: 0.08,
    count: 200_000,
    run: flushed((index) => metrics.increment("bench.count", 1, tagsOf(index))),
  },
  {
    name: "increment, 4 tags in a list",
    peer: counted,
    gate: 0.12,
    count: 80_000,
    run: flushed((index) => metrics.increment("bench.count", 1, listOf(index))),
  },
  {
    name: "increment, 4 tags, the same frozen object",
    peer: counted,
    count: 1_000_000,
    run: flushed(() => metrics.increment("bench.count", 1, frozen)),
  },
  {
    name: "bound count",
    peer: counted,
    gate: 0.01,
    count: 2_000_000,
    run: flushed(() => bound.increment()),
  },
  {
    name: distributed,
    count: 10_000,
    run: flushedTo(buffered, (index) =>
      buffered.distribution("bench.duration", index % 500, listOf(index)),
    ),
  },
  {
    name: "datadog-metrics: distribution, 4 tags",
    peer: distributed,
    count: 30_000,
    run: repeat((index) => logger.distribution("bench.duration", index % 500, listOf(index))),
  },
  {
    name: "OpenTelemetry: histogram.record, 4 attributes",
    peer: distributed,
    count: 30_000,
    run: repeat((index) => otelHistogram.record(index % 500, tagsOf(index))),
  },
  {
    name: "distribution, 4 tags",
    peer: distributed,
    gate: 0.15,
    count: 100_000,
    run: flushed((index) => metrics.distribution("bench.duration", index % 500, tagsOf(index))),
  },
];

const loaded: LoadedClient[] = [
  ...[
    ["hot-shots, unbuffered", unbuffered] as const,
    ["hot-shots, buffered", buffered] as const,
    ["hot-shots, aggregating", aggregating] as const,
  ].map(
    ([name, client]): LoadedClient => ({
      name,
      count: (value, index) => client.increment("mix.count", value, listOf(index)),
      gauge: (value, index) => client.gauge("mix.gauge", value, listOf(index)),
      distribution: (value, index) => client.distribution("mix.duration", value, listOf(index)),
      flush: () => new Promise((resolve) => client.flush(() => resolve())),
    }),
  ),
  {
    name: "dd-metrics",
    count: (value, index) => metrics.increment("mix.count", value, tagsOf(index)),
    gauge: (value, index) => metrics.gauge("mix.gauge", value, tagsOf(index)),
    distribution: (value, index) => metrics.distribution("mix.duration", value, tagsOf(index)),
    flush: () => metrics.flush(),
  },
];

const datagrams: DatagramResult[] = [];
for (const client of loaded) datagrams.push(await measureDatagrams(client, sink));
const results = await interleaved(cases, values.quick ? 3 : 11);

const line = (cells: readonly string[]): string =>
  `${cells[0]?.padEnd(50)}${cells
    .slice(1)
    .map((cell) => cell.padStart(12))
    .join("")}\n`;
let table = tableOf("CPU time of one call, flush included", results);
table += line(["100,000 mixed calls, 16 combinations of tags", "datagrams", "fewer", "CPU ms"]);
for (const { name, datagrams: sent, cpuMs } of datagrams) {
  const fewer = (100_000 / sent).toFixed(0);
  table += line([name, String(sent), `${fewer} x`, cpuMs.toFixed(0)]);
}
process.stdout.write(table);
if (values.json !== undefined) {
  const report = { node: process.version, results, datagrams };
  writeFileSync(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
}
sink.stop();
process.exit(0);
