import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readChunk } from "../src/formats/read-output.ts";

describe("OpenAI Chat", () => {
  const chunk = (delta: object, more: object = {}) =>
    readChunk({ choices: [{ index: 0, delta, ...more }] });

  test("a role is no content yet", () => {
    expect(chunk({ role: "assistant", content: "" })).toEqual({
      hasContent: false,
      toolCallDeltas: [],
    });
  });

  test.each<[string, object, string | undefined]>([
    ["text", { content: "hi" }, "hi"],
    ["a refusal", { refusal: "no" }, "no"],
    ["a transcript", { audio: { transcript: "said" } }, "said"],
    ["sound", { audio: { data: "AAAA" } }, undefined],
    ["reasoning", { reasoning_content: "hm" }, undefined],
    ["reasoning of other servers", { reasoning: "hm" }, undefined],
  ])("%s is content", (_title, delta, textDelta) => {
    const facts = chunk(delta);

    expect(facts.hasContent).toBe(true);
    expect(facts.textDelta).toBe(textDelta);
  });

  test("a piece of a tool call is content, and pieces belong together by their index", () => {
    expect(
      chunk({
        tool_calls: [
          { index: 0, id: "c1", function: { name: "f", arguments: "" } },
          { index: 1, function: { arguments: '{"a"' } },
        ],
      }),
    ).toEqual({
      hasContent: true,
      toolCallDeltas: [
        { key: "0", id: "c1", name: "f" },
        { key: "1", argumentsDelta: '{"a"' },
      ],
    });
  });

  test("the last chunk has usage and no choice", () => {
    const usage = { prompt_tokens: 1 };

    expect(readChunk({ model: "m", choices: [], usage })).toEqual({
      hasContent: false,
      toolCallDeltas: [],
      usage,
      responseModel: "m",
    });
  });

  test("the finish reason is read", () => {
    expect(chunk({}, { finish_reason: "stop" }).finishReason).toBe("stop");
  });

  test("another choice is content but not the text that is shown", () => {
    expect(readChunk({ choices: [{ index: 1, delta: { content: "second" } }] })).toEqual({
      hasContent: true,
      toolCallDeltas: [],
    });
  });

  test("an older text completion is text", () => {
    expect(readChunk({ choices: [{ index: 0, text: "hi" }] })).toMatchObject({
      textDelta: "hi",
      hasContent: true,
    });
  });
});

describe("OpenAI Responses", () => {
  test.each<[string, object]>([
    ["response.output_text.delta", { textDelta: "d", hasContent: true }],
    ["response.refusal.delta", { textDelta: "d", hasContent: true }],
    ["response.audio.transcript.delta", { textDelta: "d", hasContent: true }],
    ["response.reasoning_text.delta", { hasContent: true }],
    ["response.reasoning_summary_text.delta", { hasContent: true }],
    ["response.audio.delta", { hasContent: true }],
    ["response.created", {}],
    ["response.output_text.done", {}],
    ["something.else", {}],
  ])("%s", (type, expected) => {
    expect(readChunk({ type, delta: "d" })).toEqual(expected);
  });

  test("an empty delta is no content", () => {
    expect(readChunk({ type: "response.output_text.delta", delta: "" })).toEqual({});
    expect(readChunk({ type: "response.function_call_arguments.delta", delta: "" })).toEqual({});
    expect(readChunk({ type: "response.reasoning_text.delta", delta: "" })).toEqual({
      hasContent: false,
    });
  });

  test("a function call and its arguments belong together by their place", () => {
    expect(
      readChunk({
        type: "response.output_item.added",
        output_index: 2,
        item: { type: "function_call", call_id: "f1", name: "f", arguments: "" },
      }),
    ).toEqual({ hasContent: true, toolCallDeltas: [{ key: "2", id: "f1", name: "f" }] });
    expect(
      readChunk({ type: "response.function_call_arguments.delta", output_index: 2, delta: "{" }),
    ).toEqual({ hasContent: true, toolCallDeltas: [{ key: "2", argumentsDelta: "{" }] });
    expect(
      readChunk({ type: "response.output_item.added", output_index: 1, item: { type: "message" } }),
    ).toEqual({});
  });

  test.each(["response.completed", "response.incomplete"])("%s has the usage", (type) => {
    const usage = { input_tokens: 1, output_tokens: 2 };

    expect(
      readChunk({ type, response: { status: "completed", model: "m", output: [], usage } }),
    ).toEqual({ usage, finishReason: "completed", responseModel: "m" });
  });

  test("a failed response tells why", () => {
    expect(
      readChunk({
        type: "response.failed",
        response: { status: "failed", error: { code: "server_error", message: "broken" } },
      }),
    ).toEqual({ finishReason: "failed", failure: { message: "broken", code: "server_error" } });
    expect(readChunk({ type: "response.failed", response: {} }).failure).toEqual({
      message: "The provider reported a failure.",
      code: undefined,
    });
  });

  test("an error event tells why", () => {
    expect(
      readChunk({ type: "error", code: "rate_limit_exceeded", message: "slow down" }).failure,
    ).toEqual({ message: "slow down", code: "rate_limit_exceeded" });
  });
});

describe("Anthropic", () => {
  test("the opening event has the model and the first usage", () => {
    const usage = { input_tokens: 1 };

    expect(readChunk({ type: "message_start", message: { model: "m", usage } })).toEqual({
      usage,
      responseModel: "m",
    });
  });

  test("the closing event has the last usage and the reason", () => {
    const usage = { output_tokens: 5 };

    expect(readChunk({ type: "message_delta", delta: { stop_reason: "end_turn" }, usage })).toEqual(
      { usage, finishReason: "end_turn" },
    );
  });

  test.each<[string, object, object]>([
    ["text", { text: "hi" }, { textDelta: "hi", hasContent: true }],
    ["thinking", { thinking: "hm" }, { hasContent: true }],
    ["a signature", { signature: "s" }, {}],
    [
      "a piece of a tool's input",
      { partial_json: "{" },
      { hasContent: true, toolCallDeltas: [{ key: "3", argumentsDelta: "{" }] },
    ],
    ["an empty piece", { partial_json: "" }, {}],
  ])("a delta of %s", (_title, delta, expected) => {
    expect(readChunk({ type: "content_block_delta", index: 3, delta })).toEqual(expected);
  });

  test.each<[object, object]>([
    [{ type: "text", text: "" }, {}],
    [
      { type: "text", text: "hi" },
      { textDelta: "hi", hasContent: true },
    ],
    [
      { type: "tool_use", id: "t1", name: "f", input: {} },
      { hasContent: true, toolCallDeltas: [{ key: "1", id: "t1", name: "f" }] },
    ],
  ])("the start of a block %j", (block, expected) => {
    expect(readChunk({ type: "content_block_start", index: 1, content_block: block })).toEqual(
      expected,
    );
  });

  test("an error event tells why", () => {
    expect(
      readChunk({ type: "error", error: { type: "overloaded_error", message: "Overloaded" } }),
    ).toEqual({ failure: { message: "Overloaded", code: "overloaded_error" } });
    expect(readChunk({ type: "error", error: { type: "api_error" } }).failure?.message).toBe(
      "api_error",
    );
    expect(readChunk({ type: "error", error: {} }).failure?.message).toBe("unknown error");
  });

  test.each(["ping", "message_stop", "content_block_stop"])("%s says nothing", (type) => {
    expect(readChunk({ type })).toEqual({});
  });
});

describe("Gemini", () => {
  test("each chunk is a response of its own", () => {
    const usageMetadata = { promptTokenCount: 1 };

    expect(
      readChunk({
        modelVersion: "m",
        usageMetadata,
        candidates: [
          {
            finishReason: "STOP",
            content: { parts: [{ text: "hi" }, { functionCall: { name: "f", args: {} } }] },
          },
        ],
      }),
    ).toEqual({
      hasContent: true,
      textDelta: "hi",
      toolCallDeltas: [{ key: undefined, name: "f", argumentsDelta: "{}" }],
      usage: usageMetadata,
      finishReason: "STOP",
      responseModel: "m",
    });
  });

  test.each<[object[], boolean]>([
    [[{ thought: true, text: "hm" }], true],
    [[{ thought: true, text: "" }], false],
    [[{ functionCall: {} }], true],
    [[], false],
  ])("parts %j are content: %s", (parts, hasContent) => {
    const facts = readChunk({ candidates: [{ content: { parts } }] });

    expect(facts.hasContent).toBe(hasContent);
    expect(facts.textDelta).toBeUndefined();
  });

  test("a refused prompt tells why", () => {
    expect(readChunk({ promptFeedback: { blockReason: "SAFETY" } }).finishReason).toBe("SAFETY");
  });
});

test("a text is its own delta", () => {
  expect(readChunk("hi")).toEqual({ textDelta: "hi", hasContent: true });
  expect(readChunk("")).toEqual({ textDelta: "", hasContent: false });
});

test("a hostile chunk says nothing", () => {
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const throwing = {
    get choices() {
      throw new Error("no");
    },
  };
  const unprintable = {
    type: "content_block_delta",
    index: Object.create(null),
    delta: { partial_json: "{" },
  };
  for (const chunk of [revoked.proxy, throwing, unprintable, undefined, null, 5, Symbol("s")]) {
    expect(readChunk(chunk)).toEqual({});
  }
});

test("property: any JSON is read without a throw", () => {
  const key = fc.constantFrom(
    "choices",
    "type",
    "delta",
    "candidates",
    "usage",
    "content",
    "index",
  );
  const chunk = fc.dictionary(key, fc.oneof(fc.jsonValue(), fc.constant("content_block_delta")));
  fc.assert(
    fc.property(chunk, (value) => {
      expect(typeof readChunk(value)).toBe("object");
    }),
  );
});
