import {
  createTracing,
  type FaultCounts,
  type MetricsSink,
  type MetricTags,
  silentLogger,
  type Tracing,
} from "@llmdevops/dd-core";
import { type Agents, type AgentsOptions, createAgents } from "../src/index.ts";

export interface RecordedMetric {
  readonly type: keyof MetricsSink;
  readonly name: string;
  readonly value: number;
  readonly tags: MetricTags;
}

/** Keeps what it is sent. */
export class RecordingSink implements MetricsSink {
  readonly records: RecordedMetric[] = [];

  increment(name: string, value = 1, tags: MetricTags = {}): void {
    this.records.push({ type: "increment", name, value, tags });
  }

  gauge(name: string, value: number, tags: MetricTags = {}): void {
    this.records.push({ type: "gauge", name, value, tags });
  }

  histogram(name: string, value: number, tags: MetricTags = {}): void {
    this.records.push({ type: "histogram", name, value, tags });
  }

  distribution(name: string, value: number, tags: MetricTags = {}): void {
    this.records.push({ type: "distribution", name, value, tags });
  }

  named(name: string): RecordedMetric[] {
    return this.records.filter((record) => record.name === name);
  }
}

// dd-trace is one per process, so is the client in front of it. Nothing listens on port 1.
const tracing = createTracing({
  service: "assistant",
  agent: { url: "http://127.0.0.1:1" },
  logger: silentLogger,
});

export interface AgentsFixture {
  readonly tracing: Tracing;
  readonly agents: Agents;
  readonly metrics: RecordingSink;
  /** Faults since the fixture was made. */
  faults(): FaultCounts;
}

/** A client on real spans whose metrics are kept. */
export function startAgents(options: AgentsOptions = {}): AgentsFixture {
  const metrics = new RecordingSink();
  const before = tracing.diagnostics.counts();
  return {
    tracing,
    metrics,
    agents: createAgents({ tracing, metrics, ...options }),
    faults: () =>
      Object.fromEntries(
        Object.entries(tracing.diagnostics.counts())
          .map(([reason, count]) => [reason, count - (before[reason] ?? 0)] as const)
          .filter(([, count]) => count > 0),
      ),
  };
}
