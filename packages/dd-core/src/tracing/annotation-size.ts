import { truncate } from "@llmdevops/dd-redaction";

/**
 * Shortens what LLM Observability is told to a size, since dd-trace drops the whole input and output of an event above
 * 5 MiB. Of a list the newest entries stay, of a text the beginning; the value must be redacted already.
 *
 * @param value What can be written as JSON.
 * @param limit Most it may take as JSON (bytes of UTF-8).
 */
export function withinBytes(value: unknown, limit: number): unknown {
  if (isSurelyWithin(value, limit)) return value;
  if (jsonBytes(value) <= limit) return value;
  if (Array.isArray(value)) return newestWithin(value, limit);
  if (typeof value === "string") return textWithin(value, limit);
  return textWithin(JSON.stringify(value), limit);
}

function newestWithin(list: readonly unknown[], limit: number): unknown[] {
  const kept: unknown[] = [];
  // For the brackets and the note.
  let room = limit - 256;
  for (const entry of list.toReversed()) {
    const size = jsonBytes(entry) + 1;
    if (size > room) {
      if (kept.length === 0) kept.push(shortened(entry, room));
      break;
    }
    kept.push(entry);
    room -= size;
  }
  const omitted = list.length - kept.length;
  if (omitted > 0) kept.push(note(list[0], omitted));
  return kept.toReversed();
}

/** A message or document keeps its form, its text is shortened; anything else becomes text. */
function shortened(entry: unknown, limit: number): unknown {
  const text = JSON.stringify(entry) ?? "";
  if (typeof entry !== "object" || entry === null) return textWithin(text, limit);
  const role = "role" in entry ? { role: String(entry.role).slice(0, 64) } : {};
  const key = "content" in entry ? "content" : "text";
  const whole: unknown = Reflect.get(entry, key);
  return { ...role, [key]: textWithin(typeof whole === "string" ? whole : text, limit - 256) };
}

function note(first: unknown, omitted: number): unknown {
  const text = `[${omitted} earlier entries left out: too large]`;
  if (typeof first !== "object" || first === null) return text;
  return "role" in first ? { role: "system", content: text } : { text };
}

/** JSON may take several bytes for one character, which no cut by characters can know. */
function textWithin(text: string, limit: number): string {
  let shown = text;
  for (let room = limit; room > 0 && jsonBytes(shown) > limit; room = Math.floor(room / 2)) {
    shown = truncate(text, room, { unit: "bytes" });
  }
  return shown;
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? "", "utf8");
}

/** Without writing it as JSON: every character taken for the longest form that JSON has, six bytes. */
function isSurelyWithin(value: unknown, limit: number): boolean {
  let room = limit;
  const take = (part: unknown): boolean => {
    if (room < 0) return false;
    if (typeof part === "string") room -= part.length * 6 + 3;
    else if (typeof part !== "object" || part === null) room -= 32;
    else if (Array.isArray(part)) {
      room -= 2;
      return part.every(take);
    } else {
      room -= 2;
      return Object.entries(part).every(([key, item]) => {
        room -= key.length * 6 + 4;
        return take(item);
      });
    }
    return room >= 0;
  };
  return take(value) && room >= 0;
}
