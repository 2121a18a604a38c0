import { describe, expect, test } from "vitest";
import { readModelOutput } from "../src/formats/read-output.ts";

describe("OpenAI Chat", () => {
  test("text, tool calls, usage, reason and model are read", () => {
    expect(
      readModelOutput({
        model: "gpt-4o-2024-08-06",
        choices: [
          {
            index: 0,
            finish_reason: "tool_calls",
            message: {
              content: "hi",
              tool_calls: [{ id: "c1", function: { name: "f", arguments: "{}" } }],
            },
          },
        ],
        usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
      }),
    ).toEqual({
      text: "hi",
      toolCalls: [{ id: "c1", name: "f", arguments: "{}" }],
      usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
      finishReason: "tool_calls",
      responseModel: "gpt-4o-2024-08-06",
    });
  });

  test.each<[string, object]>([
    ["a refusal", { index: 0, message: { content: null, refusal: "said" } }],
    ["a spoken answer", { index: 0, message: { content: null, audio: { transcript: "said" } } }],
    ["an older text completion", { text: "said" }],
  ])("%s is the text", (_title, choice) => {
    expect(readModelOutput({ choices: [choice] })).toEqual({ text: "said", toolCalls: [] });
  });

  test("of several choices the first is shown, wherever it stands", () => {
    const choices = [
      { index: 1, message: { content: "second" } },
      { index: 0, message: { content: "first" } },
    ];

    expect(readModelOutput({ choices }).text).toBe("first");
  });

  test("no choice is an empty answer", () => {
    expect(readModelOutput({ choices: [] })).toEqual({ text: "", toolCalls: [] });
  });
});

test("OpenAI Responses: text, refusals and function calls are read, reasoning is not", () => {
  expect(
    readModelOutput({
      model: "gpt-5",
      status: "completed",
      output: [
        { type: "reasoning", content: [{ type: "reasoning_text", text: "SECRET" }] },
        {
          type: "message",
          content: [
            { type: "output_text", text: "hi" },
            { type: "refusal", refusal: " no" },
          ],
        },
        { type: "function_call", call_id: "f1", name: "f", arguments: '{"a":1}' },
      ],
      usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5, input_tokens_details: {} },
    }),
  ).toEqual({
    text: "hi no",
    toolCalls: [{ id: "f1", name: "f", arguments: '{"a":1}' }],
    usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
    finishReason: "completed",
    responseModel: "gpt-5",
  });
});

test("OpenAI Responses: why an answer is incomplete is its finish reason", () => {
  const response = {
    output: [],
    status: "incomplete",
    incomplete_details: { reason: "max_output_tokens" },
  };

  expect(readModelOutput(response).finishReason).toBe("max_output_tokens");
});

test("Anthropic: text and tool uses are read, thinking is not", () => {
  expect(
    readModelOutput({
      type: "message",
      model: "claude-sonnet-4-5-20250929",
      stop_reason: "tool_use",
      content: [
        { type: "thinking", thinking: "SECRET", text: "SECRET" },
        { type: "text", text: "hi" },
        { type: "tool_use", id: "t1", name: "f", input: { a: 1 } },
        { type: "server_tool_use", id: "t2", name: "web_search", input: { query: "x" } },
        { type: "mcp_tool_use", id: "t3", name: "g" },
      ],
      usage: { input_tokens: 3, output_tokens: 2 },
    }),
  ).toEqual({
    text: "hi",
    toolCalls: [
      { id: "t1", name: "f", arguments: '{"a":1}' },
      { id: "t2", name: "web_search", arguments: '{"query":"x"}' },
      { id: "t3", name: "g", arguments: "{}" },
    ],
    usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
    finishReason: "tool_use",
    responseModel: "claude-sonnet-4-5-20250929",
  });
});

describe("Gemini", () => {
  test("text and function calls are read, thoughts are not", () => {
    expect(
      readModelOutput({
        modelVersion: "gemini-2.5-pro",
        candidates: [
          {
            finishReason: "STOP",
            content: {
              parts: [
                { thought: true, text: "SECRET" },
                { text: "hi" },
                { functionCall: { id: "g1", name: "f", args: { a: 1 } } },
                { functionCall: { name: "g" } },
              ],
            },
          },
          { content: { parts: [{ text: "another candidate" }] } },
        ],
        usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2, totalTokenCount: 5 },
      }),
    ).toEqual({
      text: "hi",
      toolCalls: [
        { id: "g1", name: "f", arguments: '{"a":1}' },
        { name: "g", arguments: "{}" },
      ],
      usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
      finishReason: "STOP",
      responseModel: "gemini-2.5-pro",
    });
  });

  test("a refused prompt has no candidate but a reason", () => {
    expect(readModelOutput({ promptFeedback: { blockReason: "SAFETY" } }).finishReason).toBe(
      "SAFETY",
    );
  });
});

describe("other responses", () => {
  test("an embedding has its usage and model", () => {
    expect(
      readModelOutput({
        object: "list",
        data: [{ embedding: [0.1] }],
        model: "text-embedding-3-small",
        usage: { prompt_tokens: 8, total_tokens: 8 },
      }),
    ).toEqual({
      usage: { inputTokens: 8, totalTokens: 8 },
      responseModel: "text-embedding-3-small",
    });
  });

  test("a result of the AI SDK has its text, usage and reason", () => {
    expect(
      readModelOutput({
        content: [{ type: "text", text: "hi" }],
        text: "hi",
        finishReason: "stop",
        usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
      }),
    ).toEqual({
      text: "hi",
      usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
      finishReason: "stop",
    });
  });

  test("what is no response says nothing", () => {
    const hostile = {
      get choices() {
        throw new Error("no");
      },
    };
    for (const value of [undefined, null, "text", 5, {}, [], hostile]) {
      expect(readModelOutput(value)).toEqual({});
    }
  });
});
