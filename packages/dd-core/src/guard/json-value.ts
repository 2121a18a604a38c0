const maximumDepth = 64;

/**
 * A copy of a value that can be written as JSON without an error, since dd-trace drops a whole LLM Observability event
 * for one BigInt in it.
 */
export function jsonValue(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case "bigint":
      return value.toString();
    case "symbol":
      return String(value);
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "object":
      return value === null ? null : jsonObject(value, depth);
    default:
      return value;
  }
}

function jsonObject(value: object, depth: number): unknown {
  if (depth >= maximumDepth) return "[Truncated: depth]";
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  }
  if (Array.isArray(value)) return value.map((item) => jsonValue(item, depth + 1));
  if (value instanceof Set) return jsonValue([...value], depth);
  return Object.fromEntries(
    entriesOf(value).map(([key, item]) => [String(key), jsonValue(item, depth + 1)]),
  );
}

/** What says something of an error is not enumerable, and a Map has no properties at all. */
function entriesOf(value: object): [unknown, unknown][] {
  if (value instanceof Map) return [...value];
  if (!(value instanceof Error)) return Object.entries(value);
  const { name, message, stack, cause } = value;
  const own = Object.entries({ name, message, stack, cause }).filter(
    ([, part]) => part !== undefined,
  );
  return [...own, ...Object.entries(value)];
}
