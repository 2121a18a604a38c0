import type { JsonObject } from "../json-value.ts";
import type { ReplyPlan } from "../reply-plan.ts";
import { serverSentEvent } from "../server-sent-event.ts";
import { onlyFields, type TokenUsage } from "../token-usage.ts";
import type { WireEncoder, WireEvent } from "../wire-encoder.ts";
import { openaiEnvelope, openaiErrorEvent } from "./openai-envelope.ts";

function carried(usage: TokenUsage): TokenUsage {
  return onlyFields(usage, ["inputTokens", "outputTokens", "inputAudioTokens"]);
}

function transcriptionUsage({ usage }: ReplyPlan): JsonObject {
  return {
    type: "tokens",
    input_tokens: usage.inputTokens,
    input_token_details: {
      text_tokens: usage.inputTokens - usage.inputAudioTokens,
      audio_tokens: usage.inputAudioTokens,
    },
    output_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}

function* events(plan: ReplyPlan): Generator<WireEvent> {
  for (const delta of plan.textPieces) {
    const data = { type: "transcript.text.delta", delta, logprobs: [] };
    yield { text: serverSentEvent(data), kind: "content" };
  }
  const done = {
    type: "transcript.text.done",
    text: plan.text,
    logprobs: [],
    usage: transcriptionUsage(plan),
  };
  yield { text: serverSentEvent(done), kind: "closing", usage: carried(plan.usage) };
}

/**
 * Writes OpenAI Transcriptions and Translations, streams included.
 *
 * Source: https://platform.openai.com/docs/api-reference/audio/createTranscription
 */
export const transcriptionsEncoder: WireEncoder = {
  ...openaiEnvelope,
  body: (plan) => ({
    value: { text: plan.text, usage: transcriptionUsage(plan) },
    usage: carried(plan.usage),
  }),
  events,
  errorEvent: (failure) => openaiErrorEvent(failure.error),
};
