import { wireIdentifier } from "../wire-identifier.ts";
import { uncachedInput } from "./bedrock-usage.ts";
import type { InvokeDialect } from "./invoke-dialect.ts";

/**
 * Writes Amazon Titan Text Embeddings: one text, one vector.
 *
 * Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html
 */
export const titanEmbeddingDialect: InvokeDialect = {
  body: (plan) => ({
    embedding: plan.embeddings[0] ?? [],
    embeddingsByType: { float: plan.embeddings[0] ?? [] },
    inputTextTokenCount: uncachedInput(plan.usage),
  }),
};

/**
 * Writes Cohere Embed: several texts, a vector for each.
 *
 * Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed.html
 */
export const cohereEmbeddingDialect: InvokeDialect = {
  body: (plan) => ({
    id: wireIdentifier("", plan.sequence),
    response_type: "embeddings_floats",
    embeddings: plan.embeddings,
    texts: plan.request["texts"] ?? [],
  }),
};
