import { describe, expect, test } from "vitest";
import { finishReasonOf } from "../src/formats/finish-reason.ts";
import { gpt4o, testClient } from "./support/clients.ts";

test.for([
  ["Anthropic", "end_turn", "stop"],
  ["Anthropic", "stop_sequence", "stop"],
  ["Anthropic", "max_tokens", "length"],
  ["Anthropic", "model_context_window_exceeded", "length"],
  ["Anthropic", "tool_use", "tool_calls"],
  ["Anthropic", "refusal", "content_filter"],
  ["Anthropic", "pause_turn", "pause"],
  ["OpenAI Chat", "stop", "stop"],
  ["OpenAI Chat", "length", "length"],
  ["OpenAI Chat", "tool_calls", "tool_calls"],
  ["OpenAI Chat", "function_call", "tool_calls"],
  ["OpenAI Chat", "content_filter", "content_filter"],
  ["OpenAI Responses", "completed", "stop"],
  ["OpenAI Responses", "max_output_tokens", "length"],
  ["OpenAI Responses", "failed", "error"],
  ["OpenAI Responses", "cancelled", "cancelled"],
  ["Gemini", "STOP", "stop"],
  ["Gemini", "MAX_TOKENS", "length"],
  ["Gemini", "SAFETY", "content_filter"],
  ["Gemini", "PROHIBITED_CONTENT", "content_filter"],
  ["Gemini", "MALFORMED_FUNCTION_CALL", "error"],
  ["Bedrock", "guardrail_intervened", "content_filter"],
  ["Bedrock", "content_filtered", "content_filter"],
  ["Titan", "FINISH", "stop"],
  ["Cohere", "COMPLETE", "stop"],
  ["Mistral", "model_length", "length"],
  ["DeepSeek", "insufficient_system_resource", "error"],
  ["the AI SDK", "content-filter", "content_filter"],
  ["the AI SDK", "tool-calls", "tool_calls"],
] as const)("%s says %s, which is %s", ([, raw, reason]) => {
  expect(finishReasonOf(raw, false)).toBe(reason);
});

test("a reason that is not known stays as the provider says it", () => {
  expect(finishReasonOf("FINISH_REASON_UNSPECIFIED", false)).toBe("FINISH_REASON_UNSPECIFIED");
  expect(finishReasonOf("constructor", true)).toBe("constructor");
});

test.for([
  ["STOP", "tool_calls"],
  ["completed", "tool_calls"],
  ["stop", "tool_calls"],
  ["end_turn", "stop"],
  ["length", "length"],
] as const)("%s with calls of tools is %s", ([raw, reason]) => {
  expect(finishReasonOf(raw, true)).toBe(reason);
});

describe("on a span", () => {
  test("the provider's own word stays beside the common one where the two differ", () => {
    const { llm, annotations } = testClient();
    const claude = llm.startLLMSpan("llm.request", gpt4o).setFinishReason("max_tokens");
    const gpt = llm.startLLMSpan("llm.request", gpt4o).setFinishReason("length");
    claude.finish();
    gpt.finish();

    expect(claude.getTag("llm.finish_reason")).toBe("length");
    expect(claude.getTag("llm.finish_reason_raw")).toBe("max_tokens");
    expect(gpt.getTag("llm.finish_reason")).toBe("length");
    expect(gpt.getTag("llm.finish_reason_raw")).toBeUndefined();
    expect(annotations.map(({ metadata }) => metadata)).toMatchObject([
      { finish_reason: "length", finish_reason_raw: "max_tokens" },
      { finish_reason: "length" },
    ]);
  });

  test("Gemini's calls of tools are known without any content being kept", async () => {
    const { llm } = testClient();
    const call = { functionCall: { name: "search", args: { q: "refund" } } };
    const chunk = { candidates: [{ content: { parts: [call] }, finishReason: "STOP" }] };
    const whole = llm.startLLMSpan("llm.request", gpt4o).recordResponse(chunk);
    whole.finish();
    const streamed = llm.startLLMSpan("llm.request", gpt4o);
    async function* chunks() {
      yield chunk;
    }
    for await (const _ of streamed.observe(chunks()));

    expect(whole.getTag("llm.finish_reason")).toBe("tool_calls");
    expect(streamed.getTag("llm.finish_reason")).toBe("tool_calls");
    expect(streamed.getTag("llm.finish_reason_raw")).toBe("STOP");
  });
});
