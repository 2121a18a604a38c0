import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createAgents, estimateSize } from "@llmdevops/dd-agent";
import { createTracing, type MetricsSink, silentLogger } from "@llmdevops/dd-core";
import { type Contender, interleaved, tableOf } from "@llmdevops/measure";
import tracer from "dd-trace";

/**
 * What a run with ten steps and five tools costs in processor time of this process, beside the same spans, tags and
 * metrics written with dd-trace by hand. Nothing listens where the spans go to.
 */
const { values } = parseArgs({
  options: { json: { type: "string" }, quick: { type: "boolean", default: false } },
});

const tracing = createTracing({
  service: "bench",
  agent: { url: "http://127.0.0.1:1" },
  logger: silentLogger,
});
let datapoints = 0;
const count = (): void => {
  datapoints += 1;
};
const metrics: MetricsSink = {
  increment: count,
  gauge: count,
  histogram: count,
  distribution: count,
};
const agents = createAgents({ tracing, metrics });
const input = { query: "refunds of order 4711", limit: 10 };
const output = { articles: [{ title: "Refunds", url: "/guide/refunds" }] };
type Tool = () => Promise<typeof output>;
const answer: Tool = async () => output;

async function runWithAgents(search: Tool): Promise<void> {
  await agents.traceAgent(
    { agentName: "desk", agentType: "orchestrator", childOf: null },
    async (agent) => {
      for (let step = 0; step < 10; step += 1) {
        await agents.traceAgentStep(agent, "think", async () => step);
        if (step % 2 === 0) await agents.traceToolCall(agent, "search", input, search);
      }
    },
  );
}

/** The same by hand, as careful people write it: steps counted, errors kept, sizes, durations, totals, path. */
async function runWithDdTrace(search: Tool): Promise<void> {
  const runId = crypto.randomUUID();
  const start = performance.now();
  let steps = 0;
  let toolMs = 0;
  const path: string[] = ["desk"];
  const root = tracer.startSpan("agent.run", {
    childOf: null as never,
    tags: {
      "resource.name": "desk",
      "span.type": "agent",
      "span.kind": "internal",
      "manual.keep": true,
      "agent.name": "desk",
      "agent.type": "orchestrator",
      "agent.run_id": runId,
    },
  });
  root.setBaggageItem("agent.run_id", runId);
  root.setBaggageItem("agent.name", "desk");
  const within = async <T>(
    name: string,
    tags: object,
    metric: string,
    fn: () => Promise<T>,
  ): Promise<T> => {
    const stepStart = performance.now();
    steps += 1;
    path.push(name);
    const span = tracer.startSpan(name, {
      childOf: root,
      tags: {
        "manual.keep": true,
        "agent.name": "desk",
        "agent.run_id": runId,
        "agent.step": steps,
        ...tags,
      },
    });
    try {
      const result = await tracer.scope().activate(span, fn);
      if (metric === "agent.tool.duration") {
        span.setTag("tool.output_size", estimateSize(result));
        span.setTag("tool.success", true);
      }
      return result;
    } catch (error) {
      span.setTag("error", error);
      throw error;
    } finally {
      span.finish();
      const milliseconds = performance.now() - stepStart;
      if (metric === "agent.tool.duration") {
        toolMs += milliseconds;
        metrics.increment("agent.tool.calls", 1, {
          agent: "desk",
          tool: "search",
          cached: false,
          success: true,
        });
      }
      const isTool = metric === "agent.tool.duration";
      const tool = { agent: "desk", tool: "search", cached: false };
      metrics.distribution(metric, milliseconds, isTool ? tool : { agent: "desk" });
    }
  };
  await tracer.scope().activate(root, async () => {
    for (let step = 0; step < 10; step += 1) {
      await within(
        "think",
        { "resource.name": "desk think" },
        "agent.step.duration",
        async () => step,
      );
      if (step % 2 !== 0) continue;
      const tags = {
        "resource.name": "search",
        "span.type": "tool",
        "span.kind": "internal",
        "agent.tool": "search",
        "tool.input_size": estimateSize(input),
        "tool.cached": false,
      };
      await within("tool.search", tags, "agent.tool.duration", search);
    }
  });
  root.addTags({
    "agent.steps": steps,
    "agent.outcome": "completed",
    "agent.run.agents": 1,
    "agent.run.steps": steps,
    "agent.run.tool_calls": 5,
    "agent.run.tool_ms": toolMs,
    "agent.run.critical_path": path.join(" > "),
  });
  root.finish();
  const tags = { agent: "desk" };
  metrics.increment("agent.run.count", 1, { ...tags, outcome: "completed" });
  for (const name of [
    "agent.run.duration",
    "agent.run.active_duration",
    "agent.run.tool_duration",
  ]) {
    metrics.distribution(name, performance.now() - start, tags);
  }
  metrics.distribution("agent.run.steps", steps, tags);
}

/** The spans alone on the tracing client: what dd-agent cannot be below. */
async function runWithTracing(search: Tool): Promise<void> {
  const tags = { "agent.name": "desk", "agent.run_id": crypto.randomUUID() };
  const desk = { childOf: null, resource: "desk", type: "agent", keep: true, tags } as const;
  const tool = { resource: "search", type: "tool", keep: true, tags } as const;
  await tracing.trace("agent.run", desk, async () => {
    for (let step = 0; step < 10; step += 1) {
      await tracing.trace("think", { resource: "desk think", keep: true, tags }, async () => step);
      if (step % 2 === 0) await tracing.trace("tool.search", tool, search);
    }
  });
}

/** Processor time of this thread (µs): what is delivered by others is not what a run costs. */
function threadTime(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

function repeat(run: (search: Tool) => Promise<void>): Contender["run"] {
  return async (count) => {
    for (let index = 0; index < count; index += 1) await run(answer);
  };
}

// In a service some run is always open. Where none is, each full collection makes V8 forget the shapes of spans, and
// compile again what it had compiled for them.
const open = new Promise<typeof output>(() => {});
for (const run of [runWithDdTrace, runWithTracing, runWithAgents]) void run(() => open);

const peer = "dd-trace by hand";
const runs = 2_000;
const outcomes = await interleaved(
  [
    { name: peer, count: runs, run: repeat(runWithDdTrace) },
    { name: "the spans alone on dd-core", count: runs, peer, run: repeat(runWithTracing) },
    { name: "dd-agent", count: runs, peer, gate: 1.3, run: repeat(runWithAgents) },
  ],
  values.quick ? 5 : 21,
  threadTime,
);
process.stdout.write(tableOf("A run with 10 steps and 5 tools", outcomes));
const [byHand, spansAlone, withAgents] = outcomes;
const report = {
  node: process.version,
  datapoints,
  microsecondsByHand: (byHand?.nanoseconds ?? Number.NaN) / 1e3,
  microsecondsOfSpansAlone: (spansAlone?.nanoseconds ?? Number.NaN) / 1e3,
  microsecondsWithAgents: (withAgents?.nanoseconds ?? Number.NaN) / 1e3,
  ratio: withAgents?.ratio,
};
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
process.exit();
