import type { ReplyPlan } from "../reply-plan.ts";
import { serverSentEvent } from "../server-sent-event.ts";
import type { WireEncoder, WireEvent } from "../wire-encoder.ts";
import { bedrockEnvelope, padded } from "./bedrock-envelope.ts";
import { bedrockCarried, invocationHeaders, invocationMetrics } from "./bedrock-usage.ts";
import { claudeDialect } from "./claude-dialect.ts";
import { cohereEmbeddingDialect, titanEmbeddingDialect } from "./embedding-dialects.ts";
import type { InvokeChunk, InvokeDialect } from "./invoke-dialect.ts";
import { novaDialect } from "./nova-dialect.ts";
import { chatDialect, llamaDialect, mistralDialect, titanDialect } from "./text-dialects.ts";

/** Wraps a chunk: the bytes as base64 in JSON. */
function wrapped(chunk: InvokeChunk): string {
  const bytes = Buffer.from(JSON.stringify(chunk.value)).toString("base64");
  return serverSentEvent(padded({ bytes }), "chunk");
}

/** The chunks of a dialect; Bedrock puts its counts into the last one. */
function* events(dialect: InvokeDialect, plan: ReplyPlan): Generator<WireEvent> {
  let held: InvokeChunk | undefined;
  for (const chunk of dialect.chunks?.(plan) ?? []) {
    if (held !== undefined) {
      const told = held.usage === undefined ? {} : { usage: bedrockCarried(held.usage) };
      yield { text: wrapped(held), kind: held.kind, ...told };
    }
    held = chunk;
  }
  if (held === undefined) return;
  const value = { ...held.value, ...invocationMetrics(plan.usage) };
  const usage = bedrockCarried(plan.usage);
  yield { text: wrapped({ ...held, value }), kind: held.kind, usage };
}

function encoderOf(dialect: InvokeDialect): WireEncoder {
  return {
    ...bedrockEnvelope,
    body: (plan) => ({
      value: dialect.body(plan),
      usage: bedrockCarried(plan.usage),
      headers: invocationHeaders(plan.usage),
    }),
    ...(dialect.chunks === undefined ? {} : { events: (plan) => events(dialect, plan) }),
    streamHeaders: { "x-amzn-bedrock-content-type": "application/json" },
  };
}

/** By what follows the region in a model identifier, the longer names first. */
const encoders: readonly (readonly [string, WireEncoder])[] = [
  ["anthropic.", encoderOf(claudeDialect)],
  ["amazon.nova", encoderOf(novaDialect)],
  ["amazon.titan-embed", encoderOf(titanEmbeddingDialect)],
  ["amazon.titan", encoderOf(titanDialect)],
  ["cohere.embed", encoderOf(cohereEmbeddingDialect)],
  ["meta.", encoderOf(llamaDialect)],
  ["mistral.", encoderOf(mistralDialect)],
];
const chatEncoder = encoderOf(chatDialect);
const region = /^(?:apac|au|ca|eu|global|jp|us|us-gov)\./;

/**
 * Chooses how InvokeModel and InvokeModelWithResponseStream of Amazon Bedrock answer for a model:
 * the service passes on what the models of each maker write. Identifiers with a region and those of
 * inference profiles are understood; a model of an unknown maker answers in the chat form.
 *
 * Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html and
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html
 */
export function invokeModelEncoder(model: string): WireEncoder {
  const name = model.slice(model.lastIndexOf("/") + 1).replace(region, "");
  return encoders.find(([prefix]) => name.startsWith(prefix))?.[1] ?? chatEncoder;
}
