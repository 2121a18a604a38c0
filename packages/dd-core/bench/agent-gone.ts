import { fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createTracing, silentLogger } from "../src/index.ts";

/**
 * What an application notices of an Agent that is gone: it handles requests at a steady rate, each with a span,
 * while the Agent is there and while it refuses connections, in turns, with a buffer too small for the outage.
 */
const { values } = parseArgs({
  options: {
    json: { type: "string" },
    quick: { type: "boolean", default: false },
    seconds: { type: "string", default: "60" },
    turns: { type: "string", default: "2" },
  },
});
const seconds = values.quick ? 5 : Number(values.seconds);
const turns = values.quick ? 2 : Number(values.turns);
const perSecond = 1000;

const sink = fork(new URL("./link-sink.ts", import.meta.url));
const [port] = (await once(sink, "message")) as [number];
const tracing = createTracing({
  service: "bench",
  agent: { url: `http://127.0.0.1:${port}` },
  buffer: { maxSpans: 5000 },
  logger: silentLogger,
});

/** A request: some work of its own, and a span about it. */
function handleRequest(number: number): number {
  const start = performance.now();
  tracing.trace("request.handle", { tags: { "request.number": number } }, () => {
    JSON.parse(JSON.stringify({ items: Array.from({ length: 200 }, (_, index) => ({ index })) }));
  });
  return performance.now() - start;
}

interface Window {
  readonly agent: "there" | "gone";
  readonly latencies: number[];
  readonly loopDelayP99: number;
  readonly memoryMiB: number;
}

let made = 0;
async function run(agent: Window["agent"], length: number): Promise<Window> {
  const latencies: number[] = [];
  const loop = monitorEventLoopDelay({ resolution: 5 });
  loop.enable();
  const start = performance.now();
  for (let done = 0; done < length * perSecond; ) {
    const due = Math.floor(((performance.now() - start) / 1000) * perSecond);
    for (; done < due; done += 1) {
      latencies.push(handleRequest(made));
      made += 1;
    }
    await delay(1);
  }
  loop.disable();
  // Memory outside the heap is given back only after the collection that has found it.
  globalThis.gc?.();
  await delay(50);
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return {
    agent,
    latencies,
    loopDelayP99: loop.percentile(99) / 1e6,
    memoryMiB: (heapUsed + external) / 2 ** 20,
  };
}

const p99 = (numbers: readonly number[]) =>
  numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length * 0.99)] ?? Number.NaN;

// The first one is to have the code compiled; for a p99 half a minute with the Agent is enough.
await run("there", seconds / 4);
const windows: Window[] = [];
for (let turn = 0; turn < turns; turn += 1) {
  windows.push(await run("there", seconds / 2));
  sink.send("close");
  await once(sink, "message");
  windows.push(await run("gone", seconds));
  sink.send("open");
  await once(sink, "message");
  await tracing.flush();
}
const { link } = await tracing.flush();
sink.disconnect();

const rows = windows.map(({ agent, latencies, loopDelayP99, memoryMiB }) => ({
  agent,
  requests: latencies.length,
  p99Ms: Number(p99(latencies).toFixed(4)),
  loopDelayP99Ms: Number(loopDelayP99.toFixed(2)),
  memoryMiB: Number(memoryMiB.toFixed(1)),
}));
const latenciesOf = (wanted: Window["agent"]) =>
  windows.filter(({ agent }) => agent === wanted).flatMap(({ latencies }) => latencies);
// Of all turns together: that of one changes by a third with whatever else the machine does.
const ratios = [p99(latenciesOf("gone")) / p99(latenciesOf("there"))];
const dropped = Object.values(link?.dropped ?? {}).reduce((sum, count) => sum + count, 0);
const accounts = {
  created: made,
  delivered: link?.delivered,
  unconfirmed: link?.unconfirmed,
  dropped,
  balance: made - (link?.delivered ?? 0) - (link?.unconfirmed ?? 0) - dropped,
};
const table = rows.map((row) => `| ${Object.values(row).join(" | ")} |`).join("\n");
process.stdout.write(
  `Agent gone for ${seconds} s at ${perSecond} spans/s, buffer of 5,000 spans\n\n| Agent | requests | p99 (ms) | loop delay p99 (ms) | memory (MiB) |\n| --- | --- | --- | --- | --- |\n${table}\n\np99 gone / there: ${ratios.map((ratio) => ratio.toFixed(3)).join(", ")}\naccounts: ${JSON.stringify(accounts)}\n`,
);
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ rows, ratios, accounts }, null, 2)}\n`);
}
