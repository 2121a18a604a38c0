/** Words that make a key one of an identifier when they end it. */
const identifierEndings: ReadonlySet<string> = new Set([
  "id",
  "ids",
  "uid",
  "uuid",
  "guid",
  "ulid",
  "session",
]);
/** Identifiers that are written as one word. */
const identifierWords =
  /^(?:user|session|request|trace|span|run|message|conversation|thread|correlation|transaction|customer|order)(?:id|uuid)$/;
const maximumInspectedLength = 200;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Trace ids, digests and object ids. */
const longHexadecimal = /^(?=.*\d)(?:0x)?[0-9a-f]{16,}$/i;
/** https://github.com/ulid/spec */
const ulid = /^(?=.*\d)[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** Whether a tag's key says that its values identify single things, for example `user_id` or `sessionId`. */
export function isIdentifierKey(key: string): boolean {
  const words = key
    .slice(-maximumInspectedLength)
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  const last = words.at(-1) ?? "";
  return identifierEndings.has(last) || identifierWords.test(last);
}

/** Whether a tag's value looks like an identifier of its own: a UUID, a ULID or 16 and more hexadecimal digits. */
export function isIdentifierValue(value: unknown): boolean {
  if (typeof value !== "string" || value.length < 16 || value.length > maximumInspectedLength) {
    return false;
  }
  return uuid.test(value) || ulid.test(value) || longHexadecimal.test(value);
}
