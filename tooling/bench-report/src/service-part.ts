import { type ProcessRuns, type ServiceFigures, serviceFigures } from "@llmdevops/measure";
import { barChart, type ChartBar } from "./bar-chart.ts";

/** What `npm run bench:service -- --json` has written. */
export interface ServiceResult {
  readonly rate: number;
  readonly seconds: number;
  /** Of a round as fast as one process can. */
  readonly requests: number;
  /** Processes of each kind, one after the other. */
  readonly processes: number;
  /** Of each of them. */
  readonly rounds: number;
  readonly runs: Readonly<Record<string, readonly ProcessRuns[]>>;
}

interface Column {
  readonly title: string;
  readonly figure: keyof ServiceFigures;
  readonly digits: number;
  readonly isMoreBetter?: boolean;
}

const columns: readonly Column[] = [
  { title: "requests/s", figure: "requestsPerSecond", digits: 0, isMoreBetter: true },
  { title: "p50 (ms)", figure: "p50Ms", digits: 2 },
  { title: "p99 (ms)", figure: "p99Ms", digits: 2 },
  { title: "CPU per request (µs)", figure: "cpuMicroseconds", digits: 0 },
  { title: "memory (MB)", figure: "residentMegabytes", digits: 0 },
  { title: "memory at the end (MB)", figure: "residentMegabytesAtEnd", digits: 0 },
];

const ours = "llmdevops-spans";
/** They write the same spans and metrics, each in its own words. */
const sameWork = [ours, "dd-trace", "opentelemetry", "langfuse", "openllmetry"];
const moreWork = ["llmdevops", "llmdevops+llmobs", "dd-trace+llmobs"];

/** The part of the page about whole processes. */
export function servicePart(service: ServiceResult, charts: Record<string, string>): string {
  const { rate, seconds, requests, processes, rounds, runs } = service;
  const bars: ChartBar[] = ["none", ...sameWork, ...moreWork].flatMap((name) => {
    const of = runs[name];
    if (of === undefined) return [];
    return [
      { name, value: serviceFigures(of).cpuMicroseconds, isOurs: name.startsWith("llmdevops") },
    ];
  });
  charts["service.svg"] = barChart("CPU per request (µs)", bars, 0);
  return `## A whole service

One chat service, each request with three model calls, two tool calls, ten spans and at least twenty metrics, in a process of its own for each kind of telemetry. The kinds of a table run at once and are asked in turn: ${rounds} rounds of ${seconds} seconds at ${rate} requests/s, of which latency, CPU and the memory after the last one are told, then half as many of ${requests} requests as fast as one process can. What else the machine does only ever adds to a cost, so a figure of a process is the lower quartile of its rounds, and the upper one of requests/s. V8 decides in each process when it collects garbage and throws code away, and no two of a kind are alike: ${processes} are started, one after the other, and a figure is their median; \`npm run bench:service\` runs it.

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
    const figures = serviceFigures(of);
    const cells = columns.map(({ figure, digits }) => figures[figure].toFixed(digits));
    return [`| ${kind} | ${cells.join(" | ")} |`];
  });
  const titles = columns.map(({ title }) => title).join(" | ");
  return `| telemetry | ${titles} |\n| --- |${" --- |".repeat(columns.length)}\n${rows.join("\n")}`;
}

/** Where ours comes first among those that do the same work, and where it does not. */
function standing({ runs }: ServiceResult): string {
  const own = runs[ours];
  if (own === undefined) return "";
  const ownFigures = serviceFigures(own);
  const others = sameWork.flatMap((kind) => {
    const of = runs[kind];
    return kind === ours || of === undefined ? [] : [{ kind, figures: serviceFigures(of) }];
  });
  const first: string[] = [];
  const behind: string[] = [];
  for (const { title, figure, isMoreBetter = false } of columns) {
    const value = ownFigures[figure];
    const ahead = others.filter(({ figures }) =>
      isMoreBetter ? figures[figure] > value : figures[figure] < value,
    );
    if (ahead.length === 0) first.push(title);
    else behind.push(`${title} (behind ${ahead.map(({ kind }) => kind).join(", ")})`);
  }
  if (behind.length === 0) return `Of the five \`${ours}\` comes first in every column.`;
  const told = (titles: readonly string[]): string => titles.join(", ") || "nothing";
  return `Of the five \`${ours}\` comes first in: ${told(first)}. It does not in: ${told(behind)}.`;
}
