import type { TestAgent } from "../agent/test-agent.ts";
import { groupTraces } from "../agent/traces/group-traces.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Prints each trace that arrives at an agent as a line of JSON, as far as one payload brought it; times
 * in nanoseconds are decimal text.
 *
 * @returns The way to stop.
 */
export function printJsonArrivals(agent: TestAgent, terminal: Terminal): () => void {
  let seen = 0;
  return agent.subscribe(() => {
    const spans = agent.spans();
    const arrived = spans.length + agent.discarded().spans;
    const fresh = spans.slice(Math.max(0, spans.length - (arrived - seen)));
    seen = arrived;
    for (const trace of groupTraces(fresh)) {
      const line = JSON.stringify(trace, (_key, value: unknown) =>
        typeof value === "bigint" ? value.toString() : value,
      );
      terminal.write(`${line}\n`);
    }
  });
}
