/** What the streams of the benchmark are made of. */
export const chunkCount = 500;

function event(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

const base = {
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1,
  model: "gpt-4o-2024-08-06",
};

/** A chat completion of OpenAI as server-sent events: 498 words, why it stopped, and the usage. */
export const streamEvents: readonly string[] = [
  ...Array.from({ length: chunkCount - 2 }, (_, index) =>
    event({ ...base, choices: [{ index: 0, delta: { content: `word${index} ` } }] }),
  ),
  event({ ...base, choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }),
  event({
    ...base,
    choices: [],
    usage: { prompt_tokens: 100, completion_tokens: chunkCount, total_tokens: chunkCount + 100 },
  }),
  "data: [DONE]\n\n",
];

/** One word, why it stopped, the usage and the end: what a call costs however long its stream is. */
export const shortStreamEvents: readonly string[] = [
  ...streamEvents.slice(0, 1),
  ...streamEvents.slice(-3),
];
