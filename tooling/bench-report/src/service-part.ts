import { barChart, type ChartBar } from "./bar-chart.ts";

/** One run of the service with one kind of telemetry. */
interface ServiceRun {
  readonly throughput: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMicroseconds: number;
  readonly residentMegabytes: number;
}

/** What `npm run bench:service -- --json` has written. */
export interface ServiceResult {
  readonly phases: { readonly rate: number; readonly seconds: number };
  readonly rounds: number;
  readonly runs: Readonly<Record<string, readonly ServiceRun[]>>;
}

interface Column {
  readonly title: string;
  readonly read: (run: ServiceRun) => number;
  readonly digits: number;
  readonly isMoreBetter?: boolean;
}

const columns: readonly Column[] = [
  { title: "requests/s", read: ({ throughput }) => throughput, digits: 0, isMoreBetter: true },
  { title: "p50 (ms)", read: ({ p50Ms }) => p50Ms, digits: 2 },
  { title: "p99 (ms)", read: ({ p99Ms }) => p99Ms, digits: 2 },
  { title: "CPU per request (µs)", read: ({ cpuMicroseconds }) => cpuMicroseconds, digits: 0 },
  { title: "memory (MB)", read: ({ residentMegabytes }) => residentMegabytes, digits: 0 },
];

const ours = "llmdevops-spans";
/** They write the same spans and metrics, each in its own words. */
const sameWork = [ours, "dd-trace", "opentelemetry", "langfuse", "openllmetry"];
const moreWork = ["llmdevops", "llmdevops+llmobs", "dd-trace+llmobs"];

/** The part of the page about whole processes. */
export function servicePart(service: ServiceResult, charts: Record<string, string>): string {
  const { phases, rounds, runs } = service;
  const bars: ChartBar[] = ["none", ...sameWork, ...moreWork]
    .filter((kind) => runs[kind] !== undefined)
    .map((name) => ({
      name,
      value: middle((runs[name] ?? []).map(({ cpuMicroseconds }) => cpuMicroseconds)),
      isOurs: name.startsWith("llmdevops"),
    }));
  charts["service.svg"] = barChart("CPU per request (µs)", bars, 0);
  return `## A whole service

One chat service, each request with three model calls, two tool calls, ten spans and at least twenty metrics, in a process of its own; medians of ${rounds} rounds. Latency and CPU are measured at ${phases.rate} requests/s, throughput as fast as one process can. \`npm run bench:service\` runs it.

The same spans, tags and metrics, written by hand with each tool; \`dd-trace\` is dd-trace with hot-shots, and the metrics of the last three are OpenTelemetry's:

${tableOf(["none", ...sameWork], service)}

${standing(service)}

What the packages write of themselves: \`llmdevops\` looks prices up, sums the run of the agent up with its critical path, and sends more metrics and twice as many tags for each model call. With \`+llmobs\`, agents, tools and model calls go to LLM Observability as well:

${tableOf(moreWork, service)}

![CPU per request in microseconds](performance/service.svg)
`;
}

function tableOf(kinds: readonly string[], { runs }: ServiceResult): string {
  const rows = kinds.flatMap((kind) => {
    const of = runs[kind];
    if (of === undefined) return [];
    const cells = columns.map(({ read, digits }) => middle(of.map(read)).toFixed(digits));
    return [`| ${kind} | ${cells.join(" | ")} |`];
  });
  const titles = columns.map(({ title }) => title).join(" | ");
  return `| telemetry | ${titles} |\n| --- |${" --- |".repeat(columns.length)}\n${rows.join("\n")}`;
}

/** Where ours comes first among those that do the same work, and where it does not. */
function standing({ runs }: ServiceResult): string {
  const own = runs[ours];
  if (own === undefined) return "";
  const first: string[] = [];
  const behind: string[] = [];
  for (const { title, read, isMoreBetter = false } of columns) {
    const value = middle(own.map(read));
    const ahead = sameWork.filter((kind) => {
      const other = middle((runs[kind] ?? []).map(read));
      return kind !== ours && (isMoreBetter ? other > value : other < value);
    });
    if (ahead.length === 0) first.push(title);
    else behind.push(`${title} (behind ${ahead.join(", ")})`);
  }
  const told = (titles: readonly string[]): string => titles.join(", ") || "nothing";
  return `Of the five \`${ours}\` comes first in: ${told(first)}. It does not in: ${told(behind)}.`;
}

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
