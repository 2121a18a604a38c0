import { GoogleGenAI } from "@google/genai";
import { afterEach, expect, test, vi } from "vitest";
import { instrumentGoogleGenAI, type LLMSpan } from "../../src/index.ts";
import { eventStream } from "../support/streams.ts";
import { jsonResponse, recordedSpans } from "./recorded-spans.ts";

afterEach(() => vi.unstubAllGlobals());

/** A client that gets these answers one after another. */
function google(...answers: (() => Response)[]) {
  vi.stubGlobal(
    "fetch",
    async () => (answers.length > 1 ? answers.shift() : answers[0])?.() ?? new Response(),
  );
  const recorded = recordedSpans();
  const bare = new GoogleGenAI({ apiKey: "test", vertexai: false });
  return { ...recorded, client: instrumentGoogleGenAI(bare, { llm: recorded.recorder }) };
}

/** What the spans say, all of which have ended. */
function told(spans: readonly LLMSpan[], ...tags: string[]): unknown[][] {
  expect(spans.map(({ finished }) => finished)).toEqual(spans.map(() => true));
  return spans.map((span) => tags.map((tag) => span.getTag(tag)));
}

const model = "gemini-2.5-flash";
const usageMetadata = { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 };
const answer = (...parts: object[]) => ({
  candidates: [{ content: { role: "model", parts }, finishReason: "STOP" }],
  usageMetadata,
});
const counts = ["llm.input_tokens", "llm.output_tokens"];

test("a chat is a call for each message, streamed or not", async () => {
  const { client, spans } = google(
    () => jsonResponse(answer({ text: "In Lyon." })),
    () => eventStream([answer({ text: "Tomor" }), answer({ text: "row." })]),
  );
  const chat = client.chats.create({ model });

  await chat.sendMessage({ message: "Where is it?" });
  for await (const _chunk of await chat.sendMessageStream({ message: "When?" })) {
    // Only what is recorded matters.
  }

  expect(chat.getHistory().map(({ role }) => role)).toEqual([
    "user",
    "model",
    "user",
    "model",
    "model",
  ]);
  expect(told(spans, "llm.stream_outcome", ...counts)).toEqual([
    [undefined, 10, 5],
    ["completed", 10, 5],
  ]);
});

test("automatic function calling is a call for each request", async () => {
  const { client, spans } = google(
    () => jsonResponse(answer({ functionCall: { name: "track", args: {} } })),
    () => jsonResponse(answer({ text: "In Lyon." })),
  );
  const tool = {
    tool: async () => ({ functionDeclarations: [{ name: "track" }] }),
    callTool: async () => [{ functionResponse: { name: "track", response: { place: "Lyon" } } }],
  };

  const { text } = await client.models.generateContent({
    model,
    contents: "Where is it?",
    config: { tools: [tool] },
  });

  expect(text).toBe("In Lyon.");
  expect(told(spans, "llm.finish_reason")).toEqual([["tool_calls"], ["stop"]]);
});

test("embeddings and images are recorded as what they are", async () => {
  const { client, spans, recorder } = google(
    () => jsonResponse({ embeddings: [{ values: [1] }] }),
    () => jsonResponse({ predictions: [{ bytesBase64Encoded: "aaaa", mimeType: "image/png" }] }),
  );

  await client.models.embedContent({ model: "gemini-embedding-001", contents: "parcel" });
  // Only Vertex AI still has this one.
  const vertex = new GoogleGenAI({ apiKey: "test", vertexai: true });
  await instrumentGoogleGenAI(vertex, { llm: recorder }).models.generateImages({
    model: "imagen-4.0-generate-001",
    prompt: "A parcel",
  });

  expect(told(spans, "llm.request_type", "llm.model")).toEqual([
    ["embed", "gemini-embedding-001"],
    ["image", "imagen-4.0-generate-001"],
  ]);
});

test("counting tokens, files and models are no model calls", async () => {
  const { client, spans } = google(() => jsonResponse({ totalTokens: 3 }));

  await client.models.countTokens({ model, contents: "parcel" });
  await client.models.get({ model });
  await client.files.get({ name: "f" });

  expect(spans).toEqual([]);
});

test("a stream that is over the time that the SDK gives it has timed out", async () => {
  const { client, spans } = google();
  const first = new TextEncoder().encode(`data: ${JSON.stringify(answer({ text: "In" }))}\n\n`);
  vi.stubGlobal("fetch", async (_url: unknown, { signal }: { signal?: AbortSignal }) => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(first);
        signal?.addEventListener("abort", () => controller.error(signal.reason));
      },
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  });

  const reading = async () => {
    const stream = await client.models.generateContentStream({
      model,
      contents: "Where is it?",
      config: { httpOptions: { timeout: 30 } },
    });
    for await (const _chunk of stream) {
      // Only what is recorded matters.
    }
  };

  await expect(reading()).rejects.toThrow();
  expect(told(spans, "llm.stream_outcome", "error.type")).toEqual([["failed", "timeout"]]);
});
