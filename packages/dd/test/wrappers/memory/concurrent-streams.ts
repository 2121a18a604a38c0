// Reads 200 streams of 500 chunks at once, round after round, and says how large the heap is after each.
import { createClient, instrumentOpenAI, silentLogger } from "@llmdevops/dd";
import { startTestAgent } from "@llmdevops/dd-testing";
import OpenAI from "openai";

const streamsAtOnce = 200;
const chunkCount = 500;
const rounds = 8;

const encoder = new TextEncoder();
const chunk = (index: number, choices: object[]) => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1,
  model: "gpt-4o-2024-08-06",
  choices,
  ...(index === chunkCount - 1
    ? { usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 } }
    : {}),
});
/** Written in pieces of 50 events, so that the streams take turns. */
const pieces = Array.from({ length: chunkCount / 50 }, (_piece, piece) =>
  encoder.encode(
    Array.from({ length: 50 }, (_event, offset) => {
      const index = piece * 50 + offset;
      const isLast = index === chunkCount - 1;
      const choices = isLast ? [] : [{ index: 0, delta: { content: `word ${index} ` } }];
      return `data: ${JSON.stringify(chunk(index, choices))}\n\n${isLast ? "data: [DONE]\n\n" : ""}`;
    }).join(""),
  ),
);

const agent = await startTestAgent();
const datadog = createClient({
  service: "streams",
  agent: { url: agent.url },
  content: { mode: "full" },
  logger: silentLogger,
});
const openai = instrumentOpenAI(
  new OpenAI({
    apiKey: "test",
    fetch: async () => {
      const rest = [...pieces];
      const body = new ReadableStream<Uint8Array>({
        async pull(controller) {
          await new Promise((resolve) => setImmediate(resolve));
          const piece = rest.shift();
          if (piece === undefined) controller.close();
          else controller.enqueue(piece);
        },
      });
      return new Response(body, { headers: { "content-type": "text/event-stream" } });
    },
  }),
  { llm: datadog },
);

/** Every fourth stream is left early, every fifth is never read. */
async function readStream(number: number): Promise<void> {
  const stream = await openai.chat.completions.create({
    model: "gpt-4o",
    messages: [{ role: "user", content: "Write." }],
    stream: true,
  });
  if (number % 5 === 0) return;
  let count = 0;
  for await (const _chunk of stream) {
    count += 1;
    if (number % 4 === 0 && count === 250) break;
  }
}

const heaps: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  await Promise.all(Array.from({ length: streamsAtOnce }, (_, number) => readStream(number)));
  for (let attempt = 0; attempt < 30 && datadog.health().spans.open > 0; attempt += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc?.();
  }
  await datadog.flush();
  agent.clear();
  globalThis.gc?.();
  heaps.push(process.memoryUsage().heapUsed);
}
const { spans } = datadog.health();
process.send?.({ heaps, open: spans.open, created: spans.created });
await datadog.shutdown();
await agent.stop();
process.disconnect?.();
