import { ownValue } from "../json-value.ts";
import type { ReplyPlan } from "../reply-plan.ts";
import { onlyFields } from "../token-usage.ts";
import type { WireEncoder } from "../wire-encoder.ts";
import { openaiEnvelope } from "./openai-envelope.ts";

function encode(vector: readonly number[], plan: ReplyPlan): unknown {
  if (ownValue(plan.request, "encoding_format") !== "base64") return vector;
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString("base64");
}

/**
 * Writes OpenAI Embeddings, as number lists or as base64 of little-endian 32-bit floats.
 *
 * Source: https://platform.openai.com/docs/api-reference/embeddings
 */
export const embeddingsEncoder: WireEncoder = {
  ...openaiEnvelope,
  body: (plan) => ({
    value: {
      object: "list",
      data: plan.embeddings.map((vector, index) => ({
        object: "embedding",
        index,
        embedding: encode(vector, plan),
      })),
      model: plan.model,
      usage: { prompt_tokens: plan.usage.inputTokens, total_tokens: plan.usage.inputTokens },
    },
    usage: onlyFields(plan.usage, ["inputTokens"]),
  }),
};
