import { createHash } from "node:crypto";

const maximumNodes = 500;
const maximumText = 65_536;

/**
 * A short text that is equal for equal arguments, whatever the order of their keys; `undefined` for those that are
 * too large to compare in bounded time, or cannot be read. Nothing can be read from it.
 */
export function argumentFingerprint(value: unknown): string | undefined {
  const parts: string[] = [];
  let nodes = 0;
  let length = 0;
  const path = new Set<object>();
  const push = (text: string) => {
    length += text.length;
    if (length > maximumText) throw new RangeError("too long to compare");
    parts.push(text);
  };
  const visit = (current: unknown): void => {
    nodes += 1;
    if (nodes > maximumNodes) throw new RangeError("too many values to compare");
    if (typeof current !== "object" || current === null) {
      // The length makes sure that no text can pass for a structure.
      const text = String(current);
      push(`${typeof current}:${text.length}:${text}`);
      return;
    }
    if (path.has(current)) throw new RangeError("a cycle");
    path.add(current);
    if (Array.isArray(current)) {
      push(`[${current.length}`);
      for (const element of current) visit(element);
    } else if (current instanceof Date) {
      push(`date:${current.getTime()}`);
    } else if (isPlain(current)) {
      const keys = Object.keys(current).sort();
      push(`{${keys.length}`);
      for (const key of keys) {
        push(`${key.length}:${key}`);
        visit(Reflect.get(current, key));
      }
    } else throw new RangeError("of unknown content");
    path.delete(current);
  };
  try {
    visit(value);
    return createHash("sha256").update(parts.join(",")).digest("base64");
  } catch {
    return undefined;
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
