import type { TagGuard } from "@llmdevops/dd-core";
import { truncate } from "@llmdevops/dd-redaction";
import { jsonText } from "../formats/unknown-record.ts";
import type { ContentPolicy } from "./content-policy.ts";
import { markedPreview } from "./content-preview.ts";
import { type ConversationMessage, messageText } from "./conversation.ts";

/** The tag guard keeps this many entries of a list; one of them says how many were left out. */
const maximumMessages = 999;

/**
 * What LLM Observability may show of a conversation: previews or the whole, the newest messages first when it is too
 * much. The intake drops input and output of an event above 5 MiB altogether, so the limit is kept here.
 *
 * @param maximumBytes Most that the messages may take as JSON (bytes of UTF-8).
 */
export function shownMessages(
  messages: readonly ConversationMessage[],
  policy: ContentPolicy,
  guard: TagGuard,
  maximumBytes: number,
): ConversationMessage[] {
  const shown: ConversationMessage[] = [];
  let room = maximumBytes;
  const newest = messages.slice(-maximumMessages);
  for (const message of newest.toReversed()) {
    const visible = policy.mode === "preview" ? previewed(message, policy, guard) : message;
    const size = jsonSize(visible);
    shown.push(size <= room ? visible : shortened(visible, guard, room));
    room -= size;
    if (room <= 0) break;
  }
  const omitted = messages.length - shown.length;
  if (omitted > 0) {
    shown.push({ role: "system", content: `[${omitted} earlier messages left out: too large]` });
  }
  return shown.toReversed();
}

function previewed(
  message: ConversationMessage,
  policy: ContentPolicy,
  guard: TagGuard,
): ConversationMessage {
  return {
    ...(message.role === undefined ? {} : { role: message.role }),
    content: markedPreview(messageText(message), policy.previewLength, guard),
  };
}

/** Redacted before it is cut: half of a secret is known to no rule. */
function shortened(
  message: ConversationMessage,
  guard: TagGuard,
  room: number,
): ConversationMessage {
  const role = message.role === undefined ? {} : { role: message.role };
  const redacted = String(guard.structure(messageText(message)));
  let content = redacted;
  for (let limit = room; limit > 0 && jsonSize({ ...role, content }) > room; ) {
    limit = Math.floor(limit / 2);
    content = truncate(redacted, limit, { unit: "bytes" });
  }
  return { ...role, content };
}

function jsonSize(message: ConversationMessage): number {
  return Buffer.byteLength(jsonText(message), "utf8");
}
