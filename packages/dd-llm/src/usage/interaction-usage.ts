import { readGeminiUsage } from "../formats/gemini.ts";
import { arrayAt, recordsOf, type UnknownRecord } from "../formats/unknown-record.ts";
import { sumOfCounts, type TokenUsage, tokenCount } from "./token-usage.ts";

/** What the Interactions API says, by what `generateContent` says of the same. */
const counts: readonly (readonly [interaction: string, content: string])[] = [
  ["total_input_tokens", "promptTokenCount"],
  ["total_tool_use_tokens", "toolUsePromptTokenCount"],
  ["total_cached_tokens", "cachedContentTokenCount"],
  ["total_output_tokens", "candidatesTokenCount"],
  ["total_thought_tokens", "thoughtsTokenCount"],
  ["total_tokens", "totalTokenCount"],
];
const details: readonly (readonly [interaction: string, content: string])[] = [
  ["input_tokens_by_modality", "promptTokensDetails"],
  ["tool_use_tokens_by_modality", "toolUsePromptTokensDetails"],
  ["cached_tokens_by_modality", "cacheTokensDetails"],
  ["output_tokens_by_modality", "candidatesTokensDetails"],
];

/** Whether counts come from the Interactions API of Gemini. */
export function isInteractionUsage(usage: UnknownRecord): boolean {
  return "total_input_tokens" in usage || "total_output_tokens" in usage;
}

/**
 * Usage of Gemini's Interactions API (https://ai.google.dev/gemini-api/docs/interactions). Whether the output counts
 * the thoughts already is told by the total.
 */
export function readInteractionUsage(usage: UnknownRecord): TokenUsage {
  const renamed: Record<string, unknown> = {};
  for (const [from, to] of counts) renamed[to] = usage[from];
  const output = tokenCount(usage["total_output_tokens"]) ?? 0;
  const thoughts = tokenCount(usage["total_thought_tokens"]) ?? 0;
  const input = sumOfCounts(
    tokenCount(usage["total_input_tokens"]),
    tokenCount(usage["total_tool_use_tokens"]),
  );
  const isInside = tokenCount(usage["total_tokens"]) === (input ?? 0) + output;
  if (isInside && thoughts <= output) renamed["candidatesTokenCount"] = output - thoughts;
  for (const [from, to] of details) {
    renamed[to] = recordsOf(arrayAt(usage, from)).map(({ modality, tokens }) => ({
      modality: String(modality).toUpperCase(),
      tokenCount: tokens,
    }));
  }
  return readGeminiUsage(renamed);
}
