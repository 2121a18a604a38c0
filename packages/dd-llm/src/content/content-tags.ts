import { createHmac, hash } from "node:crypto";
import type { Span, TagGuard } from "@llmdevops/dd-core";
import type { ContentPolicy } from "./content-policy.ts";
import { contentPreview } from "./content-preview.ts";

/** Hexadecimal digits kept of a SHA-256: 128 bits, beyond any accidental collision. */
const hashLength = 32;

/** Writes what the policy allows of a prompt or a response on its span. */
export function writeContentTags(
  span: Span,
  side: "prompt" | "response",
  text: string,
  policy: ContentPolicy,
  guard: TagGuard,
): void {
  if (policy.mode === "none") return;
  span.setTag(`llm.${side}_length`, text.length);
  span.setTag(`llm.${side}_hash`, contentHash(text, policy.hashKey));
  if (policy.mode === "metadata") return;
  span.setTag(`llm.${side}_preview`, contentPreview(text, policy.previewLength, guard));
  span.setTag(`llm.${side}_truncated`, text.length > policy.previewLength);
}

/** A hash by which equal texts can be found, keyed where a key is given. */
export function contentHash(text: string, key: string | undefined): string {
  const digest =
    key === undefined
      ? hash("sha256", text, "hex")
      : createHmac("sha256", key).update(text, "utf8").digest("hex");
  return digest.slice(0, hashLength);
}
