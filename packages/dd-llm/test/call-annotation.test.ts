import { expect, test } from "vitest";
import type { ContentMode } from "../src/index.ts";
import { callAnnotation } from "../src/span/call-annotation.ts";
import type { CallRecord } from "../src/span/call-record.ts";
import { callRecord, streamSummary } from "./support/call-record.ts";
import { testFoundation } from "./support/foundation.ts";

const { guard } = testFoundation();

function annotation(record: CallRecord, mode: ContentMode = "none", previewLength = 5) {
  return callAnnotation(
    record,
    { mode, previewLength, hashKey: undefined, kinds: {}, parts: {}, sampling: undefined },
    guard,
  );
}

const content = callRecord({
  input: [{ role: "user", content: "question" }],
  output: { text: "answered" },
});

test("metrics are in LLM Observability's names and units: tokens, seconds, dollars", () => {
  const { metrics } = annotation(
    callRecord({
      usage: {
        inputTokens: 1_000,
        outputTokens: 101,
        totalTokens: 1_101,
        cacheReadInputTokens: 800,
        cacheWriteInputTokens: 100,
        cacheWrite5mInputTokens: 60,
        cacheWrite1hInputTokens: 40,
        reasoningOutputTokens: 50,
      },
      stream: streamSummary({ timeToFirstTokenMs: 165, streamingDurationMs: 2_000 }),
      cost: { inputUsd: 0.0015, outputUsd: 0.001, totalUsd: 0.0025, source: "user" },
    }),
  );

  expect(metrics).toEqual({
    input_tokens: 1_000,
    output_tokens: 101,
    total_tokens: 1_101,
    non_cached_input_tokens: 100,
    cache_read_input_tokens: 800,
    cache_write_input_tokens: 100,
    ephemeral_5m_input_tokens: 60,
    ephemeral_1h_input_tokens: 40,
    reasoning_output_tokens: 50,
    time_to_first_token: 0.165,
    time_per_output_token: 0.02,
    input_cost: 0.0015,
    output_cost: 0.001,
    total_cost: 0.0025,
  });
});

test("what is not known is no metric", () => {
  expect(annotation(callRecord({})).metrics).toEqual({});
});

test.each<[object, number | undefined]>([
  [{ inputTokens: 10 }, undefined],
  [{ cacheReadInputTokens: 5 }, undefined],
  [{ inputTokens: 10, cacheReadInputTokens: 4 }, 6],
  [{ inputTokens: 10, cacheWriteInputTokens: 3 }, 7],
])("of the usage %j the uncached input is %s", (usage, expected) => {
  expect(annotation(callRecord({ usage })).metrics?.["non_cached_input_tokens"]).toBe(expected);
});

test("metadata holds the parameters and how the call went, tags what the user lists", () => {
  const record = callRecord({
    stream: streamSummary({}),
    streamOutcome: "cancelled",
    output: { finishReason: "end_turn", responseModel: "m" },
    finishReason: "stop",
  });

  expect(annotation(record)).toMatchObject({
    metadata: {
      temperature: 0.2,
      request_type: "chat",
      streaming: true,
      stream_outcome: "cancelled",
      finish_reason: "stop",
      finish_reason_raw: "end_turn",
      response_model: "m",
    },
    tags: { team: "search" },
  });
  expect(annotation(callRecord({})).metadata).toEqual({
    temperature: 0.2,
    request_type: "chat",
    streaming: false,
  });
});

test.each<ContentMode>(["none", "metadata"])("the mode %s shows no content", (mode) => {
  const shown = annotation(content, mode);

  expect(shown).not.toHaveProperty("inputData");
  expect(shown).not.toHaveProperty("outputData");
});

test("previews and whole texts are shown where that is allowed", () => {
  expect(annotation(content, "preview")).toMatchObject({
    inputData: [{ role: "user", content: "quest...[truncated, 8 characters in all]" }],
    outputData: [{ role: "assistant", content: "answe...[truncated, 8 characters in all]" }],
  });
  expect(annotation(content, "full")).toMatchObject({
    inputData: [{ role: "user", content: "question" }],
    outputData: [{ role: "assistant", content: "answered" }],
  });
});

test("a call without an answer shows none, nor an input that there was not", () => {
  const shown = annotation(callRecord({ output: { text: "", toolCalls: [] } }), "full");

  expect(shown).not.toHaveProperty("inputData");
  expect(shown).not.toHaveProperty("outputData");
});

test("an embedding is told of its documents", () => {
  const embed = { ...content, call: { ...content.call, requestType: "embed" as const } };

  expect(annotation(embed, "full")).toMatchObject({ inputData: [{ text: "question" }] });
  expect(annotation(embed, "full")).not.toHaveProperty("outputData");
  expect(annotation({ ...embed, input: [] }, "full")).not.toHaveProperty("inputData");
});

test("an event stays below the intake's 5 MiB, whatever the texts are", () => {
  const huge = "é".repeat(2_000_000);
  const record = callRecord({
    input: Array.from({ length: 5 }, () => ({ role: "user", content: huge })),
    output: { text: huge },
  });

  const size = Buffer.byteLength(JSON.stringify(annotation(record, "full")));
  expect(size).toBeLessThan(5 * 1_024 * 1_024);
  expect(size).toBeGreaterThan(1_000_000);
});
