const longestBinaryValue = 32_768;
const longestJoinedValue = 65_536;
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** The text of a header value: a string, UTF-8 bytes, or an array of either joined with a comma. */
export function headerText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array) return utf8.decode(value.subarray(0, longestBinaryValue));
  if (!Array.isArray(value)) return undefined;
  let joined: string | undefined;
  for (const item of value) {
    // What is longer exceeds every limit already; a nested array is no header value.
    if (joined !== undefined && joined.length > longestJoinedValue) break;
    const text = Array.isArray(item) ? undefined : headerText(item);
    if (text !== undefined) joined = joined === undefined ? text : `${joined},${text}`;
  }
  return joined;
}

/** Narrows a value to an object of any shape. */
export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Narrows a value to an object that is read by key. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
