import type { TagGuard } from "@llmdevops/dd-core";

/** How far beyond the cut is redacted, so that a secret which the cut would halve is still recognised (UTF-16 code units). */
const lookahead = 8_192;

/**
 * The beginning of a text, redacted before it is cut: half of a secret is known to no rule. Never cuts a surrogate
 * pair.
 *
 * @param limit Longest preview (UTF-16 code units).
 */
export function contentPreview(text: string, limit: number, guard: TagGuard): string {
  const redacted = guard.text(text.slice(0, limit + lookahead), "content");
  if (redacted.length <= limit) return redacted;
  const last = redacted.charCodeAt(limit - 1);
  const endsInHighSurrogate = last >= 0xd800 && last <= 0xdbff;
  return redacted.slice(0, endsInHighSurrogate ? limit - 1 : limit);
}

/** The same with a note of what was left out, for where nothing else says so. */
export function markedPreview(text: string, limit: number, guard: TagGuard): string {
  const preview = contentPreview(text, limit, guard);
  // Redaction may have made it short enough; a surrogate pair at the end is left out whole.
  const isCut = text.length > limit && preview.length >= limit - 1;
  return isCut ? `${preview}...[truncated, ${text.length} characters in all]` : preview;
}
