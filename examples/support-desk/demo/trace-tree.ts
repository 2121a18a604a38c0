import type { ReceivedSpan, ReceivedTrace } from "@llmdevops/dd-testing";
import { cell, column, dollars, milliseconds, styled } from "./terminal-style.ts";

const labelWidth = 44;
const durationWidth = 10;
const tokensWidth = 11;
const costWidth = 11;

/**
 * The lines of one trace, none wider than 80 columns: a tree with durations, for model calls tokens and cost, and
 * below them how a stream or an error ended it.
 */
export function traceTree(trace: ReceivedTrace): string[] {
  const ids = new Set(trace.spans.map(({ spanId }) => spanId));
  const roots = trace.spans.filter(({ parentId }) => !ids.has(parentId));
  return [
    styled("dim", row("", "duration", "tokens", "cost")),
    ...roots.flatMap((root) => branch(root, trace.spans, "", "")),
  ];
}

function branch(
  span: ReceivedSpan,
  spans: readonly ReceivedSpan[],
  firstPrefix: string,
  restPrefix: string,
): string[] {
  const children = spans.filter(({ parentId }) => parentId === span.spanId);
  const lines = [line(span, firstPrefix)];
  const remarks = remarksOn(span);
  if (remarks !== "") lines.push(`${restPrefix}${children.length > 0 ? "│" : " "}    ${remarks}`);
  children.forEach((child, index) => {
    const isLast = index === children.length - 1;
    const first = `${restPrefix}${isLast ? "└─ " : "├─ "}`;
    const rest = `${restPrefix}${isLast ? "   " : "│  "}`;
    lines.push(...branch(child, spans, first, rest));
  });
  return lines;
}

function line(span: ReceivedSpan, prefix: string): string {
  const { metrics } = span;
  const input = metrics["llm.input_tokens"];
  const output = metrics["llm.output_tokens"];
  const cost = metrics["llm.cost.total_usd"];
  const text = row(
    `${prefix}${title(span)}`,
    milliseconds(span.durationMs),
    input === undefined && output === undefined ? "" : `${input ?? "?"}→${output ?? "?"}`,
    cost === undefined ? "" : dollars(cost),
  );
  if (span.error === 1) return styled("red", text);
  return span.type === "llm" ? styled("cyan", text) : text;
}

function row(label: string, duration: string, tokens: string, cost: string): string {
  const cells = [
    cell(duration, durationWidth),
    cell(tokens, tokensWidth),
    cell(cost, costWidth),
  ].join(" ");
  return `${column(label, labelWidth)} ${cells}`.trimEnd();
}

function title({ name, meta, service, type }: ReceivedSpan): string {
  if (type === "agent") return `${name} [${meta["agent.name"]}]`;
  if (type === "web") return `${name} (${service})`;
  const model = meta["llm.model"];
  return model === undefined ? name : `${name} ${model}`;
}

function remarksOn({ meta, metrics, error }: ReceivedSpan): string {
  const parts: string[] = [];
  const firstToken = metrics["llm.time_to_first_token_ms"];
  if (firstToken !== undefined) parts.push(`first token ${milliseconds(firstToken)}`);
  const outcome = meta["llm.stream_outcome"];
  if (outcome !== undefined) {
    parts.push(
      outcome === "completed" ? `stream ${outcome}` : styled("yellow", `stream ${outcome}`),
    );
  }
  if (error === 1) parts.push(styled("red", `error: ${meta["error.type"] ?? "unknown"}`));
  return parts.join(", ");
}
