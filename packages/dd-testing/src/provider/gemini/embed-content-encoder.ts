import type { WireEncoder } from "../wire-encoder.ts";
import { geminiEnvelope } from "./gemini-envelope.ts";

/**
 * Writes `embedContent` of the Gemini API, which reports no usage.
 *
 * Source: https://ai.google.dev/api/embeddings
 */
export const embedContentEncoder: WireEncoder = {
  ...geminiEnvelope,
  body: (plan) => ({ value: { embedding: { values: plan.embeddings[0] ?? [] } }, usage: null }),
};

/**
 * Writes `batchEmbedContents` of the Gemini API, which reports no usage.
 *
 * Source: https://ai.google.dev/api/embeddings
 */
export const batchEmbedContentsEncoder: WireEncoder = {
  ...geminiEnvelope,
  body: (plan) => ({
    value: { embeddings: plan.embeddings.map((values) => ({ values })) },
    usage: null,
  }),
};
