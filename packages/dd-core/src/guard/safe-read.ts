/** The entries of an object whose getters or proxy traps may throw; what is no object has none. */
export function safeEntries(source: unknown): [string, unknown][] {
  if (typeof source !== "object" || source === null) return [];
  return safeKeys(source).map((key) => [key, safeEntry(source, key)]);
}

/** The value of an own key, for a text in its place where its getter or proxy trap throws. */
export function safeEntry(source: object, key: string): unknown {
  try {
    // Not `Reflect.get`, which costs several times as much.
    return (source as Record<string, unknown>)[key];
  } catch {
    return "[unreadable]";
  }
}

/** The keys of an object whose proxy traps may throw. */
export function safeKeys(source: object): readonly string[] {
  try {
    return Object.keys(source);
  } catch {
    return [];
  }
}

/** Reads a property whose getter or proxy trap may throw; what cannot be read is `undefined`. */
export function safeRead(source: unknown, key: PropertyKey): unknown {
  if ((typeof source !== "object" && typeof source !== "function") || source === null) {
    return undefined;
  }
  try {
    // Not `Reflect.get`, which costs several times as much.
    return (source as Record<PropertyKey, unknown>)[key];
  } catch {
    return undefined;
  }
}

/** The text of any value, also of one that refuses to become text. */
export function safeText(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    return String(value);
  } catch {
    return "[unreadable]";
  }
}
