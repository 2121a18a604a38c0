import { expect, test } from "vitest";
import { StreamRecorder } from "../src/stream/stream-recorder.ts";

function recorder(keepsContent = true) {
  let now = 1_000;
  return {
    stream: new StreamRecorder(1_000, keepsContent, () => now),
    advance: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

test("the first token is the first content, not the first chunk", () => {
  const { stream, advance } = recorder();

  advance(17);
  stream.record({ hasContent: false });
  advance(148);
  stream.record({ hasContent: true, textDelta: "a" });
  advance(35);
  stream.record({ hasContent: true, textDelta: "b" });
  advance(500);
  stream.record({ finishReason: "stop" });

  expect(stream.summary()).toMatchObject({
    chunkCount: 4,
    timeToFirstTokenMs: 165,
    streamingDurationMs: 35,
    text: "ab",
    finishReason: "stop",
  });
});

test("without content there is no time of it", () => {
  const { stream } = recorder();

  stream.record({});

  expect(stream.summary()).toMatchObject({
    chunkCount: 1,
    timeToFirstTokenMs: undefined,
    streamingDurationMs: undefined,
    text: "",
    usage: {},
  });
});

test("times are given to the microsecond", () => {
  const { stream, advance } = recorder();

  advance(0.123_456);
  stream.record({ hasContent: true });

  expect(stream.summary().timeToFirstTokenMs).toBe(0.123);
});

test("pieces of parallel tool calls come together by their keys, whole ones stay apart", () => {
  const { stream } = recorder();

  stream.record({ toolCallDeltas: [{ key: "0", id: "a", name: "f" }] });
  stream.record({ toolCallDeltas: [{ key: "1", id: "b", name: "g", argumentsDelta: "{}" }] });
  stream.record({ toolCallDeltas: [{ key: "0", argumentsDelta: '{"x"' }] });
  stream.record({ toolCallDeltas: [{ key: "0", argumentsDelta: ":1}" }] });
  stream.record({
    toolCallDeltas: [
      { key: undefined, name: "h" },
      { key: undefined, name: "h" },
    ],
  });

  expect(stream.summary().toolCalls).toEqual([
    { id: "a", name: "f", arguments: '{"x":1}' },
    { id: "b", name: "g", arguments: "{}" },
    { name: "h", arguments: "" },
    { name: "h", arguments: "" },
  ]);
});

test("facts that a later chunk does not repeat stay", () => {
  const { stream } = recorder();

  stream.record({
    finishReason: "stop",
    responseModel: "m",
    failure: { message: "no", code: undefined },
    usage: { prompt_tokens: 5 },
  });
  stream.record({});

  expect(stream.summary()).toMatchObject({
    finishReason: "stop",
    responseModel: "m",
    failure: { message: "no" },
    usage: { inputTokens: 5 },
  });
});

test("without consent no content is kept, only counts and times", () => {
  const { stream } = recorder(false);

  stream.record({
    hasContent: true,
    textDelta: "secret",
    toolCallDeltas: [{ key: "0", name: "f", argumentsDelta: "secret" }],
  });

  expect(stream.summary()).toMatchObject({
    chunkCount: 1,
    timeToFirstTokenMs: 0,
    text: "",
    toolCalls: [],
  });
});

test("text, tool calls and their arguments are bounded", () => {
  const { stream } = recorder();
  const megabyte = "x".repeat(1_500_000);

  for (let index = 0; index < 300; index += 1) {
    stream.record({ textDelta: megabyte, toolCallDeltas: [{ key: String(index) }] });
  }
  stream.record({ toolCallDeltas: [{ key: "0", argumentsDelta: megabyte }] });
  stream.record({ toolCallDeltas: [{ key: "1", argumentsDelta: megabyte }] });
  stream.record({ toolCallDeltas: [{ key: "2", argumentsDelta: megabyte }] });

  const { text, toolCalls } = stream.summary();
  expect(text).toHaveLength(2_000_000);
  expect(toolCalls).toHaveLength(256);
  expect(toolCalls.map((call) => call.arguments?.length ?? 0).slice(0, 3)).toEqual([
    1_500_000, 500_000, 0,
  ]);
});

test("a usage that cannot be read costs nothing else of its chunk", () => {
  const { stream } = recorder();
  const usage = {
    get prompt_tokens(): number {
      throw new Error("no");
    },
  };

  expect(() => stream.record({ finishReason: "stop", textDelta: "a", usage })).toThrow("no");

  expect(stream.summary()).toMatchObject({ finishReason: "stop", text: "a", usage: {} });
});
