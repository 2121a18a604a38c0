import { setImmediate } from "node:timers/promises";
import { createClient, instrumentOpenAI, silentLogger } from "@llmdevops/dd";
import { median, processTime } from "@llmdevops/measure";
import tracer from "dd-trace";
import OpenAI from "openai";
import { shortStreamEvents, streamEvents } from "./stream-events.ts";

/**
 * A process that reads streams in one way only: code of other ways in the same process makes V8 specialise or throw
 * away what they share, and the same loop under another name then differs by half.
 */
const [kind = "alone", length = "long", url = ""] = process.argv.slice(2);

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

const plain = fromMemory(length === "long" ? streamEvents : shortStreamEvents);
// Set up in each of them: what dd-trace keeps in memory makes every collection dearer, wrapped or not.
const datadog = createClient({ service: "bench", agent: { url }, logger: silentLogger });
const client = kind === "observed" ? instrumentOpenAI(plain, { llm: datadog }) : plain;
const read = kind === "by-hand" ? readByHand : readStream;

async function readStreams(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await read(client);
    // As in a service, what was gathered is sent meanwhile.
    await setImmediate();
  }
}

const [warmUp, perSample] = length === "long" ? [300, 120] : [3_000, 600];
await readStreams(warmUp);
const times: number[] = [];
for (let sample = 0; sample < 5; sample += 1) {
  const before = processTime();
  await readStreams(perSample);
  times.push(((processTime() - before) * 1_000) / perSample);
}
process.on("disconnect", () => process.exit());
process.send?.(median(times));
