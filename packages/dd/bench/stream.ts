// What observing a stream of 500 chunks adds to the official OpenAI SDK's own reading of it. The chunks come from memory:
// from a socket, collections of network buffers cost more than either, and no ratio can be told.
//
// node --expose-gc --conditions=@llmdevops/source packages/dd/bench/stream.ts [--json FILE] [--quick]
import { fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { median, type Outcome, tableOf } from "@llmdevops/measure";
import { chunkCount, shortStreamEvents } from "./stream-events.ts";

const { values } = parseArgs({
  options: { json: { type: "string" }, quick: { type: "boolean", default: false } },
});
const rounds = values.quick ? 1 : 4;
const sink = fork(new URL("./llm-sink.ts", import.meta.url), { execArgv: [] });
const [port] = (await once(sink, "message")) as [number];
const shortChunks = shortStreamEvents.length - 1;
const alone = "the SDK's stream of 500 chunks";
const observed = "the same, observed";
const shortAlone = `the SDK's stream of ${shortChunks} chunks`;
const shortObserved = `the same of ${shortChunks} chunks, observed`;

interface StreamContender {
  readonly name: string;
  readonly kind: "alone" | "observed" | "by-hand";
  readonly length: "long" | "short";
  readonly peer?: string;
  readonly gate?: number;
}

const all: readonly (StreamContender & { readonly isLeftOutByQuick?: boolean })[] = [
  { name: alone, kind: "alone", length: "long" },
  { name: observed, kind: "observed", length: "long", peer: alone, gate: 1.05 },
  {
    name: "the same, with a span of dd-trace by hand",
    kind: "by-hand",
    length: "long",
    peer: alone,
    isLeftOutByQuick: true,
  },
  {
    name: "the SDK's stream, once more",
    kind: "alone",
    length: "long",
    peer: alone,
    isLeftOutByQuick: true,
  },
  { name: shortAlone, kind: "alone", length: "short" },
  { name: shortObserved, kind: "observed", length: "short", peer: shortAlone },
];

const contenders: readonly StreamContender[] = all.filter(
  ({ isLeftOutByQuick }) => !(values.quick && isLeftOutByQuick === true),
);

/**
 * CPU time of a stream (ns) in a process of its own. What V8 makes of the same code differs by half from process to
 * process and stays as it is within one, so that many processes tell more than many samples.
 */
async function measured({ kind, length }: StreamContender): Promise<number> {
  const options = [kind, length, `http://127.0.0.1:${port}`];
  const reader = fork(new URL("./stream-reader.ts", import.meta.url), options);
  const [nanoseconds] = (await once(reader, "message")) as [number];
  reader.disconnect();
  await once(reader, "exit");
  return nanoseconds;
}

const samples = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
for (let round = 0; round < rounds; round += 1) {
  for (let offset = 0; offset < contenders.length; offset += 1) {
    const contender = contenders[(round + offset) % contenders.length];
    if (contender !== undefined) samples.get(contender.name)?.push(await measured(contender));
  }
}
const medianOf = (name: string): number => median(samples.get(name) ?? []);
const outcomes = contenders.map(({ name, peer, gate }): Outcome => {
  const outcome = { name, nanoseconds: medianOf(name), ...(gate === undefined ? {} : { gate }) };
  return peer === undefined
    ? outcome
    : { ...outcome, peer, ratio: outcome.nanoseconds / medianOf(peer) };
});
process.stdout.write(tableOf("Reading a stream", outcomes));

/** What observing adds to a stream (ns). */
function added(name: string, peer: string): number {
  const ratio = outcomes.find((outcome) => outcome.name === name)?.ratio ?? Number.NaN;
  const nanoseconds = outcomes.find((outcome) => outcome.name === peer)?.nanoseconds ?? Number.NaN;
  return nanoseconds * (ratio - 1);
}
const addedPerCall = added(shortObserved, shortAlone);
const addedPerChunk = (added(observed, alone) - addedPerCall) / (chunkCount - shortChunks);
process.stdout.write(
  `added per call: ${(addedPerCall / 1e3).toFixed(0)} µs; per chunk: ${addedPerChunk.toFixed(0)} ns (gate 1,000)\n`,
);
if (values.json !== undefined) {
  writeFileSync(
    values.json,
    JSON.stringify(
      { outcomes, addedPerCallNs: addedPerCall, addedPerChunkNs: addedPerChunk },
      undefined,
      2,
    ),
  );
}
sink.kill();
