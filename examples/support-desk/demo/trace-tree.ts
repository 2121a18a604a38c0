import type { ReceivedSpan, ReceivedTrace } from "@llmdevops/dd-testing";
import { column, dollars, milliseconds, styled } from "./terminal-style.ts";

const labelWidth = 50;

/** The lines of one trace: a tree with durations, and for model calls tokens, cost and how they ended. */
export function traceTree(trace: ReceivedTrace): string[] {
  const ids = new Set(trace.spans.map(({ spanId }) => spanId));
  const roots = trace.spans.filter(({ parentId }) => !ids.has(parentId));
  return roots.flatMap((root) => branch(root, trace.spans, "", ""));
}

function branch(
  span: ReceivedSpan,
  spans: readonly ReceivedSpan[],
  firstPrefix: string,
  restPrefix: string,
): string[] {
  const children = spans.filter(({ parentId }) => parentId === span.spanId);
  const lines = [line(span, firstPrefix)];
  children.forEach((child, index) => {
    const isLast = index === children.length - 1;
    const first = `${restPrefix}${isLast ? "└─ " : "├─ "}`;
    const rest = `${restPrefix}${isLast ? "   " : "│  "}`;
    lines.push(...branch(child, spans, first, rest));
  });
  return lines;
}

function line(span: ReceivedSpan, prefix: string): string {
  const label = column(`${prefix}${title(span)}`, labelWidth);
  const colored = span.error === 1 ? styled("red", label) : label;
  return `${colored} ${milliseconds(span.durationMs)}  ${details(span)}`.trimEnd();
}

function title({ name, meta, service, type }: ReceivedSpan): string {
  const agent = type === "agent" ? ` [${meta["agent.name"]}]` : "";
  const elsewhere = type === "web" ? ` (${service})` : "";
  return `${name}${agent}${elsewhere}`;
}

function details({ meta, metrics, error }: ReceivedSpan): string {
  const parts: string[] = [];
  const model = meta["llm.model"];
  if (model !== undefined) parts.push(styled("cyan", model));
  const input = metrics["llm.input_tokens"];
  const output = metrics["llm.output_tokens"];
  if (input !== undefined || output !== undefined)
    parts.push(`${input ?? "?"}→${output ?? "?"} tokens`);
  const cost = metrics["llm.cost.total_usd"];
  if (cost !== undefined) parts.push(dollars(cost));
  const firstToken = metrics["llm.time_to_first_token_ms"];
  if (firstToken !== undefined) parts.push(`first token ${firstToken.toFixed(1)} ms`);
  const outcome = meta["llm.stream_outcome"];
  if (outcome !== undefined) {
    parts.push(
      outcome === "completed" ? `stream ${outcome}` : styled("yellow", `stream ${outcome}`),
    );
  }
  if (error === 1) parts.push(styled("red", `error: ${meta["error.type"] ?? "unknown"}`));
  return parts.join(styled("dim", " · "));
}
