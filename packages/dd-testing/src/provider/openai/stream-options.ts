import { type JsonObject, ownValue } from "../json-value.ts";
import type { ReplyPlan } from "../reply-plan.ts";

/** Whether the request asks for the usage chunk at the end of a stream. */
export function wantsUsageChunk(plan: ReplyPlan): boolean {
  return ownValue(ownValue(plan.request, "stream_options"), "include_usage") === true;
}

/**
 * The padding that makes the length of an event say less about its text. The API sends random
 * characters; these are always the same, so that two runs of a test are equal.
 *
 * Source: https://platform.openai.com/docs/api-reference/chat/create (`include_obfuscation`)
 */
export function obfuscation(plan: ReplyPlan, delta: string): JsonObject {
  const wanted = ownValue(ownValue(plan.request, "stream_options"), "include_obfuscation");
  if (wanted === false) return {};
  return { obfuscation: "0".repeat(16 - (delta.length % 16)) };
}
