import type { TestAgent } from "../agent/test-agent.ts";
import { groupTraces } from "../agent/traces/group-traces.ts";
import { observedSpans } from "../assertions/observed-span.ts";
import { renderSpanTree } from "../assertions/render-span-tree.ts";

/** What arrives within this time is printed together (ms). */
const gatherMs = 150;

/**
 * Prints what arrives at an agent: traces as trees, and how many of everything else.
 *
 * @param write Takes whole lines.
 * @returns The way to stop; what has not been printed yet is printed then.
 */
export function printArrivals(agent: TestAgent, write: (text: string) => void): () => void {
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
      const services = [...new Set(trace.spans.map(({ service }) => service))].join(", ");
      write(`trace ${trace.traceIdHex} ${services}\n${renderSpanTree(observedSpans(trace))}\n\n`);
    }
    const values = agent.metrics().length + discarded.metrics;
    if (values > metrics) write(`${values - metrics} metrics\n`);
    metrics = values;
    const refused = agent.rejections();
    const total = refused.length + discarded.rejections;
    for (const { path, status, reason } of total > rejections
      ? refused.slice(rejections - total)
      : []) {
      write(`refused ${path} ${status ?? ""} ${reason}\n`);
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
