import { describeBinary, describeFunction, kindOf } from "../values/plain-value.ts";
import { truncate } from "./truncate.ts";

/** Options of {@link serialize}. */
export interface SerializeOptions {
  /** Most characters of the result, in UTF-16 code units. @default 10000 */
  readonly maxLength?: number;
  /** Levels of nesting. @default 6 */
  readonly maxDepth?: number;
  /** Entries of one object or list. @default 100 */
  readonly maxWidth?: number;
}

interface State {
  readonly maxLength: number;
  readonly maxDepth: number;
  readonly maxWidth: number;
  readonly ancestors: object[];
  written: number;
}

/**
 * Turns any value into text: strings as they are, everything else as JSON. Never throws.
 *
 * Cycles become `"[Circular]"` (repeated siblings do not), BigInt its digits, functions
 * `"[Function: name]"`, bytes their length, unreadable properties `"[Unreadable]"`.
 *
 * @param value Anything; it is not changed.
 * @example
 * ```ts
 * serialize({ id: 1n, at: new Date(0) }); // '{"id":"1","at":"1970-01-01T00:00:00.000Z"}'
 * ```
 */
export function serialize(value: unknown, options: SerializeOptions = {}): string {
  const state: State = {
    maxLength: positive(options.maxLength, 10_000),
    maxDepth: Math.min(200, positive(options.maxDepth, 6)),
    maxWidth: positive(options.maxWidth, 100),
    ancestors: [],
    written: 0,
  };
  try {
    return truncate(scalar(value) ?? objectText(value as object, state), state.maxLength);
  } catch {
    return "[Unreadable]";
  }
}

function positive(value: number | undefined, fallback: number): number {
  return typeof value === "number" && value >= 1 ? Math.floor(value) : fallback;
}

/** The text of what is no object. */
function scalar(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "function") return describeFunction(value);
  return typeof value === "object" && value !== null ? undefined : String(value);
}

/** One value as JSON text. */
function jsonText(value: unknown, state: State): string {
  const text = jsonTextOf(value, state);
  state.written += text.length;
  return text;
}

function jsonTextOf(value: unknown, state: State): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(truncate(value, state.maxLength));
    case "number":
      return Number.isFinite(value) ? String(value) : `"${value}"`;
    case "boolean":
      return String(value);
    case "undefined":
      return "null";
    case "object":
      return value === null ? "null" : objectText(value, state);
    default:
      return JSON.stringify(scalar(value));
  }
}

function objectText(value: object, state: State): string {
  if (state.ancestors.includes(value)) return '"[Circular]"';
  if (state.ancestors.length >= state.maxDepth) return '"[Truncated: depth]"';
  if (state.written > state.maxLength * 2) return '"[Truncated: length]"';
  state.ancestors.push(value);
  try {
    return textByKind(value, state);
  } catch {
    return '"[Unreadable]"';
  } finally {
    state.ancestors.pop();
  }
}

function textByKind(value: object, state: State): string {
  switch (kindOf(value)) {
    case "array":
      return listText(value as readonly unknown[], (value as readonly unknown[]).length, state);
    case "set":
      return listText(firstOf(value as Set<unknown>, state), (value as Set<unknown>).size, state);
    case "map":
    case "entries": {
      const entries = firstOf(value as Iterable<readonly [unknown, unknown]>, state);
      const size = (value as { readonly size?: number }).size ?? entries.length;
      return entriesText(
        entries.map(([key, item]) => [key, () => item]),
        size,
        state,
      );
    }
    case "date":
      return Number.isNaN(Number(value)) ? '"Invalid Date"' : JSON.stringify(value);
    case "error":
      return errorText(value as Error, state);
    case "binary":
      return JSON.stringify(describeBinary(value));
    case "text":
      return JSON.stringify(String(value));
    default:
      return plainText(value, state);
  }
}

function plainText(value: object, state: State): string {
  const toJson: unknown = Reflect.get(value, "toJSON");
  if (typeof toJson === "function") {
    const json: unknown = toJson.call(value, "");
    if (json !== value) return jsonText(json, state);
  }
  return propertiesText(value, Object.keys(value), state);
}

function errorText(error: Error, state: State): string {
  const own = Object.keys(error).filter((key) => !["name", "message", "stack"].includes(key));
  const cause = error.cause !== undefined && !own.includes("cause") ? ["cause"] : [];
  return propertiesText(error, ["name", "message", ...cause, ...own], state);
}

function propertiesText(value: object, keys: readonly string[], state: State): string {
  return entriesText(
    keys.slice(0, state.maxWidth).map((key) => [key, () => Reflect.get(value, key)]),
    keys.length,
    state,
  );
}

/** At most as many items as are written: an iterable may have no end. */
function firstOf<Item>(items: Iterable<Item>, { maxWidth }: State): Item[] {
  const first: Item[] = [];
  for (const item of items) {
    first.push(item);
    if (first.length > maxWidth) break;
  }
  return first;
}

function listText(items: readonly unknown[], length: number, state: State): string {
  const parts: string[] = [];
  for (let index = 0; index < Math.min(length, state.maxWidth); index++) {
    if (state.written > state.maxLength * 2) break;
    parts.push(
      jsonText(
        readItem(() => items[index]),
        state,
      ),
    );
  }
  if (parts.length < length) parts.push(`"[${length - parts.length} more items]"`);
  return `[${parts.join(",")}]`;
}

/** Entries whose values are read when their turn comes. */
function entriesText(
  entries: readonly (readonly [key: unknown, read: () => unknown])[],
  total: number,
  state: State,
): string {
  const parts: string[] = [];
  let seen = 0;
  for (const [key, read] of entries) {
    if (seen >= state.maxWidth || state.written > state.maxLength * 2) break;
    seen++;
    const value = readItem(read);
    if (value === undefined) continue;
    const name = JSON.stringify(truncate(serialize(key, state), state.maxLength));
    parts.push(`${name}:${jsonText(value, state)}`);
  }
  if (seen < total) parts.push(`"[Truncated]":"${total - seen} more entries"`);
  return `{${parts.join(",")}}`;
}

function readItem(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return "[Unreadable]";
  }
}
