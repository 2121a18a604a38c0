/** What an object is, found without trusting it: proxies and getters may throw. */
export type ValueKind =
  | "array"
  | "map"
  | "set"
  | "date"
  | "error"
  | "binary"
  | "entries"
  | "object"
  | "text";

/** The kind of an object. May throw for a revoked or hostile proxy. */
export function kindOf(value: object): ValueKind {
  if (Array.isArray(value)) return "array";
  if (value instanceof Map) return "map";
  if (value instanceof Set) return "set";
  if (value instanceof Date) return "date";
  if (value instanceof Error) return "error";
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return "binary";
  if (value instanceof RegExp) return "text";
  const tag = Object.prototype.toString.call(value);
  if (tag === "[object Error]") return "error";
  if (tag === "[object URL]") return "text";
  return /^\[object (?:Headers|URLSearchParams|FormData)\]$/.test(tag) ? "entries" : "object";
}

/** A short description of bytes: they cannot be searched, so they do not leave. */
export function describeBinary(value: object): string {
  const bytes = (value as { readonly byteLength?: number }).byteLength ?? 0;
  const name = Object.prototype.toString.call(value).slice(8, -1);
  return `[${name}: ${bytes} bytes]`;
}

/** A function by its name. */
export function describeFunction(value: { readonly name?: unknown }): string {
  const name = value.name;
  return typeof name === "string" && name !== "" ? `[Function: ${name}]` : "[Function]";
}
