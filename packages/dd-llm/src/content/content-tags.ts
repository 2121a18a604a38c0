import { createHash, createHmac } from "node:crypto";
import type { Span } from "@llmdevops/dd-core";
import { truncate } from "@llmdevops/dd-redaction";
import type { ContentPolicy } from "./content-policy.ts";

/** Hexadecimal digits kept of a SHA-256: 128 bits, beyond any accidental collision. */
const hashLength = 32;

/** Writes what the policy allows of a prompt or a response on its span; the tag guard redacts it. */
export function writeContentTags(
  span: Span,
  side: "prompt" | "response",
  text: string,
  policy: ContentPolicy,
): void {
  if (policy.mode === "none") return;
  span.setTag(`llm.${side}_length`, text.length);
  span.setTag(`llm.${side}_hash`, contentHash(text, policy.hashKey));
  if (policy.mode === "metadata") return;
  const isTruncated = text.length > policy.previewLength;
  span.setTag(`llm.${side}_preview`, isTruncated ? truncate(text, policy.previewLength) : text);
  span.setTag(`llm.${side}_truncated`, isTruncated);
}

/** A hash by which equal texts can be found, keyed where a key is given. */
export function contentHash(text: string, key: string | undefined): string {
  const hash = key === undefined ? createHash("sha256") : createHmac("sha256", key);
  return hash.update(text, "utf8").digest("hex").slice(0, hashLength);
}
