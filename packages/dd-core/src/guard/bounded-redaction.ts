import { type RedactionTarget, type Redactor, truncate } from "@llmdevops/dd-redaction";

/** Beyond the limit, this much more is redacted and thrown away: it may end in the half of a secret. */
const margin = 8_192;

/**
 * Redacts a text and cuts it, and looks only at a bounded part of a very long one, so that no value can hold the
 * application up.
 *
 * @param limit Most that remains, in UTF-16 code units, the note about the cut included.
 */
export function redactWithin(
  redactor: Redactor,
  text: string,
  target: RedactionTarget,
  limit: number,
): string {
  const inspected = 2 * limit + margin;
  if (text.length <= inspected) {
    const whole = redactor.redact(text, target);
    return whole.length <= limit ? whole : truncate(whole, limit);
  }
  const redacted = redactor.redact(text.slice(0, inspected), target);
  const kept = redacted.slice(0, Math.max(0, redacted.length - margin));
  const note = `...[truncated, ${text.length} characters in all]`;
  return kept.slice(0, Math.max(0, limit - note.length)).replace(/[\uD800-\uDBFF]$/, "") + note;
}
