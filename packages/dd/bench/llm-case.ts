import type { LLMSpanOptions } from "@llmdevops/dd-llm";
import type { PeerCall } from "./llm-peers.ts";

/** The model call that everybody is measured with. */
export const call: PeerCall = {
  model: "gpt-4o",
  messages: [
    { role: "system", content: "You answer in one short sentence." },
    { role: "user", content: "How long do refunds take?" },
  ],
  answer: "Within 30 days.",
  inputTokens: 1_000,
  outputTokens: 20,
};

export const options: LLMSpanOptions = { provider: "openai", model: call.model, childOf: null };

/** What the provider answers. */
export const response: object = {
  model: "gpt-4o-2024-08-06",
  choices: [{ index: 0, message: { content: call.answer }, finish_reason: "stop" }],
  usage: { prompt_tokens: 1_000, completion_tokens: 20, total_tokens: 1_020 },
};
