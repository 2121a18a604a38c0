/** The families of MessagePack values a schema can ask for. */
export type MsgpackKind =
  | "nil"
  | "boolean"
  | "integer"
  | "float"
  | "string"
  | "binary"
  | "array"
  | "map"
  | "extension";

/**
 * Names the kind of value that starts with a byte, or `undefined` for 0xc1, which the format reserves.
 *
 * Source: the MessagePack specification, "Formats".
 *
 * @param head The first byte of the value, 0–255.
 */
export function msgpackKind(head: number): MsgpackKind | undefined {
  if (head <= 0x7f || head >= 0xe0) return "integer";
  if (head <= 0x8f) return "map";
  if (head <= 0x9f) return "array";
  if (head <= 0xbf) return "string";
  if (head === 0xc0) return "nil";
  if (head === 0xc2 || head === 0xc3) return "boolean";
  if (head >= 0xc4 && head <= 0xc6) return "binary";
  if (head >= 0xc7 && head <= 0xc9) return "extension";
  if (head === 0xca || head === 0xcb) return "float";
  if (head >= 0xcc && head <= 0xd3) return "integer";
  if (head >= 0xd4 && head <= 0xd8) return "extension";
  if (head >= 0xd9 && head <= 0xdb) return "string";
  if (head === 0xdc || head === 0xdd) return "array";
  if (head === 0xde || head === 0xdf) return "map";
  return undefined;
}
