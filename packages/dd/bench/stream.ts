// What observing a stream of 500 chunks adds to the official OpenAI SDK's own reading of it. The chunks come from memory:
// from a socket, collections of network buffers cost more than either, and no ratio can be told.
//
// node --expose-gc --conditions=@llmdevops/source packages/dd/bench/stream.ts [--json FILE] [--quick]
import { fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createClient, instrumentOpenAI, silentLogger } from "@llmdevops/dd";
import { type Contender, interleaved, tableOf } from "@llmdevops/measure";
import tracer from "dd-trace";
import OpenAI from "openai";
import { chunkCount, streamEvents } from "./stream-events.ts";

const { values } = parseArgs({
  options: { json: { type: "string" }, quick: { type: "boolean", default: false } },
});
// Enough that what the collector throws away between samples (hidden classes, compiled code) does not count.
const streamsPerSample = values.quick ? 60 : 120;

/** A client whose answers come from memory, one event at a time as from the network. */
function fromMemory(texts: readonly string[]): OpenAI {
  const events = texts.map((text) => new TextEncoder().encode(text));
  return new OpenAI({
    apiKey: "bench",
    fetch: async () => {
      let next = 0;
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          const chunk = events[next];
          next += 1;
          if (chunk === undefined) controller.close();
          else controller.enqueue(chunk);
        },
      });
      return new Response(body, { headers: { "content-type": "text/event-stream" } });
    },
  });
}

const request = {
  model: "gpt-4o",
  messages: [{ role: "user", content: "Write." }],
  stream: true,
  stream_options: { include_usage: true },
} as const satisfies OpenAI.ChatCompletionCreateParamsStreaming;

async function readStream(client: OpenAI): Promise<void> {
  const stream = await client.chat.completions.create(request);
  let length = 0;
  for await (const chunk of stream) length += chunk.choices[0]?.delta.content?.length ?? 0;
  if (length === 0) throw new Error("The stream was empty.");
}

/** The same with the least that one would note of it by hand with dd-trace, in the loop that reads it anyway. */
async function readByHand(client: OpenAI): Promise<void> {
  const start = performance.now();
  const span = tracer.startSpan("llm.request", {
    tags: { "span.type": "llm", "llm.provider": "openai", "llm.model": request.model },
  });
  const stream = await client.chat.completions.create(request);
  let chunks = 0;
  let length = 0;
  let firstContent: number | undefined;
  for await (const chunk of stream) {
    const text = chunk.choices[0]?.delta.content;
    chunks += 1;
    length += text?.length ?? 0;
    if (text) firstContent ??= performance.now();
    const { usage } = chunk;
    if (!usage) continue;
    span.addTags({
      "llm.input_tokens": usage.prompt_tokens,
      "llm.output_tokens": usage.completion_tokens,
      "llm.total_tokens": usage.total_tokens,
    });
  }
  if (length === 0) throw new Error("The stream was empty.");
  span.addTags({
    "llm.streaming": true,
    "llm.chunk_count": chunks,
    "llm.time_to_first_token_ms": (firstContent ?? start) - start,
    "llm.streaming_duration_ms": performance.now() - (firstContent ?? start),
  });
  span.finish();
}

const sink = fork(new URL("./llm-sink.ts", import.meta.url), { execArgv: [] });
const [port] = (await once(sink, "message")) as [number];
const datadog = createClient({
  service: "bench",
  agent: { url: `http://127.0.0.1:${port}` },
  logger: silentLogger,
});
const options = { llm: datadog };

/** Begins to read a stream. */
async function openStream(client: OpenAI): Promise<AsyncIterator<unknown>> {
  const stream = await client.chat.completions.create(request);
  const iterator = stream[Symbol.asyncIterator]();
  await iterator.next();
  return iterator;
}

function contender(
  name: string,
  client: OpenAI,
  read: (client: OpenAI) => Promise<void>,
  count: number,
): Contender {
  return {
    name,
    count,
    prepare: async () => {
      // Code that has not run for some collections is thrown away, and the others' samples have just had as many.
      for (let index = 0; index < 5; index += 1) await read(client);
    },
    run: async (streams) => {
      for (let index = 0; index < streams; index += 1) {
        await read(client);
        // As in a service, what was gathered is sent meanwhile.
        await setImmediate();
      }
    },
  };
}

// One word, why it stopped, the usage and the end: what a call costs however long its stream is.
const shortEvents = [...streamEvents.slice(0, 1), ...streamEvents.slice(-3)];
const memory = fromMemory(streamEvents);
const memoryObserved = instrumentOpenAI(fromMemory(streamEvents), options);
const short = fromMemory(shortEvents);
const shortObservedClient = instrumentOpenAI(fromMemory(shortEvents), options);
// In a service some stream is always open. Where none is, each full collection makes V8 forget the shapes of streams.
const open = await Promise.all([memory, memoryObserved].map(openStream));

const shortChunks = shortEvents.length - 1;
const alone = "the SDK's stream of 500 chunks";
const shortAlone = `the SDK's stream of ${shortChunks} chunks`;
const shortObserved = `the same of ${shortChunks} chunks, observed`;
const rounds = values.quick ? 7 : 15;
const outcomes = await interleaved(
  [
    contender(alone, memory, readStream, streamsPerSample),
    {
      ...contender("the same, observed", memoryObserved, readStream, streamsPerSample),
      peer: alone,
      gate: 1.05,
    },
    {
      ...contender(
        "the same, with a span of dd-trace by hand",
        memory,
        readByHand,
        streamsPerSample,
      ),
      peer: alone,
    },
    contender(shortAlone, short, readStream, streamsPerSample * 5),
    {
      ...contender(shortObserved, shortObservedClient, readStream, streamsPerSample * 5),
      peer: shortAlone,
    },
  ],
  rounds,
);
process.stdout.write(tableOf("Reading a stream", outcomes));

/** What observing adds to a stream (ns). */
function added(name: string, peer: string): number {
  const ratio = outcomes.find((outcome) => outcome.name === name)?.ratio ?? Number.NaN;
  const nanoseconds = outcomes.find((outcome) => outcome.name === peer)?.nanoseconds ?? Number.NaN;
  return nanoseconds * (ratio - 1);
}
const addedPerCall = added(shortObserved, shortAlone);
const addedPerChunk =
  (added("the same, observed", alone) - addedPerCall) / (chunkCount - shortChunks);
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
for (const iterator of open) await iterator.return?.();
await datadog.shutdown();
sink.kill();
