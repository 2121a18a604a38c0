import type { LLMObservabilityMessage } from "@llmdevops/dd-core";
import type { ToolCall } from "../formats/model-output.ts";

/** A tool call in LLM Observability's form. */
export type ObservedToolCall = NonNullable<LLMObservabilityMessage["toolCalls"]>[number];

/** Brings a tool call into LLM Observability's form, whose arguments are an object. */
export function observedToolCall({ id, name, arguments: text }: ToolCall): ObservedToolCall {
  return {
    ...(name === undefined ? {} : { name }),
    ...(id === undefined ? {} : { toolId: id }),
    arguments: parsedArguments(text),
    type: "function",
  };
}

function parsedArguments(text: string | undefined): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text || "{}");
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) {
      return { ...parsed };
    }
  } catch {
    // A stream that was cut leaves incomplete JSON; it is shown as it came.
  }
  return { text };
}
