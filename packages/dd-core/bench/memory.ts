import { fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { median } from "@llmdevops/measure";
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-node";
import tracer from "dd-trace";
import { createTracing, silentLogger } from "../src/index.ts";

/** What a live span takes of the heap, beside a raw one of dd-trace and one of the OpenTelemetry SDK. */
const { values } = parseArgs({
  options: { json: { type: "string" }, quick: { type: "boolean", default: false } },
});
const rounds = values.quick ? 2 : 9;
const live = 8_000;

const sink = fork(new URL("./link-sink.ts", import.meta.url), { execArgv: [] });
const [port] = (await once(sink, "message")) as [number];
const tracing = createTracing({
  service: "bench",
  agent: { url: `http://127.0.0.1:${port}` },
  logger: silentLogger,
});
const openTelemetry = new NodeTracerProvider({
  spanProcessors: [new SimpleSpanProcessor(new InMemorySpanExporter())],
}).getTracer("bench");

const tagsOf = (index: number) => ({
  "work.number": index,
  "work.kind": "bench",
  region: "eu-central-1",
  tier: "free",
});

interface Contender {
  readonly name: string;
  readonly peer?: string;
  readonly spans: () => object[];
  readonly end: (spans: object[]) => void;
}

const finishAll = (spans: object[]) => {
  for (const span of spans) (span as { finish(): void }).finish();
};
const endAll = (spans: object[]) => {
  for (const span of spans) (span as { end(): void }).end();
};
const times = (make: (index: number) => object) => () =>
  Array.from({ length: live }, (_, i) => make(i));

const contenders: readonly Contender[] = [
  {
    name: "dd-trace: a root span with 4 tags",
    spans: times((index) => tracer.startSpan("unit.work", { tags: tagsOf(index) })),
    end: finishAll,
  },
  {
    name: "a root span with 4 tags",
    peer: "dd-trace: a root span with 4 tags",
    spans: times((index) => tracing.startSpan("unit.work", { tags: tagsOf(index) })),
    end: finishAll,
  },
  {
    name: "OpenTelemetry: a root span with 4 attributes",
    peer: "dd-trace: a root span with 4 tags",
    spans: times((index) => openTelemetry.startSpan("unit.work", { attributes: tagsOf(index) })),
    end: endAll,
  },
  {
    name: "dd-trace: a child span with 4 tags",
    spans: () => {
      const root = tracer.startSpan("unit.root");
      const childOf = { childOf: root };
      const children = times((index) =>
        tracer.startSpan("unit.work", { ...childOf, tags: tagsOf(index) }),
      )();
      return [root, ...children];
    },
    end: finishAll,
  },
  {
    name: "a child span with 4 tags",
    peer: "dd-trace: a child span with 4 tags",
    spans: () => {
      const root = tracing.startSpan("unit.root");
      const childOf = { childOf: root };
      const children = times((index) =>
        tracing.startSpan("unit.work", { ...childOf, tags: tagsOf(index) }),
      )();
      return [root, ...children];
    },
    end: finishAll,
  },
];

/** What the event loop still holds is let go first. */
async function heapUsed(): Promise<number> {
  for (let pass = 0; pass < 3; pass += 1) {
    await delay(5);
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}

/** In a function of its own, whose end lets go of the spans. */
async function bytesPerSpan({ spans, end }: Contender): Promise<number> {
  const before = await heapUsed();
  const kept = spans();
  const bytes = ((await heapUsed()) - before) / kept.length;
  end(kept);
  return bytes;
}

const samples: number[][] = contenders.map(() => []);
for (let round = -1; round < rounds; round += 1) {
  for (const [index, contender] of contenders.entries()) {
    const bytes = await bytesPerSpan(contender);
    await tracing.flush();
    // The first round makes what is made once.
    if (round >= 0) samples[index]?.push(bytes);
  }
}
const results = contenders.map(({ name, peer }, index) => {
  const bytes = median(samples[index] ?? []);
  const other = samples[contenders.findIndex((candidate) => candidate.name === peer)];
  const ratio = other === undefined ? undefined : bytes / median(other);
  return { name, bytes: Math.round(bytes), ratio };
});
let table = `Memory of a live span, ${live} at a time                      bytes    ratio\n`;
for (const { name, bytes, ratio } of results) {
  table += `${name.padEnd(56)} ${String(bytes).padStart(8)} ${(ratio?.toFixed(3) ?? "").padStart(8)}\n`;
}
process.stdout.write(`${table}\n`);
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ node: process.version, results }, null, 2)}\n`);
}
sink.disconnect();
process.exit(0);
