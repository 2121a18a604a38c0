import Anthropic from "@anthropic-ai/sdk";
import { betaTool } from "@anthropic-ai/sdk/helpers/beta/json-schema";
import { expect, test } from "vitest";
import { instrumentAnthropic, type LLMSpan } from "../../src/index.ts";
import { eventStream } from "../support/streams.ts";
import { jsonResponse, recordedSpans } from "./recorded-spans.ts";

/** A client that gets these answers one after another. */
function anthropic(...answers: (() => Response)[]) {
  const recorded = recordedSpans();
  const bare = new Anthropic({
    apiKey: "test",
    maxRetries: 0,
    fetch: async () => (answers.length > 1 ? answers.shift() : answers[0])?.() ?? new Response(),
  });
  return { ...recorded, client: instrumentAnthropic(bare, { llm: recorded.recorder }) };
}

/** What the spans say, all of which have ended. */
function told(spans: readonly LLMSpan[], ...tags: string[]): unknown[][] {
  expect(spans.map(({ finished }) => finished)).toEqual(spans.map(() => true));
  return spans.map((span) => tags.map((tag) => span.getTag(tag)));
}

const request = {
  model: "claude-sonnet-4-6",
  max_tokens: 100,
  messages: [{ role: "user" as const, content: "Where is it?" }],
};
const usage = { input_tokens: 10, output_tokens: 5 };
const text = (value: string) => ({ type: "text", text: value });

function message(stop_reason: string, ...content: object[]) {
  return {
    id: "m",
    type: "message",
    role: "assistant",
    model: request.model,
    content,
    stop_reason,
    usage,
  };
}

function streamed() {
  return eventStream(
    [
      { type: "message_start", message: { ...message("", ...[]), stop_reason: null } },
      { type: "content_block_start", index: 0, content_block: text("") },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "In Lyon." } },
      { type: "content_block_stop", index: 0 },
      { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 5 } },
      { type: "message_stop" },
    ],
    true,
  );
}

const facts = ["llm.finish_reason", "llm.input_tokens", "llm.output_tokens"];

test("the beta endpoints are recorded as the others", async () => {
  const { client, spans } = anthropic(() => jsonResponse(message("end_turn", text("In Lyon."))));

  await client.beta.messages.create({ ...request, betas: ["context-1m-2025-08-07"] });

  expect(told(spans, ...facts)).toEqual([["stop", 10, 5]]);
});

test.each([
  ["messages.stream", (client: Anthropic) => client.messages.stream(request)],
  ["beta.messages.stream", (client: Anthropic) => client.beta.messages.stream(request)],
])("%s makes one span", async (_, start) => {
  const { client, spans } = anthropic(streamed);

  expect(await start(client).finalText()).toBe("In Lyon.");

  expect(told(spans, "llm.stream_outcome", ...facts)).toEqual([["completed", "stop", 10, 5]]);
});

test("a helper that is aborted has not failed", async () => {
  const { client, spans } = anthropic(streamed);

  const helper = client.messages.stream(request);
  helper.on("text", () => helper.abort());
  await helper.done().catch(() => {});

  expect(told(spans, "llm.stream_outcome", "error.type")).toEqual([["aborted", undefined]]);
});

test("a runner of tools makes a span for each request", async () => {
  const call = { type: "tool_use", id: "t", name: "track", input: {} };
  const { client, spans } = anthropic(
    () => jsonResponse(message("tool_use", call)),
    () => jsonResponse(message("end_turn", text("In Lyon."))),
  );
  const track = betaTool({
    name: "track",
    description: "Tracks.",
    inputSchema: { type: "object", properties: {} },
    run: () => "Lyon",
  });

  const final = await client.beta.messages.toolRunner({ ...request, tools: [track] });

  expect(final.content).toEqual([text("In Lyon.")]);
  expect(told(spans, "llm.finish_reason")).toEqual([["tool_calls"], ["stop"]]);
});

test("a batch is one span that says what it is, counting tokens is no model call", async () => {
  const { client, spans } = anthropic(() => jsonResponse({ id: "b", type: "message_batch" }));
  const requests = ["a", "b"].map((custom_id) => ({ custom_id, params: request }));

  await client.messages.batches.create({ requests });
  await client.messages.countTokens(request);
  await client.messages.batches.retrieve("b");
  await client.messages.batches.cancel("b");

  expect(told(spans, "llm.batch", "llm.batch_size", "llm.model")).toEqual([
    [true, 2, request.model],
  ]);
});
