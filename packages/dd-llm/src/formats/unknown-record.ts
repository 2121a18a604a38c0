/** An object of unknown shape, as it comes from a provider's SDK. */
export type UnknownRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is UnknownRecord {
  return typeof value === "object" && value !== null;
}

/** The object at a key, or an empty one. */
export function recordAt(source: UnknownRecord, key: string): UnknownRecord {
  const value = source[key];
  return isRecord(value) ? value : {};
}

/** The array at a key, or an empty one. */
export function arrayAt(source: UnknownRecord, key: string): readonly unknown[] {
  const value = source[key];
  return Array.isArray(value) ? value : [];
}

/** The non-empty text at a key, or `undefined`. */
export function textAt(source: UnknownRecord, key: string): string | undefined {
  const value = source[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}
