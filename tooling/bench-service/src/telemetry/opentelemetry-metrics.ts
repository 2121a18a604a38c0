import type { createRequire } from "node:module";

interface Instrument {
  add(value: number, attributes: object): void;
  record(value: number, attributes: object): void;
}
interface MeterProvider {
  getMeter(name: string): {
    createCounter(name: string): Instrument;
    createHistogram(name: string): Instrument;
  };
  shutdown(): Promise<void>;
}

/** The application's metrics in OpenTelemetry, for those peers that trace with it. */
export interface OpenTelemetryMetrics {
  count(name: string, value: number, attributes: object): void;
  record(name: string, value: number, attributes: object): void;
  stop(): Promise<void>;
}

/** Metrics by OpenTelemetry's SDK, exported every ten seconds. */
export function startMetrics(
  load: ReturnType<typeof createRequire>,
  url: string,
): OpenTelemetryMetrics {
  const sdk = load("@opentelemetry/sdk-metrics");
  const { OTLPMetricExporter } = load("@opentelemetry/exporter-metrics-otlp-proto");
  const exporter = new OTLPMetricExporter({ url: `${url}/v1/metrics` });
  const reader = new sdk.PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 10_000 });
  const provider: MeterProvider = new sdk.MeterProvider({ readers: [reader] });
  const meter = provider.getMeter("bench");
  const instruments = new Map<string, Instrument>();
  const instrument = (name: string, create: () => Instrument): Instrument => {
    const known = instruments.get(name);
    if (known !== undefined) return known;
    const created = create();
    instruments.set(name, created);
    return created;
  };
  return {
    count: (name, value, attributes) =>
      instrument(name, () => meter.createCounter(name)).add(value, attributes),
    record: (name, value, attributes) =>
      instrument(name, () => meter.createHistogram(name)).record(value, attributes),
    stop: () => provider.shutdown(),
  };
}
