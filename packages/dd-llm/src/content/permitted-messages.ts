import type { TagGuard } from "@llmdevops/dd-core";
import type { ContentPolicy } from "./content-policy.ts";
import { markedPreview } from "./content-preview.ts";
import type { ConversationMessage } from "./conversation.ts";
import { policyOfPart } from "./policy-of-call.ts";

/** Messages without what the policy forbids for system prompts and for tools; the rest as it is. */
export function permittedMessages(
  messages: readonly ConversationMessage[],
  policy: ContentPolicy,
  guard: TagGuard,
): readonly ConversationMessage[] {
  const system = policyOfPart(policy, "system");
  const tools = policyOfPart(policy, "tools");
  if (system === policy && tools === policy) return messages;
  return messages.flatMap((message) => {
    const isSystem = message.role === "system" || message.role === "developer";
    const shown = isSystem ? withinText(message, system, policy, guard) : message;
    return shown === undefined ? [] : [tools === policy ? shown : withinTools(shown, tools, guard)];
  });
}

function withinText(
  message: ConversationMessage,
  own: ContentPolicy,
  policy: ContentPolicy,
  guard: TagGuard,
): ConversationMessage | undefined {
  const content = message.content ?? "";
  if (own === policy) return message;
  if (own.mode === "none") return undefined;
  return {
    ...message,
    content:
      own.mode === "metadata"
        ? `[${content.length} characters]`
        : markedPreview(content, own.previewLength, guard),
  };
}

/** Of a forbidden tool call its name stays, and of a result its length: without them a conversation has holes. */
function withinTools(
  { toolCalls, toolResults, ...message }: ConversationMessage,
  { mode, previewLength }: ContentPolicy,
  guard: TagGuard,
): ConversationMessage {
  if (mode === "none") return message;
  const calls = toolCalls?.map(({ name, toolId, type }) => ({
    ...(name === undefined ? {} : { name }),
    ...(toolId === undefined ? {} : { toolId }),
    ...(type === undefined ? {} : { type }),
  }));
  const results = toolResults?.map((entry) => ({
    ...entry,
    result:
      mode === "metadata"
        ? `[${entry.result.length} characters]`
        : markedPreview(entry.result, previewLength, guard),
  }));
  return {
    ...message,
    ...(calls === undefined ? {} : { toolCalls: calls }),
    ...(results === undefined ? {} : { toolResults: results }),
  };
}
