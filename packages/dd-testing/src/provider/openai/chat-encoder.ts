import type { WireEncoder } from "../wire-encoder.ts";
import { chatBody } from "./chat-body.ts";
import { chatEvents } from "./chat-events.ts";
import { openaiEnvelope, openaiErrorEvent } from "./openai-envelope.ts";
import { chatCarried } from "./openai-usage.ts";

/**
 * Writes OpenAI Chat Completions.
 *
 * Source: https://platform.openai.com/docs/api-reference/chat
 */
export const chatEncoder: WireEncoder = {
  ...openaiEnvelope,
  body: (plan) => ({ value: chatBody(plan), usage: chatCarried(plan.usage) }),
  events: chatEvents,
  errorEvent: (failure) => openaiErrorEvent(failure.error),
};
