import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { conversationText, messageText, toMessages } from "../src/content/conversation.ts";

test("a text is a message of the user", () => {
  expect(toMessages("hi")).toEqual([{ role: "user", content: "hi" }]);
  expect(toMessages(["a", "b"])).toEqual([
    { role: "user", content: "a" },
    { role: "user", content: "b" },
  ]);
});

describe("OpenAI Chat", () => {
  test("tool calls and tool results keep their names, ids and arguments", () => {
    expect(
      toMessages([
        { role: "system", content: "be kind" },
        { role: "user", content: [{ type: "text", text: "weather?" }] },
        {
          role: "assistant",
          content: null,
          tool_calls: [
            {
              id: "c1",
              type: "function",
              function: { name: "weather", arguments: '{"city":"Rome"}' },
            },
          ],
        },
        { role: "tool", tool_call_id: "c1", content: "sunny" },
        { role: "assistant", content: [{ type: "refusal", refusal: "no" }] },
      ]),
    ).toEqual([
      { role: "system", content: "be kind" },
      { role: "user", content: "weather?" },
      {
        role: "assistant",
        toolCalls: [
          { name: "weather", toolId: "c1", arguments: { city: "Rome" }, type: "function" },
        ],
      },
      { role: "tool", toolResults: [{ result: "sunny", toolId: "c1", type: "tool_result" }] },
      { role: "assistant", content: "no" },
    ]);
  });

  test("images and audio are replaced by their type and size", () => {
    expect(
      toMessages([
        {
          role: "user",
          content: [
            { type: "text", text: "what is this?" },
            { type: "image_url", image_url: { url: "data:image/png;base64,SECRET" } },
            { type: "input_audio", input_audio: { data: "SECRET", format: "wav" } },
          ],
        },
      ]),
    ).toEqual([
      { role: "user", content: "what is this?\n[image/png, 4 bytes]\n[audio/wav, 4 bytes]" },
    ]);
  });
});

test("OpenAI Responses: items of a conversation", () => {
  expect(
    toMessages([
      { role: "user", content: [{ type: "input_text", text: "hi" }, { type: "input_image" }] },
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "hello" }] },
      { type: "reasoning", encrypted_content: "SECRET" },
      { type: "function_call", call_id: "f1", name: "find", arguments: '{"q":1}' },
      { type: "function_call_output", call_id: "f1", output: "found" },
      { type: "function_call_output", call_id: "f2", output: [{ type: "output_text", text: "x" }] },
    ]),
  ).toEqual([
    { role: "user", content: "hi\n[input_image]" },
    { role: "assistant", content: "hello" },
    {
      role: "assistant",
      toolCalls: [{ name: "find", toolId: "f1", arguments: { q: 1 }, type: "function" }],
    },
    { role: "tool", toolResults: [{ result: "found", toolId: "f1", type: "tool_result" }] },
    { role: "tool", toolResults: [{ result: "x", toolId: "f2", type: "tool_result" }] },
  ]);
});

test("Anthropic: blocks of a conversation", () => {
  expect(
    toMessages([
      {
        role: "user",
        content: [
          { type: "text", text: "look" },
          { type: "image", source: { type: "base64", media_type: "image/png", data: "SECRET" } },
          { type: "document", source: { type: "url", url: "SECRET" } },
        ],
      },
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "SECRET" },
          { type: "text", text: "I will look" },
          { type: "tool_use", id: "t1", name: "look", input: { at: "it" } },
        ],
      },
      {
        role: "user",
        content: [
          {
            type: "tool_result",
            tool_use_id: "t1",
            content: [
              { type: "text", text: "a cat" },
              { type: "image", source: {} },
            ],
          },
          { type: "tool_result", tool_use_id: "t2", content: "plain" },
        ],
      },
    ]),
  ).toEqual([
    { role: "user", content: "look\n[image/png, 4 bytes]\n[document]" },
    {
      role: "assistant",
      content: "[thinking]\nI will look",
      toolCalls: [{ name: "look", toolId: "t1", arguments: { at: "it" }, type: "function" }],
    },
    {
      role: "user",
      toolResults: [
        { result: "a cat\n[image]", toolId: "t1", type: "tool_result" },
        { result: "plain", toolId: "t2", type: "tool_result" },
      ],
    },
  ]);
});

test("Gemini: contents, bare parts, function calls and their responses", () => {
  expect(
    toMessages([
      {
        role: "user",
        parts: [{ text: "hi" }, { inlineData: { mimeType: "image/png", data: "SECRET" } }],
      },
      { role: "model", parts: [{ functionCall: { id: "g1", name: "find", args: { q: "x" } } }] },
      {
        role: "user",
        parts: [{ functionResponse: { id: "g1", name: "find", response: { ok: 1 } } }],
      },
      { role: "model", parts: [{ text: "done" }] },
      { text: "a bare part" },
      { fileData: { mimeType: "video/mp4", fileUri: "SECRET" } },
    ]),
  ).toEqual([
    { role: "user", content: "hi\n[image/png, 4 bytes]" },
    {
      role: "assistant",
      toolCalls: [{ name: "find", toolId: "g1", arguments: { q: "x" }, type: "function" }],
    },
    {
      role: "user",
      toolResults: [{ name: "find", result: '{"ok":1}', toolId: "g1", type: "tool_result" }],
    },
    { role: "assistant", content: "done" },
    { role: "user", content: "a bare part" },
    { role: "user", content: "[video/mp4]" },
  ]);
});

describe("a whole request", () => {
  const user = { role: "user", content: "q" };
  const expected = [
    { role: "system", content: "rules" },
    { role: "user", content: "q" },
  ];

  test.each<[string, object]>([
    ["Anthropic", { model: "m", system: "rules", messages: [user] }],
    ["Anthropic, system blocks", { system: [{ type: "text", text: "rules" }], messages: [user] }],
    ["OpenAI Responses", { instructions: "rules", input: "q" }],
    ["Gemini", { contents: "q", config: { systemInstruction: "rules" } }],
    [
      "Gemini, over REST",
      { systemInstruction: { parts: [{ text: "rules" }] }, contents: [{ parts: [{ text: "q" }] }] },
    ],
  ])("of %s is its instructions and its messages", (_title, request) => {
    expect(toMessages(request)).toEqual(expected);
  });

  test("without instructions is its messages", () => {
    expect(toMessages({ model: "m", messages: [user] })).toEqual([user]);
    expect(toMessages({ prompt: "q" })).toEqual([user]);
  });
});

test("parts that hold parts are shown by these", () => {
  const found = { type: "search_result", title: "t", content: [{ type: "text", text: "found" }] };

  expect(
    toMessages([
      { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: [found] }] },
    ])[0]?.toolResults,
  ).toEqual([{ result: "found", toolId: "t1", type: "tool_result" }]);
});

test("one message need not be in a list", () => {
  expect(toMessages({ role: "user", content: "q" })).toEqual([{ role: "user", content: "q" }]);
  expect(toMessages({ parts: [{ text: "q" }] })).toEqual([{ role: "user", content: "q" }]);
  expect(toMessages({ type: "function_call", name: "f" })).toHaveLength(1);
  expect(toMessages({ type: "custom_tool_call", name: "f", input: "x" })).toEqual([
    { role: "user", content: "[custom_tool_call]" },
  ]);
  expect(toMessages({ role: "user", parts: [{ text: "q" }], prompt: "other" })).toEqual([
    { role: "user", content: "q" },
  ]);
});

test("a message without a body is shown empty", () => {
  expect(toMessages([{ role: "assistant", content: null }])).toEqual([
    { role: "assistant", content: "" },
  ]);
});

test("tool arguments that are no JSON object are shown as they came", () => {
  const call = (text: string) =>
    toMessages({ type: "function_call", name: "f", arguments: text })[0]?.toolCalls?.[0]?.arguments;

  expect(call('{"cut":')).toEqual({ text: '{"cut":' });
  expect(call("[1]")).toEqual({ text: "[1]" });
  expect(call("null")).toEqual({ text: "null" });
  expect(call("")).toEqual({});
  expect(Object.keys(call('{"__proto__":{"a":1}}') ?? {})).toEqual(["__proto__"]);
});

test("what cannot be read is left out and nothing is thrown", () => {
  const cycle: Record<string, unknown> = { type: "tool_result" };
  cycle["content"] = [cycle];
  const hostile = {
    get role() {
      throw new Error("no");
    },
  };
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();

  expect(toMessages([{ role: "user", content: [cycle] }])[0]?.toolResults).toHaveLength(1);
  expect(toMessages([hostile])).toEqual([]);
  expect(toMessages(revoked.proxy)).toEqual([]);
  expect(toMessages([null, 5, undefined, "q"])).toEqual([{ role: "user", content: "q" }]);
  expect(toMessages([{ role: "user", content: [5, null, true, Symbol("s")] }])).toEqual([
    { role: "user", content: "5\ntrue\nSymbol(s)" },
  ]);
});

test("the input is not changed", () => {
  const input = [{ role: "user", content: [{ type: "text", text: "x" }] }];
  const before = structuredClone(input);

  toMessages(input);

  expect(input).toEqual(before);
});

test("the text of a conversation holds its tool calls and results", () => {
  const messages = toMessages([
    { role: "user", content: "q" },
    { type: "function_call", name: "find", arguments: '{"q":1}' },
    { role: "tool", content: "found" },
  ]);

  expect(conversationText(messages)).toBe('q\n{"name":"find","arguments":{"q":1}}\nfound');
});

test("the text of a conversation is bounded", () => {
  const long = { role: "user", content: "x".repeat(1_500_000) };

  expect(conversationText([long, long, long])).toHaveLength(2_000_000);
});

test("property: any JSON becomes messages of text without a throw", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      for (const message of toMessages(value)) {
        expect(typeof messageText(message)).toBe("string");
        expect(typeof message.role).toBe("string");
      }
    }),
  );
});
