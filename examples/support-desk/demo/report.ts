import type { ReceivedMetric, ReceivedSpan, TestAgent } from "@llmdevops/dd-testing";
import type { DeskRun } from "./run-desk.ts";

/** What arrived, in numbers. */
export interface DemoReport {
  readonly traces: number;
  readonly spans: number;
  readonly llmSpans: number;
  readonly agentSpans: number;
  readonly toolSpans: number;
  /** LLM Observability spans of kind `llm`. */
  readonly llmobsSpans: number;
  readonly llmobsSpansByKind: Readonly<Record<string, number>>;
  readonly metrics: { readonly names: readonly string[]; readonly datapoints: number };
  readonly logs: { readonly total: number; readonly correlated: number };
  readonly tokens: { readonly input: number; readonly output: number };
  readonly tokensSentByProviders: { readonly input: number; readonly output: number };
  readonly providerCalls: number;
  readonly costUsd: number;
  readonly errors: number;
  /** How streamed calls ended, by outcome. */
  readonly streamOutcomes: Readonly<Record<string, number>>;
  readonly serviceMap: readonly (readonly [from: string, to: string])[];
  readonly crossProcessTraces: number;
  /** Spans that were made and did not arrive. */
  readonly lost: number;
}

/** Counts what the Agent received. */
export function buildReport(run: DeskRun, agent: TestAgent): DemoReport {
  const spans = agent.spans();
  const traces = agent.traces();
  const metrics = applicationMetrics(agent);
  const llmSpans = spans.filter(({ meta }) => "llm.model" in meta);
  const llmobsSpansByKind = countBy(agent.llmobsSpans(), ({ kind }) => kind);
  const created = run.health.reduce((sum, { spans: counts }) => sum + counts.created, 0);
  const nanoDollars = sumOf(llmSpans, (span) =>
    Math.round((span.metrics["llm.cost.total_usd"] ?? 0) * 1e9),
  );
  return {
    traces: traces.length,
    spans: spans.length,
    llmSpans: llmSpans.length,
    agentSpans: spans.filter(({ type }) => type === "agent").length,
    toolSpans: spans.filter(({ type }) => type === "tool").length,
    llmobsSpans: llmobsSpansByKind["llm"] ?? 0,
    llmobsSpansByKind,
    metrics: {
      names: [...new Set(metrics.map(({ name }) => name))].sort(),
      datapoints: sumOf(metrics, ({ values }) => values.length),
    },
    logs: countLogs(run.logLines, new Set(traces.map(({ traceIdHex }) => traceIdHex))),
    tokens: {
      input: sumOf(llmSpans, (span) => span.metrics["llm.input_tokens"] ?? 0),
      output: sumOf(llmSpans, (span) => span.metrics["llm.output_tokens"] ?? 0),
    },
    tokensSentByProviders: run.tokensSent,
    providerCalls: run.providerCalls,
    costUsd: nanoDollars / 1e9,
    errors: spans.filter(({ error }) => error === 1).length,
    streamOutcomes: countBy(
      llmSpans.filter(({ meta }) => "llm.stream_outcome" in meta),
      ({ meta }) => meta["llm.stream_outcome"] ?? "",
    ),
    serviceMap: serviceMap(spans),
    crossProcessTraces: traces.filter((trace) => processCount(trace.spans) > 1).length,
    lost: created - spans.length,
  };
}

/** Metrics of the application; dd-trace's own client reports on itself even where nobody uses it. */
export function applicationMetrics(agent: TestAgent): ReceivedMetric[] {
  return agent.metrics().filter(({ name }) => !name.startsWith("datadog.dogstatsd.client."));
}

/** Service calls service: a span under a span of another service, or a client span that names its peer. */
function serviceMap(spans: readonly ReceivedSpan[]): [string, string][] {
  const byId = new Map(spans.map((span) => [`${span.traceId}:${span.spanId}`, span]));
  const edges = new Map<string, [string, string]>();
  const add = (from: string, to: string) => edges.set(`${from}→${to}`, [from, to]);
  for (const span of spans) {
    const parent = byId.get(`${span.traceId}:${span.parentId}`);
    if (parent !== undefined && parent.service !== span.service) add(parent.service, span.service);
    const peer = span.meta["peer.service"];
    if (peer !== undefined && span.meta["span.kind"] === "client") add(span.service, peer);
  }
  return [...edges.values()].sort((a, b) => a.join().localeCompare(b.join()));
}

function countLogs(
  lines: readonly string[],
  traceIds: ReadonlySet<string>,
): { total: number; correlated: number } {
  const correlated = lines.filter((line) => {
    const record = JSON.parse(line) as Record<string, unknown>;
    return traceIds.has(String(record["dd.trace_id"])) && record["dd.span_id"] !== "";
  });
  return { total: lines.length, correlated: correlated.length };
}

function processCount(spans: readonly ReceivedSpan[]): number {
  return new Set(spans.map(({ metrics }) => metrics["process_id"])).size;
}

function countBy<T>(items: readonly T[], key: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
}

function sumOf<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}
