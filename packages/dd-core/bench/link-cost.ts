import { fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { parseArgs } from "node:util";
import tracer from "dd-trace";
import type { DeliveryLinks } from "../src/agent-link/delivery-links.ts";
import { attachAgentLink } from "../src/dd-trace/agent-link-seam.ts";
import { traceWriterOf } from "../src/dd-trace/trace-writer.ts";
import { callMethod, readPath } from "../src/dd-trace/untyped.ts";
import { createFoundation, createTracing, silentLogger } from "../src/index.ts";

/**
 * What the link costs per span in CPU time of this process, from `startSpan` to the Agent's answer: dd-trace by
 * itself, the link at dd-trace's writer, and the alternative that was not taken, a relay inside the process.
 */
const { values } = parseArgs({
  options: { json: { type: "string" }, quick: { type: "boolean", default: false } },
});
const rounds = values.quick ? 7 : 41;
const spansPerRound = 4000;

const sink = fork(new URL("./link-sink.ts", import.meta.url));
const [port] = (await once(sink, "message")) as [number];
const sinkUrl = `http://127.0.0.1:${port}`;

const options = { service: "bench", agent: { url: sinkUrl }, logger: silentLogger };
createTracing(options);
const seam = attachAgentLink(tracer, createFoundation(options));
const writer = traceWriterOf(tracer);
if (seam === undefined || writer === undefined) throw new Error("no seam to measure");
const linked = { append: writer.append, _sendPayload: writer._sendPayload };
const own = Object.getPrototypeOf(writer) as typeof linked;
const direct = { append: own.append, _sendPayload: own._sendPayload };

const flushDirect = () =>
  new Promise<void>((resolve) => {
    callMethod(readPath(tracer, "_tracer", "_exporter"), "flush", resolve);
  });

/** The relay: answers dd-trace at once, and hands the body to the same link. */
function startRelay(link: DeliveryLinks): Promise<string> {
  const path = join(tmpdir(), `llmdevops-bench-${process.pid}.socket`);
  const relay = createServer((request, response) => {
    void buffer(request).then((body) => {
      response.end('{"rate_by_service":{"service:,env:":1}}');
      const items = Number(request.headers["x-datadog-trace-count"]);
      const route = {
        url: sinkUrl,
        path: "/v0.4/traces",
        method: "PUT",
        headers: {},
        agentless: false,
      } as const;
      link.submit({ kind: "traces", items, body, route });
    });
  });
  relay.unref();
  return new Promise((resolve) => void relay.listen(path, () => resolve(`unix://${path}`)));
}

const relayUrl = await startRelay(seam.link);
const variants = [
  { name: "dd-trace by itself", url: sinkUrl, methods: direct, flush: flushDirect },
  {
    name: "link at dd-trace's writer",
    url: sinkUrl,
    methods: linked,
    flush: async () => {
      seam.drain();
      await seam.link.flush(10_000);
    },
  },
  {
    name: "relay inside the process",
    url: relayUrl,
    methods: direct,
    flush: async () => {
      await flushDirect();
      await seam.link.flush(10_000);
    },
  },
] as const;

async function measure({ url, methods, flush }: (typeof variants)[number]): Promise<number> {
  if (writer === undefined) return Number.NaN;
  tracer.setUrl(url);
  Object.assign(writer, methods);
  globalThis.gc?.();
  const before = process.cpuUsage();
  for (let index = 0; index < spansPerRound; index += 1) {
    const tags = { "work.number": index, "work.kind": "bench", region: "eu", tier: "free" };
    tracer.startSpan("unit.work", { tags }).finish();
  }
  await flush();
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / spansPerRound;
}

const median = (numbers: readonly number[]) =>
  numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;

const samples: number[][] = variants.map(() => []);
for (let round = -3; round < rounds; round += 1) {
  for (let offset = 0; offset < variants.length; offset += 1) {
    const index = (Math.abs(round) + offset) % variants.length;
    const variant = variants[index];
    if (variant === undefined) continue;
    const cost = await measure(variant);
    // The first rounds warm everything up.
    if (round >= 0) samples[index]?.push(cost);
  }
}
const results = variants.map(({ name }, index) => {
  const own = samples[index] ?? [];
  const ratios = own.map((cost, round) => cost / (samples[0]?.[round] ?? Number.NaN));
  return {
    name,
    nanosecondsPerSpan: Math.round(median(own)),
    ratio: Number(median(ratios).toFixed(3)),
  };
});
const lines = results.map((result) => `| ${Object.values(result).join(" | ")} |`);
process.stdout.write(
  `CPU per span, from startSpan to the Agent's answer (${rounds} rounds of ${spansPerRound} spans)\n\n| variant | ns | ratio |\n| --- | --- | --- |\n${lines.join("\n")}\n`,
);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
sink.disconnect();
