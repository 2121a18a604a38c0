import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createAgents, estimateSize } from "@llmdevops/dd-agent";
import { createTracing, type MetricsSink, silentLogger } from "@llmdevops/dd-core";
import tracer from "dd-trace";

/**
 * What a run with ten steps and five tools costs in processor time of this process, beside the same spans, tags and
 * metrics written with dd-trace by hand. Nothing listens where the spans go to.
 */
const { values } = parseArgs({
  options: { json: { type: "string" }, quick: { type: "boolean", default: false } },
});
const rounds = values.quick ? 7 : 31;
const runsPerRound = 600;

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
const answer = async (): Promise<typeof output> => output;

async function runWithAgents(): Promise<void> {
  await agents.traceAgent(
    { agentName: "desk", agentType: "orchestrator", childOf: null },
    async (agent) => {
      for (let step = 0; step < 10; step += 1) {
        await agents.traceAgentStep(agent, "think", async () => step);
        if (step % 2 === 0) await agents.traceToolCall(agent, "search", input, answer);
      }
    },
  );
}

/** The same by hand, as careful people write it: steps counted, errors kept, sizes, durations, totals. */
async function runWithDdTrace(): Promise<void> {
  const runId = crypto.randomUUID();
  const start = performance.now();
  let steps = 0;
  let toolMs = 0;
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
      metrics.distribution(metric, milliseconds, { agent: "desk" });
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
      await within("tool.search", tags, "agent.tool.duration", answer);
    }
  });
  root.addTags({
    "agent.steps": steps,
    "agent.outcome": "completed",
    "agent.run.agents": 1,
    "agent.run.steps": steps,
    "agent.run.tool_calls": 5,
    "agent.run.tool_ms": toolMs,
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

async function microsecondsPerRun(run: () => Promise<void>): Promise<number> {
  const { user, system } = process.threadCpuUsage();
  for (let count = 0; count < runsPerRound; count += 1) await run();
  const end = process.threadCpuUsage();
  return (end.user + end.system - user - system) / runsPerRound;
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}

/** The spans alone on the tracing client: what dd-agent cannot be below. */
async function runWithTracing(): Promise<void> {
  const tags = { "agent.name": "desk", "agent.run_id": crypto.randomUUID() };
  const desk = { childOf: null, resource: "desk", type: "agent", keep: true, tags } as const;
  const tool = { resource: "search", type: "tool", keep: true, tags } as const;
  await tracing.trace("agent.run", desk, async () => {
    for (let step = 0; step < 10; step += 1) {
      await tracing.trace("think", { resource: "desk think", keep: true, tags }, async () => step);
      if (step % 2 === 0) await tracing.trace("tool.search", tool, answer);
    }
  });
}

const contenders = [runWithDdTrace, runWithAgents, runWithTracing];
const samples: number[][] = contenders.map(() => []);
for (let warmUp = 0; warmUp < 3; warmUp += 1)
  for (const run of contenders) await microsecondsPerRun(run);
for (let round = 0; round < rounds; round += 1) {
  for (let turn = 0; turn < contenders.length; turn += 1) {
    const index = (round + turn) % contenders.length;
    const run = contenders[index];
    if (run !== undefined) samples[index]?.push(await microsecondsPerRun(run));
  }
}
const [byHand = [], withAgents = [], withTracing = []] = samples;
const report = {
  node: process.version,
  rounds,
  datapoints,
  microsecondsByHand: median(byHand),
  microsecondsOfSpansAlone: median(withTracing),
  microsecondsWithAgents: median(withAgents),
  ratio: median(withAgents.map((time, round) => time / (byHand[round] ?? Number.NaN))),
};
process.stdout.write(
  `a run with 10 steps and 5 tools: dd-trace by hand ${report.microsecondsByHand.toFixed(0)} µs, the spans alone on dd-core ${report.microsecondsOfSpansAlone.toFixed(0)} µs, dd-agent ${report.microsecondsWithAgents.toFixed(0)} µs, ratio ${report.ratio.toFixed(2)}\n`,
);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
process.exit();
