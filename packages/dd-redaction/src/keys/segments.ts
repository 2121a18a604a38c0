/**
 * Splits a key into lower-case words: at everything that is no letter or digit, at the humps of
 * camel case, and before trailing digits. `x-api-key`, `xApiKey`, `X_API_KEY` all give
 * `["x", "api", "key"]`.
 */
export function keySegments(key: string): string[] {
  const segments: string[] = [];
  for (const [word] of key.normalize("NFKC").matchAll(wordPattern)) {
    segments.push(word.toLowerCase());
  }
  return segments;
}

/** Acronym before a capitalised word, capitalised or lower-case word, acronym, digits. */
const wordPattern = /\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}\p{M}]+|\p{Lu}+|\d+/gu;
