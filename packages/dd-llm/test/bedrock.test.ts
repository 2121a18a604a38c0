import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readChunk, readModelOutput } from "../src/formats/read-output.ts";
import { normalizeUsage } from "../src/index.ts";
import { testClient } from "./support/clients.ts";

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const chunk = (value: unknown) => ({ chunk: { bytes: json(value) } });

describe("Converse", () => {
  test("an answer gives text, tool calls, counts and reason", () => {
    const answer = {
      output: {
        message: {
          role: "assistant",
          content: [
            { text: "Let me look. " },
            { toolUse: { toolUseId: "t1", name: "search", input: { query: "refund" } } },
            { reasoningContent: { reasoningText: { text: "hidden" } } },
          ],
        },
      },
      stopReason: "tool_use",
      usage: { inputTokens: 10, outputTokens: 5, totalTokens: 105, cacheReadInputTokens: 90 },
    };

    expect(readModelOutput(answer)).toEqual({
      text: "Let me look. ",
      toolCalls: [{ id: "t1", name: "search", arguments: '{"query":"refund"}' }],
      usage: { inputTokens: 100, outputTokens: 5, totalTokens: 105, cacheReadInputTokens: 90 },
      finishReason: "tool_use",
    });
  });

  test("a stream gives text, a tool call in pieces, counts and reason", async () => {
    const { llm, annotations } = testClient({ content: { mode: "full" } });
    const span = llm.startLLMSpan("llm.request", { provider: "bedrock", model: "m" });
    async function* events() {
      yield { messageStart: { role: "assistant" } };
      yield { contentBlockDelta: { contentBlockIndex: 0, delta: { text: "Hi" } } };
      yield {
        contentBlockStart: {
          contentBlockIndex: 1,
          start: { toolUse: { toolUseId: "t1", name: "search" } },
        },
      };
      yield { contentBlockDelta: { contentBlockIndex: 1, delta: { toolUse: { input: '{"q":' } } } };
      yield { contentBlockDelta: { contentBlockIndex: 1, delta: { toolUse: { input: "1}" } } } };
      yield { contentBlockStop: { contentBlockIndex: 1 } };
      yield { messageStop: { stopReason: "tool_use" } };
      yield { metadata: { usage: { inputTokens: 3, outputTokens: 4, totalTokens: 7 } } };
    }

    for await (const _ of span.observe(events()));

    expect(annotations[0]?.outputData).toEqual([
      {
        role: "assistant",
        content: "Hi",
        toolCalls: [{ name: "search", toolId: "t1", arguments: { q: 1 }, type: "function" }],
      },
    ]);
    expect(span.getTag("llm.finish_reason")).toBe("tool_calls");
    expect(span.getTag("llm.finish_reason_raw")).toBe("tool_use");
    expect(span.getTag("llm.total_tokens")).toBe(7);
  });

  test("an error event is a failure of its kind", () => {
    expect(readChunk({ throttlingException: { message: "slow down" } }).failure).toEqual({
      message: "slow down",
      code: "throttlingException",
    });
  });

  test("reasoning is content, but no text", () => {
    const event = { contentBlockDelta: { delta: { reasoningContent: { text: "hm" } } } };

    expect(readChunk(event)).toEqual({ hasContent: true });
  });
});

describe("InvokeModel", () => {
  test.for([
    [
      "Anthropic",
      {
        content: [{ type: "text", text: "a" }],
        stop_reason: "end_turn",
        usage: { input_tokens: 3, output_tokens: 2 },
      },
      "end_turn",
    ],
    [
      "Amazon Nova",
      {
        output: { message: { content: [{ text: "a" }] } },
        stopReason: "end_turn",
        usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
      },
      "end_turn",
    ],
    [
      "Amazon Titan",
      {
        inputTextTokenCount: 3,
        results: [{ tokenCount: 2, outputText: "a", completionReason: "FINISH" }],
      },
      "FINISH",
    ],
    [
      "Meta Llama",
      { generation: "a", prompt_token_count: 3, generation_token_count: 2, stop_reason: "stop" },
      "stop",
    ],
    [
      "AI21 Jamba",
      {
        choices: [{ message: { content: "a" }, finish_reason: "stop" }],
        usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
      },
      "stop",
    ],
  ] as const)("%s answers in its own form", ([, answer, finishReason]) => {
    const { text, usage, finishReason: read } = readModelOutput({ body: json(answer) });

    expect({ text, usage, read }).toEqual({
      text: "a",
      usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
      read: finishReason,
    });
  });

  test("a model without counts still has text and reason", () => {
    const answer = { outputs: [{ text: "a", stop_reason: "length" }] };

    expect(readModelOutput({ body: json(answer) })).toEqual({ text: "a", finishReason: "length" });
  });

  test("Bedrock's own counts at the end complete what the model has said of itself", () => {
    const last = chunk({
      type: "message_stop",
      "amazon-bedrock-invocationMetrics": {
        inputTokenCount: 4,
        outputTokenCount: 10,
        cacheReadInputTokenCount: 90,
      },
    });

    expect(normalizeUsage(readChunk(last).usage)).toEqual({
      inputTokens: 94,
      outputTokens: 10,
      totalTokens: 104,
      cacheReadInputTokens: 90,
    });
  });

  test("bytes that are no JSON, and bodies too large to hold counts, say nothing", () => {
    const broken = new TextEncoder().encode("{");

    expect(readModelOutput({ body: broken })).toEqual({});
    expect(readChunk({ chunk: { bytes: broken } })).toEqual({});
    expect(readModelOutput({ body: new Uint8Array(8_000_001) })).toEqual({});
  });

  test("no bytes make reading throw", () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.jsonValue().map(json)), (bytes) => {
        readModelOutput({ body: bytes });
        readChunk({ chunk: { bytes } });
      }),
    );
  });
});
