/** Cuts a text to a number of UTF-8 bytes, never within a character. */
export function cutToBytes(text: string, maximumBytes: number): string {
  if (text.length * 3 <= maximumBytes) return text;
  const bytes = Buffer.from(text);
  if (bytes.length <= maximumBytes) return text;
  // A streaming decoder keeps an incomplete last character back.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return decoder.decode(bytes.subarray(0, maximumBytes), { stream: true });
}

/** Cuts a text to a number of UTF-16 code units, never within a surrogate pair. */
export function cutToLength(text: string, maximumLength: number): string {
  if (text.length <= maximumLength) return text;
  return text.slice(0, maximumLength).replace(/[\uD800-\uDBFF]$/, "");
}
