import type { LLMRequestType } from "../../span/llm-span-options.ts";

/** An operation of Amazon Bedrock's runtime that asks a model, by the name of its command. */
export type BedrockOperation =
  | "ConverseCommand"
  | "ConverseStreamCommand"
  | "InvokeModelCommand"
  | "InvokeModelWithResponseStreamCommand";

const operations: ReadonlySet<unknown> = new Set<BedrockOperation>([
  "ConverseCommand",
  "ConverseStreamCommand",
  "InvokeModelCommand",
  "InvokeModelWithResponseStreamCommand",
]);

/** What InvokeModel asks of a model, by a part of its id; other models write text. */
const requestTypeByModel: readonly (readonly [model: RegExp, requestType: LLMRequestType])[] = [
  [/embed/, "embed"],
  [/rerank/, "rerank"],
  [/^stability\.|titan-image|nova-canvas/, "image"],
];

/** Whether a command asks a model; the others of the client do not, or not by one answer (bidirectional streams). */
export function isBedrockOperation(commandName: unknown): commandName is BedrockOperation {
  return operations.has(commandName);
}

/** Whether an operation is one of the Converse API, which has one form for all models. */
export function isConverseOperation(operation: BedrockOperation): boolean {
  return operation === "ConverseCommand" || operation === "ConverseStreamCommand";
}

/**
 * What InvokeModel asks of a model.
 *
 * @param model The model's id, without the path of an ARN.
 * @param hasMessages Whether the body holds a conversation.
 */
export function invokeModelRequestType(model: string, hasMessages: boolean): LLMRequestType {
  const known = requestTypeByModel.find(([pattern]) => pattern.test(model));
  return known?.[1] ?? (hasMessages ? "chat" : "completion");
}
