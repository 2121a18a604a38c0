import type { TestAgent } from "../agent/test-agent.ts";
import { groupTraces, type ReceivedTrace } from "../agent/traces/group-traces.ts";
import { observedSpans } from "../assertions/observed-span.ts";
import { controlCharacters, renderSpanTree } from "../assertions/render-span-tree.ts";
import type { Terminal } from "./terminal.ts";

/** What arrives within this time is printed together (ms). */
const gatherMs = 150;

/**
 * Prints what arrives at an agent: traces as trees, and how many of everything else.
 *
 * @returns The way to stop; what has not been printed yet is printed then.
 */
export function printArrivals(agent: TestAgent, terminal: Terminal): () => void {
  let seen = 0;
  let counted: readonly number[] = [];
  let rejections = 0;
  let timer: NodeJS.Timeout | undefined;
  const print = (): void => {
    timer = undefined;
    const discarded = agent.discarded();
    const spans = agent.spans();
    const arrived = spans.length + discarded.spans;
    const fresh = spans.slice(Math.max(0, spans.length - (arrived - seen)));
    seen = arrived;
    for (const trace of groupTraces(fresh)) {
      const services = [...new Set(trace.spans.map(({ service }) => service))]
        .join(", ")
        .replace(controlCharacters, " ");
      const title = terminal.style("bold", `trace ${trace.traceIdHex} ${services}`);
      terminal.write(`${title}\n${colouredTree(trace, terminal)}\n\n`);
    }
    const counts = countsOf(agent);
    const others = counts.flatMap(([title, count], index) => {
      const more = count - (counted[index] ?? 0);
      return more > 0 ? [`${more} ${title}${more === 1 ? "" : "s"}`] : [];
    });
    if (others.length > 0) terminal.write(`${terminal.style("dim", others.join(", "))}\n`);
    counted = counts.map(([, count]) => count);
    const refused = agent.rejections();
    const total = refused.length + discarded.rejections;
    for (const { path, status, reason } of total > rejections
      ? refused.slice(rejections - total)
      : []) {
      const line = `refused ${path} ${status ?? ""} ${reason}`.replace(controlCharacters, " ");
      terminal.write(`${terminal.style("red", line)}\n`);
    }
    rejections = total;
  };
  const stop = agent.subscribe(() => {
    timer ??= setTimeout(print, gatherMs);
  });
  return () => {
    stop();
    clearTimeout(timer);
    print();
  };
}

/** How many records of every other kind arrived, kept or not. */
function countsOf(agent: TestAgent): [title: string, count: number][] {
  const discarded = agent.discarded();
  return [
    ["metric", agent.metrics().length + discarded.metrics],
    ["OTLP point", agent.otlpMetrics().length + discarded.otlpMetrics],
    ["event", agent.events().length + discarded.events],
    ["service check", agent.serviceChecks().length + discarded.serviceChecks],
    ["LLM Observability span", agent.llmobsSpans().length + discarded.llmobsSpans],
    ["evaluation", agent.evaluations().length + discarded.evaluations],
    ["log", agent.logs().length + discarded.logs],
  ];
}

/** The tree of a trace, with the lines of failed spans in red. */
function colouredTree(trace: ReceivedTrace, terminal: Terminal): string {
  const lines = renderSpanTree(observedSpans(trace)).split("\n");
  return lines
    .map((line) => (/ ms ERROR\b/.test(line) ? terminal.style("red", line) : line))
    .join("\n");
}
