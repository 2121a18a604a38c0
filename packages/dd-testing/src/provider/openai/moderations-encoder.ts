import { type JsonObject, ownValue } from "../json-value.ts";
import type { ReplyPlan } from "../reply-plan.ts";
import type { WireEncoder } from "../wire-encoder.ts";
import { wireIdentifier } from "../wire-identifier.ts";
import { openaiEnvelope } from "./openai-envelope.ts";

const categories = [
  "harassment",
  "harassment/threatening",
  "hate",
  "hate/threatening",
  "illicit",
  "illicit/violent",
  "self-harm",
  "self-harm/instructions",
  "self-harm/intent",
  "sexual",
  "sexual/minors",
  "violence",
  "violence/graphic",
];

function forEachCategory(value: (category: string) => unknown): JsonObject {
  return Object.fromEntries(categories.map((category) => [category, value(category)]));
}

function result({ flagged }: ReplyPlan): JsonObject {
  const found = new Set(flagged);
  return {
    flagged: found.size > 0,
    categories: forEachCategory((category) => found.has(category)),
    category_scores: forEachCategory((category) => (found.has(category) ? 0.9 : 0.01)),
    category_applied_input_types: forEachCategory((category) =>
      found.has(category) ? ["text"] : [],
    ),
  };
}

/**
 * Writes OpenAI Moderations: one result for each text, all with the scripted categories.
 *
 * Source: https://platform.openai.com/docs/api-reference/moderations
 */
export const moderationsEncoder: WireEncoder = {
  ...openaiEnvelope,
  body: (plan) => {
    const input = ownValue(plan.request, "input");
    const texts = Array.isArray(input) && input.every((item) => typeof item === "string");
    const count = texts ? input.length : 1;
    return {
      value: {
        id: wireIdentifier("modr-", plan.sequence),
        model: plan.model === "" ? "omni-moderation-latest" : plan.model,
        results: Array.from({ length: count }, () => result(plan)),
      },
      usage: null,
    };
  },
};
