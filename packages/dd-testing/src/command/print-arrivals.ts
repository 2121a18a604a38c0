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
  let metrics = 0;
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
    const values = agent.metrics().length + discarded.metrics;
    if (values > metrics)
      terminal.write(`${terminal.style("dim", `${values - metrics} metrics`)}\n`);
    metrics = values;
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

/** The tree of a trace, with the lines of failed spans in red. */
function colouredTree(trace: ReceivedTrace, terminal: Terminal): string {
  const lines = renderSpanTree(observedSpans(trace)).split("\n");
  return lines
    .map((line) => (/ ms ERROR\b/.test(line) ? terminal.style("red", line) : line))
    .join("\n");
}
