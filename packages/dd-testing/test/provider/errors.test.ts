import { APIError as AnthropicError, OverloadedError, RateLimitError } from "@anthropic-ai/sdk";
import { ApiError } from "@google/genai";
import OpenAI from "openai";
import { expect, test } from "vitest";
import type { ProviderErrorKind } from "../../src/index.ts";
import { ask, post, readAll, useProviderServer } from "./provider-fixture.ts";

const fixture = useProviderServer({ maxBodyBytes: 1000 });

/** Sends a request and hands back the error the SDK throws. */
async function errorOf(request: PromiseLike<unknown>): Promise<unknown> {
  try {
    await request;
  } catch (error) {
    return error;
  }
  throw new Error("The request did not fail.");
}

const statuses: [ProviderErrorKind, number, number, number][] = [
  ["invalid_request", 400, 400, 400],
  ["authentication", 401, 401, 401],
  ["permission", 403, 403, 403],
  ["not_found", 404, 404, 404],
  ["request_too_large", 413, 413, 413],
  ["context_length_exceeded", 400, 400, 400],
  ["rate_limited", 429, 429, 429],
  ["quota_exceeded", 402, 429, 429],
  ["internal", 500, 500, 500],
  ["overloaded", 529, 503, 503],
  ["timeout", 504, 504, 504],
];

test.each(statuses)("%s has the status of each provider", async (kind, ...expected) => {
  fixture.server.respond({}, { error: kind });

  const errors = [
    await errorOf(fixture.anthropic.messages.create(ask.messages)),
    await errorOf(fixture.openai.chat.completions.create(ask.chat)),
    await errorOf(fixture.gemini.models.generateContent(ask.gemini)),
  ];

  expect(errors).toMatchObject(expected.map((status) => ({ status })));
  expect(fixture.server.requests().map(({ outcome, failure }) => [outcome, failure])).toEqual(
    expected.map(() => ["failed", "scripted_error"]),
  );
  expect(fixture.server.usageSent()).toEqual([]);
});

test("Anthropic errors become the classes of its SDK, with type and request id", async () => {
  fixture.server.enqueue({ status: 429 }, { status: 529 });

  const limited = await errorOf(fixture.anthropic.messages.create(ask.messages));
  const overloaded = await errorOf(fixture.anthropic.messages.create(ask.messages));

  expect(limited).toBeInstanceOf(RateLimitError);
  expect(limited).toMatchObject({
    type: "rate_limit_error",
    requestID: expect.stringMatching(/^req_/),
    error: { type: "error", request_id: expect.stringMatching(/^req_/) },
  });
  expect(overloaded).toBeInstanceOf(OverloadedError);
  expect(overloaded).toMatchObject({ type: "overloaded_error" });
});

test("OpenAI errors become the classes of its SDK, with type, code and parameter", async () => {
  fixture.server.enqueue(
    { error: "quota_exceeded" },
    { error: { kind: "context_length_exceeded", message: "Too long.", param: "messages" } },
    { error: "overloaded" },
  );
  const send = (): Promise<unknown> => errorOf(fixture.openai.chat.completions.create(ask.chat));

  const [limited, long, overloaded] = [await send(), await send(), await send()];

  expect(limited).toBeInstanceOf(OpenAI.RateLimitError);
  expect(limited).toMatchObject({ code: "insufficient_quota", type: "insufficient_quota" });
  expect(long).toBeInstanceOf(OpenAI.BadRequestError);
  expect(long).toMatchObject({ code: "context_length_exceeded", param: "messages" });
  expect(overloaded).toBeInstanceOf(OpenAI.InternalServerError);
});

test("Gemini errors carry code, status and when to retry", async () => {
  fixture.server.enqueue({ error: { kind: "rate_limited", retryAfterMs: 1500 } });

  const error = await errorOf(fixture.gemini.models.generateContent(ask.gemini));

  expect(error).toBeInstanceOf(ApiError);
  expect(JSON.parse((error as ApiError).message)).toEqual({
    error: {
      code: 429,
      status: "RESOURCE_EXHAUSTED",
      message: expect.any(String),
      details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "1.5s" }],
    },
  });
});

test("an error status before a stream is a plain error answer", async () => {
  fixture.server.enqueue({ error: "overloaded" });

  const stream = fixture.anthropic.messages.stream(ask.messages);

  await expect(stream.finalMessage()).rejects.toBeInstanceOf(OverloadedError);
  expect(fixture.server.requests()[0]).toMatchObject({ streamed: true, chunksSent: 0 });
});

test("an SDK that retries gets the next reply and waits no longer than it is told", async () => {
  fixture.server.enqueue({ error: { kind: "overloaded", retryAfterMs: 1 } }, { text: "Here." });

  const client = fixture.anthropic.withOptions({ maxRetries: 1 });
  const message = await client.messages.create(ask.messages);

  expect(message.content).toMatchObject([{ text: "Here." }]);
  expect(fixture.server.requests().map(({ status }) => status)).toEqual([529, 200]);
});

test("every field of an error can be scripted", async () => {
  const error = { status: 418, type: "teapot", code: "short_and_stout", message: "I am a teapot" };
  fixture.server.enqueue({ error, headers: { "x-pot": "tea" } });

  const response = await post(`${fixture.server.baseUrls.openai}/chat/completions`, ask.chat);

  expect(response.status).toBe(418);
  expect(response.headers.get("x-pot")).toBe("tea");
  const { status: _, ...body } = error;
  expect(await response.json()).toEqual({ error: { ...body, param: null } });
});

test.each([
  ["no max_tokens", "/v1/messages", { model: "m", messages: [] }, 400],
  ["no messages", "/v1/chat/completions", { model: "m" }, 400],
  ["no model", "/v1/chat/completions", { messages: [] }, 400],
  ["no input", "/v1/embeddings", { model: "m" }, 400],
  ["no contents", "/v1beta/models/m:generateContent", {}, 400],
  ["no requests", "/v1beta/models/m:batchEmbedContents", {}, 400],
  ["a body that is no object", "/v1/messages", [1], 400],
  ["an unknown operation", "/v1beta/models/m:countNothing", {}, 404],
  ["an unknown path", "/v1/nothing", {}, 404],
  ["a body over the limit", "/v1/messages", { model: "x".repeat(1000) }, 413],
])("a request with %s is refused", async (_, path, body, status) => {
  fixture.server.enqueue({ text: "stays in the queue" });

  const response = await post(fixture.server.url + path, body);

  expect(response.status).toBe(status);
  expect(await response.json()).toHaveProperty("error.message");
  expect(fixture.server.requests()[0]).toMatchObject({
    outcome: "failed",
    failure: "refused_request",
  });
  const next = await fixture.openai.chat.completions.create(ask.chat);
  expect(next.choices[0]?.message.content).toBe("stays in the queue");
});

test("a body that is no JSON is refused and kept as text", async () => {
  const response = await post(`${fixture.server.url}/v1/messages`, "", { body: "{nonsense" });

  expect(response.status).toBe(400);
  expect(fixture.server.requests()[0]?.body).toBe("{nonsense");
});

test("another method than POST is refused", async () => {
  const response = await fetch(`${fixture.server.url}/v1/messages`);

  expect(response.status).toBe(405);
  expect(await response.json()).toMatchObject({ type: "error" });
});

test("an error inside a stream is thrown by each SDK after the chunks before it", async () => {
  fixture.server.respond(
    {},
    { text: "one two three", midStreamError: { kind: "overloaded", afterChunks: 2 } },
  );
  const texts: Record<string, string[]> = { anthropic: [], openai: [], gemini: [] };

  const errors = [
    await errorOf(
      (async () => {
        const stream = await fixture.anthropic.messages.create({ ...ask.messages, stream: true });
        for await (const event of stream) {
          if (event.type !== "content_block_delta" || event.delta.type !== "text_delta") continue;
          texts["anthropic"]?.push(event.delta.text);
        }
      })(),
    ),
    await errorOf(
      (async () => {
        const stream = await fixture.openai.chat.completions.create({ ...ask.chat, stream: true });
        for await (const chunk of stream) {
          texts["openai"]?.push(chunk.choices[0]?.delta.content ?? "");
        }
      })(),
    ),
    await errorOf(
      (async () => {
        for await (const chunk of await fixture.gemini.models.generateContentStream(ask.gemini)) {
          texts["gemini"]?.push(chunk.text ?? "");
        }
      })(),
    ),
  ];

  expect(errors[0]).toBeInstanceOf(AnthropicError);
  expect(errors[0]).toMatchObject({ type: "overloaded_error" });
  expect(errors[1]).toBeInstanceOf(OpenAI.APIError);
  expect(errors[1]).toMatchObject({ type: "server_error" });
  expect(errors[2]).toMatchObject({ name: "ApiError", status: 503 });
  expect(texts).toEqual({
    anthropic: ["one", " two"],
    openai: ["", "one", " two"],
    gemini: ["one", " two"],
  });
  expect(fixture.server.requests().map(({ failure, chunksSent }) => [failure, chunksSent])).toEqual(
    Array(3).fill(["mid_stream_error", 2]),
  );
});

test("Responses reports an error inside a stream as response.failed or as an error event", async () => {
  fixture.server.enqueue(
    { text: "one two", midStreamError: { message: "Broken." } },
    { text: "one two", midStreamError: { message: "Broken.", responsesEvent: "error" } },
  );
  const events: { type: string; sequence_number: number }[] = [];

  for await (const event of await fixture.openai.responses.create({
    ...ask.response,
    stream: true,
  })) {
    events.push(event);
  }
  const error = await errorOf(fixture.openai.responses.stream(ask.response).finalResponse());

  expect(events.at(-1)).toMatchObject({
    type: "response.failed",
    sequence_number: events.length - 1,
    response: { status: "failed", error: { code: "server_error", message: "Broken." } },
  });
  expect(error).toMatchObject({ type: "server_error" });
});

test("the older completions report an error inside a stream, too", async () => {
  fixture.server.enqueue({ text: "one two", midStreamError: { kind: "internal" } });

  const stream = await fixture.openai.completions.create({
    model: "instruct-test",
    prompt: "Say it",
    stream: true,
  });

  await expect(readAll(stream)).rejects.toMatchObject({ type: "server_error" });
});

test("an error meant for a stream is an error status where nothing is streamed", async () => {
  fixture.server.enqueue({ midStreamError: { kind: "timeout" } });

  await expect(fixture.anthropic.messages.create(ask.messages)).rejects.toMatchObject({
    status: 504,
  });
});
