/** Chunks of an OpenAI chat stream that says `texts`, with usage at the end. */
export function chatChunks(...texts: string[]): object[] {
  return [
    {
      model: "gpt-4o-2024-08-06",
      choices: [{ index: 0, delta: { role: "assistant", content: "" } }],
    },
    ...texts.map((content) => ({ choices: [{ index: 0, delta: { content } }] })),
    { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
    {
      choices: [],
      usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
    },
  ];
}

/** A re-iterable stream that notes what is done to it. */
export class ChunkStream implements AsyncIterable<unknown> {
  readonly calls: string[] = [];
  readonly #chunks: readonly unknown[];
  readonly #failure: unknown;

  /** @param failure Thrown after the last chunk, unless `undefined`. */
  constructor(chunks: readonly unknown[], failure?: unknown) {
    this.#chunks = chunks;
    this.#failure = failure;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<unknown, void, unknown> {
    try {
      for (const chunk of this.#chunks) {
        this.calls.push("chunk");
        yield chunk;
      }
      if (this.#failure !== undefined) throw this.#failure;
      this.calls.push("done");
    } finally {
      this.calls.push("closed");
    }
  }
}

/** Reads a stream to its end. */
export async function readAll<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const chunks: T[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

/** A response whose body is a server-sent event stream. */
export function eventStream(events: readonly (object | string)[], named = false): Response {
  const lines = events.map((event) => {
    if (typeof event === "string") return `data: ${event}\n\n`;
    const name = named ? `event: ${String(Reflect.get(event, "type"))}\n` : "";
    return `${name}data: ${JSON.stringify(event)}\n\n`;
  });
  return new Response(lines.join(""), { headers: { "content-type": "text/event-stream" } });
}
