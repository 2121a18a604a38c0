import { embeddingVector } from "./embedding-vector.ts";
import { isJsonObject, type JsonObject } from "./json-value.ts";
import type { ProviderRequest } from "./provider-request.ts";
import type { ProviderFinishReason, ScriptedReply, ScriptedToolCall } from "./scripted-reply.ts";
import { splitEvery, splitText, splitWords } from "./split-text.ts";
import { estimateTokens, type TokenUsage, tokenUsage } from "./token-usage.ts";
import { wireIdentifier } from "./wire-identifier.ts";

/** A tool call with its argument text decided. */
export interface PlannedToolCall {
  readonly id: string | undefined;
  readonly index: number;
  readonly name: string;
  readonly argumentText: string;
  readonly argumentValue: unknown;
  readonly pieces: readonly string[];
}

/** A reply with every default decided: what the encoders write. */
export interface ReplyPlan {
  readonly sequence: number;
  readonly createdMs: number;
  readonly model: string;
  readonly request: JsonObject;
  readonly thinking: string;
  readonly thinkingPieces: readonly string[];
  readonly text: string;
  readonly textPieces: readonly string[];
  readonly toolCalls: readonly PlannedToolCall[];
  readonly embeddings: readonly (readonly number[])[];
  readonly images: readonly string[];
  readonly audio: Uint8Array | undefined;
  readonly flagged: readonly string[];
  readonly finishReason: ProviderFinishReason;
  readonly usage: TokenUsage;
}

function planToolCall(call: ScriptedToolCall, index: number): PlannedToolCall {
  const scripted = call.arguments ?? {};
  const argumentText = typeof scripted === "string" ? scripted : JSON.stringify(scripted);
  let argumentValue: unknown = {};
  try {
    argumentValue = JSON.parse(argumentText);
  } catch {
    // Text that is no JSON is a script on purpose; formats that carry an object get an empty one.
  }
  const pieces = splitText(argumentText, call.chunks, (text) => splitEvery(text, 16));
  return { id: call.id, index, name: call.name, argumentText, argumentValue, pieces };
}

function planUsage(
  scripted: Partial<TokenUsage>,
  characters: { input: number; thinking: number; output: number },
): TokenUsage {
  const reasoningTokens = scripted.reasoningTokens ?? estimateTokens(characters.thinking);
  const cached = (scripted.cacheReadTokens ?? 0) + (scripted.cacheWriteTokens ?? 0);
  return tokenUsage({
    ...scripted,
    cacheWriteTokens: scripted.cacheWriteTokens ?? scripted.cacheWriteOneHourTokens ?? 0,
    reasoningTokens,
    inputTokens:
      scripted.inputTokens ??
      estimateTokens(characters.input) +
        cached +
        (scripted.inputAudioTokens ?? 0) +
        (scripted.toolUsePromptTokens ?? 0),
    outputTokens:
      scripted.outputTokens ??
      estimateTokens(characters.output) + reasoningTokens + (scripted.outputAudioTokens ?? 0),
  });
}

/** What an embedding request asks for: its inputs and the length of a vector. */
export interface EmbeddingInputs {
  readonly texts: readonly string[];
  readonly dimensions: number;
}

/**
 * Decides every default of a scripted reply for one request.
 *
 * @throws TypeError when chunks do not add up to their text.
 */
export function planReply(
  reply: ScriptedReply,
  request: ProviderRequest,
  inputs: EmbeddingInputs,
  createdMs: number,
): ReplyPlan {
  const toolCalls = (reply.toolCalls ?? []).map(planToolCall);
  const thinking = reply.thinking ?? "";
  const joined = typeof reply.chunks === "object" ? reply.chunks.join("") : undefined;
  const text =
    reply.text ?? joined ?? (toolCalls.length > 0 ? "" : `Echo: ${request.lastUserText}`);
  const embeddings =
    reply.embeddings ?? inputs.texts.map((input) => embeddingVector(input, inputs.dimensions));
  const output = toolCalls.reduce((sum, call) => sum + call.argumentText.length, text.length);
  return {
    sequence: request.sequence,
    createdMs,
    model: reply.model ?? request.model,
    request: isJsonObject(request.body) ? request.body : {},
    thinking,
    thinkingPieces: splitText(thinking, reply.thinkingChunks, splitWords),
    text,
    textPieces: splitText(text, reply.chunks, splitWords),
    toolCalls,
    embeddings,
    images: reply.images ?? [],
    audio: reply.audio,
    flagged: reply.flagged ?? [],
    finishReason: reply.finishReason ?? (toolCalls.length > 0 ? "tool_calls" : "stop"),
    usage: planUsage(reply.usage ?? {}, {
      input: request.inputText.length,
      thinking: thinking.length,
      output,
    }),
  };
}

/** The scripted identifier of a tool call, or one of the provider's shape. */
export function toolCallId(plan: ReplyPlan, call: PlannedToolCall, prefix: string): string {
  return call.id ?? wireIdentifier(prefix, plan.sequence, call.index);
}

/** The provider's word for a finish reason; a reason that is not listed goes out as it is. */
export function spellFinishReason(
  reason: ProviderFinishReason,
  spelling: ReadonlyMap<string, string>,
): string {
  return spelling.get(reason) ?? reason;
}
