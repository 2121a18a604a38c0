import { isBedrockUsage, readBedrockUsage } from "../usage/bedrock-usage.ts";
import type { ChunkFacts, ModelOutput } from "./model-output.ts";
import {
  arrayAt,
  isRecord,
  known,
  recordAt,
  recordsOf,
  textAt,
  type UnknownRecord,
} from "./unknown-record.ts";

/** Larger bodies are images and the like; they hold no usage that could be read (bytes). */
const maximumBodyBytes = 8_000_000;
const metricsKey = "amazon-bedrock-invocationMetrics";

/** The JSON that Amazon Bedrock's InvokeModel wraps: `body` of an answer, `chunk.bytes` of a stream. */
export function unwrapped(source: UnknownRecord): UnknownRecord | undefined {
  const bytes = source["body"] ?? recordAt(source, "chunk")["bytes"];
  if (!(bytes instanceof Uint8Array) || bytes.byteLength > maximumBodyBytes) return undefined;
  const parsed: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
  return isRecord(parsed) && !Array.isArray(parsed) ? parsed : undefined;
}

/**
 * Reads what models on Amazon Bedrock answer in forms of their own: Amazon Titan, Meta Llama, Mistral, AI21 Jurassic and Claude 2
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html). `undefined` for any other form.
 */
export function readInvokeModelResponse(body: UnknownRecord): ModelOutput | undefined {
  const part =
    firstOf(body, "results") ?? firstOf(body, "outputs") ?? firstOf(body, "completions") ?? body;
  const text =
    textAt(part, "outputText") ??
    textAt(recordAt(part, "data"), "text") ??
    textAt(body, "generation") ??
    textAt(body, "completion") ??
    (part === body ? undefined : textAt(part, "text"));
  const counts = isBedrockUsage(body) ? readBedrockUsage(countsOf(body, part)) : undefined;
  if (text === undefined && counts === undefined) return undefined;
  return known({ text, usage: counts, finishReason: reasonOf(part, body) });
}

/** Reads one chunk in a form of its own; the last one carries the counts, whatever the form. */
export function readInvokeModelChunk(body: UnknownRecord): ChunkFacts | undefined {
  const { text, finishReason } = readInvokeModelResponse(body) ?? {};
  const usage = invocationMetrics(body) ?? (isBedrockUsage(body) ? body : undefined);
  if (text === undefined && finishReason === undefined && usage === undefined) return undefined;
  return { hasContent: text !== undefined, ...known({ textDelta: text, finishReason, usage }) };
}

/** What Bedrock itself has counted, in the last chunk of every stream. */
export function invocationMetrics(body: UnknownRecord): UnknownRecord | undefined {
  const metrics = body[metricsKey];
  return isRecord(metrics) ? metrics : undefined;
}

function countsOf(body: UnknownRecord, part: UnknownRecord): UnknownRecord {
  return { ...body, totalOutputTextTokenCount: part["tokenCount"] };
}

function reasonOf(part: UnknownRecord, body: UnknownRecord): string | undefined {
  return (
    textAt(part, "completionReason") ??
    textAt(recordAt(part, "finishReason"), "reason") ??
    textAt(part, "stop_reason") ??
    textAt(body, "stop_reason")
  );
}

function firstOf(body: UnknownRecord, key: string): UnknownRecord | undefined {
  return recordsOf(arrayAt(body, key))[0];
}
