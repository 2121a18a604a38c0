import { metricCatalogue } from "@llmdevops/dd/metrics";
import type { TestAgent } from "@llmdevops/dd-testing";
import { applicationMetrics, type DemoReport } from "./report.ts";
import { cell, column, dollars, styled } from "./terminal-style.ts";
import { traceTree } from "./trace-tree.ts";

const shownLogLines = 4;

/** Units that have a short form; all others are words. */
const shortUnits: Readonly<Record<string, string>> = {
  millisecond: "ms",
  dollar: "USD",
  micro_dollar: "µUSD",
};

/** The whole report as a person reads it, at most 80 columns wide. */
export function formatReport(
  report: DemoReport,
  agent: TestAgent,
  logLines: readonly string[],
): string {
  return [
    ...traceLines(agent),
    ...metricLines(agent),
    ...logLinesShown(report, logLines),
    ...serviceMapLines(report),
    ...summaryLines(report),
    "",
  ].join("\n");
}

function heading(text: string): string[] {
  return ["", styled("bold", text)];
}

function traceLines(agent: TestAgent): string[] {
  return agent
    .traces()
    .flatMap((trace, index) => [
      "",
      `${styled("bold", `Trace ${index + 1}`)}  ${styled("dim", trace.traceIdHex)}`,
      ...traceTree(trace),
    ]);
}

function metricLines(agent: TestAgent): string[] {
  const rows = new Map<string, { type: string; count: number; sum: number }>();
  for (const { name, type, values } of applicationMetrics(agent)) {
    const row = rows.get(name) ?? { type, count: 0, sum: 0 };
    row.count += values.length;
    for (const value of values) row.sum += Number(value);
    rows.set(name, row);
  }
  const types: Readonly<Record<string, string>> = { c: "count", d: "distribution", g: "gauge" };
  const lines = [...rows].sort().map(([name, { type, count, sum }]) => {
    const value = type === "c" ? sum : sum / count;
    const meaning = type === "c" ? "total" : "mean ";
    const number = `${meaning} ${cell(round(value), 10)} ${unitOf(name, value)}`;
    return `${column(name, 32)} ${column(types[type] ?? type, 13)} ${number}`.trimEnd();
  });
  return [...heading("Metrics"), ...lines];
}

function unitOf(name: string, value: number): string {
  const unit = metricCatalogue.find((metric) => metric.name === name)?.unit;
  if (unit === undefined) return "";
  return shortUnits[unit] ?? (value === 1 ? unit : `${unit}s`);
}

function logLinesShown(report: DemoReport, lines: readonly string[]): string[] {
  const shown = lines.slice(0, shownLogLines).map((line) => {
    const record = JSON.parse(line) as Record<string, unknown>;
    return `${column(String(record["msg"]), 32)} ${styled("dim", `dd.trace_id=${record["dd.trace_id"]}`)}`;
  });
  const rest = report.logs.total - shown.length;
  return [
    ...heading("Logs"),
    ...shown,
    ...(rest > 0 ? [styled("dim", `and ${rest} more`)] : []),
    `${report.logs.correlated} of ${report.logs.total} lines carry a trace that arrived`,
  ];
}

function serviceMapLines(report: DemoReport): string[] {
  return [
    ...heading("Service map"),
    ...report.serviceMap.map(([from, to]) => `${column(from, 14)} → ${to}`),
  ];
}

function summaryLines(report: DemoReport): string[] {
  const { traces, spans, llmSpans, agentSpans, toolSpans, tokens, lost } = report;
  const outcomes = Object.entries(report.streamOutcomes).map(([name, count]) => `${count} ${name}`);
  const lostText = lost === 0 ? styled("green", "0") : styled("red", String(lost));
  return [
    ...heading("Summary"),
    `traces     ${traces}, of which ${report.crossProcessTraces} in two processes`,
    `spans      ${spans}: ${agentSpans} agents, ${toolSpans} tools, ${llmSpans} model calls (${report.llmobsSpans} in LLM Observability)`,
    `providers  ${report.providerCalls} requests answered`,
    `tokens     ${tokens.input} in, ${tokens.output} out; providers sent ${report.tokensSentByProviders.input} and ${report.tokensSentByProviders.output}`,
    `cost       ${dollars(report.costUsd)}`,
    `streams    ${outcomes.join(", ")}`,
    `errors     ${report.errors}`,
    `lost       ${lostText}`,
  ];
}

function round(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return value < 1 ? value.toFixed(6) : value.toPrecision(4);
}
