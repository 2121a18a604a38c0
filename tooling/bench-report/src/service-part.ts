import { lowerQuartile } from "@llmdevops/measure";
import { barChart, type ChartBar } from "./bar-chart.ts";

/** What requests at a fixed rate have shown. */
interface SteadyStretch {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMicroseconds: number;
  readonly residentMegabytes: number;
}

/** All that one kind of telemetry has shown. */
interface KindRuns {
  readonly steady: readonly SteadyStretch[];
  readonly fast: readonly { readonly throughput: number; readonly residentMegabytes: number }[];
}

/** What `npm run bench:service -- --json` has written. */
export interface ServiceResult {
  readonly rate: number;
  readonly seconds: number;
  readonly rounds: number;
  readonly runs: Readonly<Record<string, KindRuns>>;
}

interface Column {
  readonly title: string;
  readonly read: (runs: KindRuns) => number;
  readonly digits: number;
  readonly isMoreBetter?: boolean;
}

const columns: readonly Column[] = [
  {
    title: "requests/s",
    read: ({ fast }) => -lowerQuartile(fast.map(({ throughput }) => -throughput)),
    digits: 0,
    isMoreBetter: true,
  },
  {
    title: "p50 (ms)",
    read: ({ steady }) => lowerQuartile(steady.map(({ p50Ms }) => p50Ms)),
    digits: 2,
  },
  {
    title: "p99 (ms)",
    read: ({ steady }) => lowerQuartile(steady.map(({ p99Ms }) => p99Ms)),
    digits: 2,
  },
  { title: "CPU per request (µs)", read: cpuPerRequest, digits: 0 },
  {
    title: "memory (MB)",
    read: ({ steady }) => steady.at(-1)?.residentMegabytes ?? Number.NaN,
    digits: 0,
  },
  {
    title: "memory at the end (MB)",
    read: ({ fast }) => fast.at(-1)?.residentMegabytes ?? Number.NaN,
    digits: 0,
  },
];

const ours = "llmdevops-spans";
/** They write the same spans and metrics, each in its own words. */
const sameWork = [ours, "dd-trace", "opentelemetry", "langfuse", "openllmetry"];
const moreWork = ["llmdevops", "llmdevops+llmobs", "dd-trace+llmobs"];

/** The part of the page about whole processes. */
export function servicePart(service: ServiceResult, charts: Record<string, string>): string {
  const { rate, seconds, rounds, runs } = service;
  const bars: ChartBar[] = ["none", ...sameWork, ...moreWork].flatMap((name) => {
    const of = runs[name];
    if (of === undefined) return [];
    return [{ name, value: cpuPerRequest(of), isOurs: name.startsWith("llmdevops") }];
  });
  charts["service.svg"] = barChart("CPU per request (µs)", bars, 0);
  return `## A whole service

One chat service, each request with three model calls, two tool calls, ten spans and at least twenty metrics, in a process of its own for each kind of telemetry. The kinds of a table run at once and are asked in turn: ${rounds} rounds of ${seconds} seconds at ${rate} requests/s, of which latency, CPU and the memory after the last one are told, then a third as many as fast as one process can. What else the machine does only ever adds to a cost, so a figure is the lower quartile of the rounds, and the upper one of requests/s; \`npm run bench:service\` runs it.

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
    const cells = columns.map(({ read, digits }) => read(of).toFixed(digits));
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
    const value = read(own);
    const ahead = sameWork.filter((kind) => {
      const of = runs[kind];
      if (kind === ours || of === undefined) return false;
      return isMoreBetter ? read(of) > value : read(of) < value;
    });
    if (ahead.length === 0) first.push(title);
    else behind.push(`${title} (behind ${ahead.join(", ")})`);
  }
  if (behind.length === 0) return `Of the five \`${ours}\` comes first in every column.`;
  const told = (titles: readonly string[]): string => titles.join(", ") || "nothing";
  return `Of the five \`${ours}\` comes first in: ${told(first)}. It does not in: ${told(behind)}.`;
}

function cpuPerRequest({ steady }: KindRuns): number {
  return lowerQuartile(steady.map(({ cpuMicroseconds }) => cpuMicroseconds));
}
