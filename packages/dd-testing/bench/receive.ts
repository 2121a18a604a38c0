// What the embedded Agent takes in without loss from another process, while it is queried ten times a second.
//
// node --expose-gc --conditions=@llmdevops/source packages/dd-testing/bench/receive.ts [--json FILE] [--quick]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startTestAgent } from "../src/index.ts";

const { values } = parseArgs({ options: { json: { type: "string" }, quick: { type: "boolean" } } });
const seconds = values.quick === true ? 2 : 8;
const sender = fileURLToPath(new URL("send-telemetry.ts", import.meta.url));

async function receive(spansPerSecond: number, samplesPerSecond: number) {
  const agent = await startTestAgent();
  const rates = [spansPerSecond, samplesPerSecond];
  const child = spawn(
    process.execPath,
    [
      "--conditions=@llmdevops/source",
      sender,
      agent.url,
      agent.dogstatsdPort,
      seconds,
      ...rates,
    ].map(String),
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const queries: number[] = [];
  const processorTimes: number[] = [];
  const timer = setInterval(() => {
    const start = performance.now();
    const before = process.threadCpuUsage();
    agent.spans().filter(({ name }) => name === "llm.request");
    agent.metrics().filter(({ name }) => name === "load.latency");
    queries.push(performance.now() - start);
    const used = process.threadCpuUsage(before);
    processorTimes.push((used.user + used.system) / 1_000);
  }, 100);
  const output = text(child.stdout);
  await once(child, "exit");
  const sent = JSON.parse(await output) as { spans: number; samples: number; refused: number };
  await agent.waitFor({ metrics: sent.samples / 20 }, { timeoutMs: 2_000 }).catch(() => {});
  clearInterval(timer);
  const { spans, metrics } = agent.discarded();
  const taken = {
    spans: agent.spans().length + spans,
    samples: (agent.metrics().length + metrics) * 20,
  };
  await agent.stop();
  queries.sort((left, right) => left - right);
  processorTimes.sort((left, right) => left - right);
  return {
    spansPerSecond: Math.round(taken.spans / seconds),
    samplesPerSecond: Math.round(taken.samples / seconds),
    lostSpans: sent.spans - taken.spans,
    lostSamples: sent.samples - taken.samples,
    refused: sent.refused,
    queryP50Ms: queries[Math.floor(queries.length / 2)] ?? 0,
    queryP99Ms: queries[Math.floor(queries.length * 0.99)] ?? 0,
    queryMaxMs: queries.at(-1) ?? 0,
    // Without what other processes on the machine take from this one.
    queryCpuMaxMs: processorTimes.at(-1) ?? 0,
  };
}

const results = [];
for (const [spans, samples] of [
  [20_500, 0],
  [0, 102_000],
  [20_500, 102_000],
] as const) {
  const result = await receive(spans, samples);
  results.push(result);
  const line = Object.entries(result).map(([name, value]) => `${name} ${Number(value.toFixed(1))}`);
  process.stdout.write(`${line.join(", ")}\n`);
}
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(results, undefined, 2));
