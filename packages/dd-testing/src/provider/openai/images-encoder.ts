import { ownValue } from "../json-value.ts";
import { onlyFields, type TokenUsage } from "../token-usage.ts";
import type { WireEncoder } from "../wire-encoder.ts";
import { openaiEnvelope } from "./openai-envelope.ts";

/** A PNG of one transparent pixel. */
const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

function carried(usage: TokenUsage): TokenUsage {
  return onlyFields(usage, ["inputTokens", "outputTokens"]);
}

/**
 * Writes OpenAI Images (generations, edits, variations) with the usage of the GPT image models.
 *
 * Source: https://platform.openai.com/docs/api-reference/images
 */
export const imagesEncoder: WireEncoder = {
  ...openaiEnvelope,
  body: ({ createdMs, images, request, usage }) => {
    const asked = Number(ownValue(request, "n") ?? 1);
    const count = Number.isInteger(asked) && asked >= 1 && asked <= 10 ? asked : 1;
    const made = images.length > 0 ? images : Array.from({ length: count }, () => pixel);
    return {
      value: {
        created: Math.floor(createdMs / 1000),
        background: "opaque",
        output_format: "png",
        quality: ownValue(request, "quality") ?? "high",
        size: ownValue(request, "size") ?? "1024x1024",
        data: made.map((image) => ({ b64_json: image })),
        usage: {
          input_tokens: usage.inputTokens,
          input_tokens_details: { image_tokens: 0, text_tokens: usage.inputTokens },
          output_tokens: usage.outputTokens,
          total_tokens: usage.inputTokens + usage.outputTokens,
        },
      },
      usage: carried(usage),
    };
  },
};
