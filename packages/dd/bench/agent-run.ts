// What a run with ten steps and five tools costs, beside the same spans, tags and metrics written with dd-trace by hand.
//
// node --expose-gc --conditions=@llmdevops/source packages/dd/bench/agent-run.ts [--json FILE] [--quick]
import { fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createAgents } from "@llmdevops/dd-agent";
import { createTracing, type MetricsSink, silentLogger } from "@llmdevops/dd-core";
import { createMetrics } from "@llmdevops/dd-metrics";
import { type Contender, interleaved, type Outcome, tableOf } from "@llmdevops/measure";
import tracer from "dd-trace";
import { type RunMaterial, runByHand } from "./agent-run-by-hand.ts";
import type { SinkPorts } from "./agent-run-sink.ts";

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    quick: { type: "boolean", default: false },
    rounds: { type: "string", default: "21" },
  },
});

const sink = fork(new URL("./agent-run-sink.ts", import.meta.url), { execArgv: [] });
const [ports] = (await once(sink, "message")) as [SinkPorts];
const tracing = createTracing({
  service: "bench",
  agent: { url: `http://127.0.0.1:${ports.http}` },
  logger: silentLogger,
});
const input = { query: "refunds of order 4711", limit: 10 };
const output = { articles: [{ title: "Refunds", url: "/guide/refunds" }] };
type Tool = () => Promise<typeof output>;
const answer: Tool = async () => output;

let datapoints = 0;
const count = (): void => {
  datapoints += 1;
};
/** Counts what comes, and sends nothing: what is left is the run itself. */
const counted: MetricsSink = {
  increment: count,
  gauge: count,
  histogram: count,
  distribution: count,
};
const gathered = createMetrics({
  service: "bench",
  dogstatsd: { host: "127.0.0.1", port: ports.dogstatsd },
  logger: silentLogger,
});
/** dd-trace's own client, the quickest that one can write metrics with by hand; its types leave booleans out. */
const { dogstatsd } = tracer;
const ofDdTrace: RunMaterial["metrics"] = {
  increment: (name, value, tags) => dogstatsd.increment(name, value, tags as TextTags),
  distribution: (name, value, tags) => dogstatsd.distribution(name, value, tags as TextTags),
};
type TextTags = Readonly<Record<string, string>>;

function runWithAgents(metrics: MetricsSink): (search: Tool) => Promise<void> {
  const agents = createAgents({ tracing, metrics });
  return (search) =>
    agents.traceAgent(
      { agentName: "desk", agentType: "orchestrator", childOf: null },
      async (agent) => {
        for (let step = 0; step < 10; step += 1) {
          await agents.traceAgentStep(agent, "think", async () => step);
          if (step % 2 === 0) await agents.traceToolCall(agent, "search", input, search);
        }
      },
    );
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

// In a service some run is always open. Where none is, each full collection makes V8 forget the shapes of spans, and
// compile again what it had compiled for them.
const open = new Promise<typeof output>(() => {});

function contender(
  name: string,
  run: (search: Tool) => Promise<void>,
  peer?: string,
  gate?: number,
): Contender {
  void run(() => open);
  return {
    name,
    // A clock of the thread advances in steps; so many runs are many of them.
    count: 2_000,
    ...(peer === undefined ? {} : { peer }),
    ...(gate === undefined ? {} : { gate }),
    // Code that has not run for some collections is thrown away, and the others' samples have just had as many.
    prepare: async () => {
      for (let index = 0; index < 50; index += 1) await run(answer);
    },
    run: async (runs) => {
      for (let index = 0; index < runs; index += 1) {
        await run(answer);
        // As in a service, what was gathered is sent meanwhile.
        if (index % 50 === 0) await setImmediate();
      }
    },
  };
}

/** Processor time of this thread (µs): what is delivered by others is not what a run costs. */
function threadTime(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

const byHand = "dd-trace by hand, metrics by its DogStatsD client";
const byHandUncounted = "dd-trace by hand, metrics nowhere";
const outcomes = await interleaved(
  [
    contender(byHand, (search) => runByHand({ input, metrics: ofDdTrace }, search)),
    contender("dd-agent, metrics by dd-metrics", runWithAgents(gathered), byHand, 1.3),
    contender(byHandUncounted, (search) => runByHand({ input, metrics: counted }, search)),
    contender("the spans alone on dd-core", runWithTracing, byHandUncounted),
    contender("dd-agent, metrics nowhere", runWithAgents(counted), byHandUncounted, 1.3),
  ],
  values.quick ? 5 : Number(values.rounds),
  threadTime,
);
process.stdout.write(tableOf("A run with 10 steps and 5 tools", outcomes));

const outcomeOf = (name: string): Outcome | undefined =>
  outcomes.find((outcome) => outcome.name === name);
const report = {
  node: process.version,
  // That of the whole: spans and metrics, as both sides send them.
  ratio: outcomeOf("dd-agent, metrics by dd-metrics")?.ratio,
  ratioWithoutMetrics: outcomeOf("dd-agent, metrics nowhere")?.ratio,
  datapoints,
  outcomes,
};
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
sink.kill();
process.exit();
