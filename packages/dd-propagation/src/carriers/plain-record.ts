/**
 * Tells an ordinary object of headers, such as Node's `request.headers`, from every other carrier, so that it can
 * be read and written in one pass over its keys.
 */
export function isPlainRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  // A carrier may be an object literal too.
  return typeof Reflect.get(value, "get") !== "function";
}
