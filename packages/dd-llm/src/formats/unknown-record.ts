/** An object of unknown shape, as it comes from a provider's SDK. */
export type UnknownRecord = Readonly<Record<string, unknown>>;

/** Whether a value is an object (arrays included) whose properties can be read. */
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

/** The objects of a list that are objects. */
export function recordsOf(list: readonly unknown[]): UnknownRecord[] {
  return list.filter(isRecord);
}

/** A value as JSON text, or nothing when it has none. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    // A cycle, a bigint or a getter that throws.
    return "";
  }
}

/** Leaves out what is `undefined`, so that it does not replace what is known. */
export function known<T extends object>(draft: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const result: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  for (const key of Object.keys(draft) as (keyof T)[]) {
    const value = draft[key];
    if (value !== undefined) result[key] = value as Exclude<T[keyof T], undefined>;
  }
  return result;
}
