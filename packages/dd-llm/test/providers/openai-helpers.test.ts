import OpenAI, { toFile } from "openai";
import { describe, expect, test } from "vitest";
import { instrumentOpenAI, type LLMSpan } from "../../src/index.ts";
import { eventStream, readAll } from "../support/streams.ts";
import { jsonResponse, recordedSpans } from "./recorded-spans.ts";

/** A client that gets these answers one after another. */
function openAI(...answers: (() => Response)[]) {
  const recorded = recordedSpans();
  const bare = new OpenAI({
    apiKey: "test",
    maxRetries: 0,
    fetch: async (url) => {
      // The SDK looks with such an address what fetch can do.
      if (String(url).startsWith("data:")) return new Response("");
      return (answers.length > 1 ? answers.shift() : answers[0])?.() ?? new Response();
    },
  });
  return { ...recorded, client: instrumentOpenAI(bare, { llm: recorded.recorder }) };
}

/** What the spans say, all of which have ended. */
function told(spans: readonly LLMSpan[], ...tags: string[]): unknown[][] {
  expect(spans.map(({ finished }) => finished)).toEqual(spans.map(() => true));
  return spans.map((span) => tags.map((tag) => span.getTag(tag)));
}

const usage = { input_tokens: 10, output_tokens: 5, total_tokens: 15 };
const counts = ["llm.input_tokens", "llm.output_tokens"];
const part = { type: "output_text", text: '{"place":"Lyon"}', annotations: [] };
const message = { id: "m", type: "message", role: "assistant", content: [part] };

function response(status: string, further: object = {}) {
  const isComplete = status === "completed";
  return {
    id: "resp_1",
    object: "response",
    model: "gpt-5-mini",
    status,
    output: isComplete ? [message] : [],
    usage: isComplete ? usage : null,
    ...further,
  };
}

function completion(finish_reason: string, answer: object) {
  return {
    id: "c1",
    object: "chat.completion",
    model: "gpt-4o",
    choices: [{ index: 0, finish_reason, message: { role: "assistant", ...answer } }],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  };
}

const request = { model: "gpt-5-mini", input: "Where is it?" };
const audio = () => toFile(Buffer.from("x"), "a.wav");

describe("responses", () => {
  test("parse makes one span and keeps its parsed result", async () => {
    const { client, spans } = openAI(() => jsonResponse(response("completed")));
    const format = { type: "json_schema" as const, name: "parcel", schema: {} };

    const parsed = await client.responses.parse({ ...request, text: { format } });

    expect(parsed.output_parsed).toEqual({ place: "Lyon" });
    expect(told(spans, ...counts)).toEqual([[10, 5]]);
  });

  test("the helper on top of a stream makes one span", async () => {
    const at = { output_index: 0, content_index: 0, item_id: "m" };
    const { client, spans } = openAI(() =>
      eventStream([
        { type: "response.created", response: response("in_progress") },
        { type: "response.output_item.added", ...at, item: { ...message, content: [] } },
        { type: "response.content_part.added", ...at, part: { ...part, text: "" } },
        { type: "response.output_text.delta", ...at, delta: part.text },
        { type: "response.completed", response: response("completed") },
      ]),
    );

    const final = await client.responses.stream(request).finalResponse();

    expect(final.output_text).toBe(part.text);
    expect(told(spans, "llm.stream_outcome", ...counts)).toEqual([["completed", 10, 5]]);
  });

  test("the answer of a background response is recorded when it is first retrieved whole", async () => {
    const background = { background: true, created_at: 1_700_000_000, completed_at: 1_700_000_060 };
    const { client, spans } = openAI(
      () => jsonResponse(response("queued", background)),
      () => jsonResponse(response("in_progress", background)),
      () => jsonResponse(response("completed", background)),
    );

    const { id } = await client.responses.create({ ...request, background: true });
    for (let poll = 0; poll < 4; poll += 1) await client.responses.retrieve(id);

    const [asked, answered] = told(spans, "llm.background", ...counts);
    expect(asked).toEqual([true, undefined, undefined]);
    expect(answered).toEqual([true, 10, 5]);
    expect(spans).toHaveLength(2);
  });

  test("a background response that failed has failed, and others that are retrieved are no calls", async () => {
    const error = { code: "rate_limit_exceeded", message: "slow down" };
    const { client, spans } = openAI(
      () => jsonResponse(response("failed", { id: "resp_2", background: true, error })),
      () => jsonResponse(response("completed")),
    );

    await client.responses.retrieve("resp_2");
    await client.responses.retrieve("resp_1");
    await client.responses.retrieve("resp_1").asResponse();

    expect(told(spans, "error.type")).toEqual([["rate_limit"]]);
  });

  test("counting tokens, cancelling and files are no model calls", async () => {
    const { client, spans } = openAI(() => jsonResponse({ id: "x" }));

    await client.responses.inputTokens.count(request);
    await client.responses.cancel("resp_1");
    await client.files.create({ purpose: "batch", file: await audio() });

    expect(spans).toEqual([]);
  });
});

describe("chat", () => {
  test("a runner with tools makes a span for each request", async () => {
    const call = { id: "t", type: "function", function: { name: "track", arguments: "{}" } };
    const { client, spans } = openAI(
      () => jsonResponse(completion("tool_calls", { tool_calls: [call] })),
      () => jsonResponse(completion("stop", { content: "In Lyon." })),
    );

    const runner = client.chat.completions.runTools({
      model: "gpt-4o",
      messages: [{ role: "user", content: "Where is it?" }],
      tools: [
        {
          type: "function",
          function: {
            name: "track",
            description: "Tracks.",
            parameters: { type: "object", properties: {} },
            parse: JSON.parse,
            function: () => "Lyon",
          },
        },
      ],
    });

    expect(await runner.finalContent()).toBe("In Lyon.");
    expect(told(spans, "llm.finish_reason")).toEqual([["tool_calls"], ["stop"]]);
  });

  test("an answer that cannot be parsed is the application's error, and no failure of the call", async () => {
    const { client, spans } = openAI(() => jsonResponse(completion("stop", { content: "no" })));
    const json_schema = { name: "parcel", schema: {} };

    const parsed = client.chat.completions.parse({
      model: "gpt-4o",
      messages: [],
      response_format: { type: "json_schema", json_schema },
    });

    await expect(parsed).rejects.toThrow(SyntaxError);
    expect(told(spans, "error.type", ...counts)).toEqual([[undefined, 10, 5]]);
  });
});

describe("images and audio", () => {
  test("a stream of images is one call with its counts", async () => {
    const image = { b64_json: "aaaa" };
    const { client, spans } = openAI(() =>
      eventStream([
        { type: "image_generation.partial_image", ...image, partial_image_index: 0 },
        { type: "image_generation.completed", ...image, usage },
      ]),
    );
    const body = { model: "gpt-image-1", prompt: "A parcel", stream: true as const };

    await readAll(await client.images.generate(body));

    expect(told(spans, "llm.request_type", "llm.stream_outcome", ...counts)).toEqual([
      ["image", "completed", 10, 5],
    ]);
  });

  test("speech leaves its bytes to the application", async () => {
    const { client, spans } = openAI(() => new Response(new Uint8Array([1, 2, 3])));

    const speech = await client.audio.speech.create({ model: "tts-1", voice: "alloy", input: "x" });

    expect((await speech.arrayBuffer()).byteLength).toBe(3);
    expect(told(spans, "llm.request_type", "http.status_code")).toEqual([["audio", 200]]);
  });

  test("a streamed transcription is one call with its counts, one as text has none", async () => {
    const { client, spans } = openAI(
      () =>
        eventStream([
          { type: "transcript.text.delta", delta: "Where" },
          { type: "transcript.text.done", text: "Where is it?", usage },
        ]),
      () => new Response("Where is it?", { headers: { "content-type": "text/plain" } }),
    );
    const model = "gpt-4o-transcribe";

    const body = { model, file: await audio() };
    await readAll(await client.audio.transcriptions.create({ ...body, stream: true }));
    const text = await client.audio.transcriptions.create({ ...body, response_format: "text" });

    expect(text).toBe("Where is it?");
    expect(told(spans, "llm.stream_outcome", ...counts)).toEqual([
      ["completed", 10, 5],
      [undefined, undefined, undefined],
    ]);
  });
});
