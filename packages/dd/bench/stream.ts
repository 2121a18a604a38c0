// What observing a stream of 500 chunks adds to the official OpenAI SDK's own reading of it.
//
// node --expose-gc --conditions=@llmdevops/source packages/dd/bench/stream.ts [--json FILE] [--quick]
import { fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createClient, instrumentOpenAI, silentLogger } from "@llmdevops/dd";
import { type Contender, interleaved, tableOf } from "@llmdevops/measure";
import OpenAI from "openai";

const { values } = parseArgs({
  options: { json: { type: "string" }, quick: { type: "boolean", default: false } },
});
const chunkCount = 500;
// Enough that what the collector throws away between samples (hidden classes, compiled code) does not count.
const streamsPerSample = values.quick ? 60 : 150;

function event(data: object): Uint8Array {
  return new TextEncoder().encode(`data: ${JSON.stringify(data)}\n\n`);
}

const base = {
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1,
  model: "gpt-4o-2024-08-06",
};
const events = [
  ...Array.from({ length: chunkCount - 2 }, (_, index) =>
    event({ ...base, choices: [{ index: 0, delta: { content: `word${index} ` } }] }),
  ),
  event({ ...base, choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }),
  event({
    ...base,
    choices: [],
    usage: { prompt_tokens: 100, completion_tokens: chunkCount, total_tokens: chunkCount + 100 },
  }),
  new TextEncoder().encode("data: [DONE]\n\n"),
];

/** A client whose answers come from memory, one event at a time as from the network. */
function openAI(): OpenAI {
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

async function readStream(client: OpenAI): Promise<void> {
  const stream = await client.chat.completions.create({
    model: "gpt-4o",
    messages: [{ role: "user", content: "Write." }],
    stream: true,
    stream_options: { include_usage: true },
  });
  let length = 0;
  for await (const chunk of stream) length += chunk.choices[0]?.delta.content?.length ?? 0;
  if (length === 0) throw new Error("The stream was empty.");
}

const sink = fork(new URL("./llm-sink.ts", import.meta.url), { execArgv: [] });
const [port] = (await once(sink, "message")) as [number];
const datadog = createClient({
  service: "bench",
  agent: { url: `http://127.0.0.1:${port}` },
  logger: silentLogger,
});
const bare = openAI();
const observed = instrumentOpenAI(openAI(), { llm: datadog });

const contenders: readonly Contender[] = [
  {
    name: "the SDK's stream of 500 chunks",
    count: streamsPerSample,
    run: async (count) => {
      for (let index = 0; index < count; index += 1) await readStream(bare);
    },
  },
  {
    name: "the same, observed",
    peer: "the SDK's stream of 500 chunks",
    gate: 1.05,
    count: streamsPerSample,
    run: async (count) => {
      for (let index = 0; index < count; index += 1) await readStream(observed);
    },
  },
];

const outcomes = await interleaved(contenders, values.quick ? 7 : 15);
const [alone, together] = outcomes;
const perChunk =
  alone === undefined || together?.ratio === undefined
    ? Number.NaN
    : (alone.nanoseconds * (together.ratio - 1)) / chunkCount;
process.stdout.write(tableOf("Reading a stream", outcomes));
process.stdout.write(`added per chunk: ${perChunk.toFixed(0)} ns (gate 1,000)\n`);
if (values.json !== undefined) {
  writeFileSync(values.json, JSON.stringify({ outcomes, addedPerChunkNs: perChunk }, undefined, 2));
}
await datadog.shutdown();
sink.kill();
