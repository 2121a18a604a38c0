/** The six sequential rules of the original specification, as a baseline. */
export const sixRules: readonly (readonly [RegExp, string])[] = [
  [/[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}/g, "[EMAIL_REDACTED]"],
  [/\b\d{3}[-.]?\d{3}[-.]?\d{4}\b/g, "[PHONE_REDACTED]"],
  [/\b\d{3}-\d{2}-\d{4}\b/g, "[SSN_REDACTED]"],
  [/\b\d{4}[- ]?\d{4}[- ]?\d{4}[- ]?\d{4}\b/g, "[CC_REDACTED]"],
  [/\b(sk-|pk_|api[_-]?key[=:]\s*)[a-zA-Z0-9]{20,}\b/gi, "[API_KEY_REDACTED]"],
  [/Bearer\s+[a-zA-Z0-9._-]+/gi, "Bearer [TOKEN_REDACTED]"],
];

/** Applies them one after the other. */
export function redactWithSixRules(text: string): string {
  let result = text;
  for (const [pattern, replacement] of sixRules) result = result.replace(pattern, replacement);
  return result;
}
