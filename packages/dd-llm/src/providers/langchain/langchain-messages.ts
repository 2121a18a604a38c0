import {
  arrayAt,
  isRecord,
  recordAt,
  recordsOf,
  textAt,
  type UnknownRecord,
} from "../../formats/unknown-record.ts";
import type { LLMSpan } from "../../span/llm-span.ts";
import { tokenCount } from "../../usage/token-usage.ts";

const roles: ReadonlyMap<string, string> = new Map([
  ["human", "user"],
  ["ai", "assistant"],
  ["system", "system"],
  ["tool", "tool"],
]);

/** The messages of a prompt, in the roles of providers. */
export function promptMessages(batches: unknown): { role: string; content: unknown }[] {
  const first = Array.isArray(batches) ? batches[0] : undefined;
  return (Array.isArray(first) ? recordsOf(first) : []).map((message) => ({
    role: roles.get(typeOf(message)) ?? typeOf(message),
    content: message["content"],
  }));
}

function typeOf(message: UnknownRecord): string {
  const read = message["getType"] ?? message["_getType"];
  const type: unknown = typeof read === "function" ? Reflect.apply(read, message, []) : undefined;
  return typeof type === "string" ? type : "user";
}

/** The first answer of a result: a chat model's message, or the text of a plain model. */
export function answerOf(result: unknown): UnknownRecord {
  const first = isRecord(result) ? arrayAt(result, "generations")[0] : undefined;
  const generation = Array.isArray(first) ? first[0] : undefined;
  if (!isRecord(generation)) return {};
  const message = generation["message"];
  return isRecord(message) ? message : { content: generation["text"] };
}

/** The provider's id of an answer. */
export function responseIdOf(answer: UnknownRecord): string | undefined {
  return textAt(recordAt(answer, "response_metadata"), "id") ?? textAt(answer, "id");
}

/** Records what a model has answered, with the usage in LangChain's own form. */
export function recordAnswer(span: LLMSpan, result: unknown): void {
  const answer = answerOf(result);
  const metadata = recordAt(answer, "response_metadata");
  const toolCalls = recordsOf(arrayAt(answer, "tool_calls")).map((call) => ({
    id: textAt(call, "id"),
    type: "function",
    function: { name: textAt(call, "name"), arguments: JSON.stringify(call["args"] ?? {}) },
  }));
  const content = textOf(answer["content"]);
  const message = { role: "assistant", content, tool_calls: toolCalls };
  const reason = textAt(metadata, "finish_reason") ?? textAt(metadata, "stop_reason");
  span.recordResponse({
    model: textAt(metadata, "model_name") ?? textAt(metadata, "model"),
    choices: [{ index: 0, message, finish_reason: reason ?? null }],
  });
  const usage = usageOf(answer, result);
  if (usage !== undefined) span.setUsage(usage);
}

function usageOf(answer: UnknownRecord, result: unknown): object | undefined {
  const usage = answer["usage_metadata"];
  if (!isRecord(usage)) {
    const plain = recordAt(recordAt(isRecord(result) ? result : {}, "llmOutput"), "tokenUsage");
    const inputTokens = tokenCount(plain["promptTokens"]);
    const outputTokens = tokenCount(plain["completionTokens"]);
    return inputTokens === undefined ? undefined : present({ inputTokens, outputTokens });
  }
  const input = recordAt(usage, "input_token_details");
  const output = recordAt(usage, "output_token_details");
  return present({
    inputTokens: tokenCount(usage["input_tokens"]),
    outputTokens: tokenCount(usage["output_tokens"]),
    totalTokens: tokenCount(usage["total_tokens"]),
    cacheReadInputTokens: tokenCount(input["cache_read"]),
    cacheWriteInputTokens: tokenCount(input["cache_creation"]),
    inputAudioTokens: tokenCount(input["audio"]),
    reasoningOutputTokens: tokenCount(output["reasoning"]),
    outputAudioTokens: tokenCount(output["audio"]),
  });
}

function present(counts: Record<string, number | undefined>): object {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== undefined));
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return recordsOf(content)
    .map((part) => textAt(part, "text") ?? "")
    .join("");
}
