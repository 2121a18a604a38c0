import { isJsonObject, type JsonObject } from "../json-value.ts";
import { TracePayloadError } from "../traces/trace-payload-error.ts";

/** The value of an attribute; lists and maps stay what they are. */
export type OtlpValue = string | number | boolean | readonly OtlpValue[] | OtlpAttributes;

/** Attributes by key. */
export interface OtlpAttributes {
  readonly [key: string]: OtlpValue;
}

const deepest = 64;

/** A list in an OTLP document; a missing one is empty. */
export function listIn(source: unknown, key: string): readonly unknown[] {
  const value = isJsonObject(source) ? source[key] : undefined;
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw new TracePayloadError(`${key} is no array`);
}

/** An object in an OTLP document; a missing one has no fields. */
export function objectIn(source: unknown, key: string): JsonObject {
  const value = isJsonObject(source) ? source[key] : undefined;
  return isJsonObject(value) ? value : {};
}

/** Whole nanoseconds, as decimal text or a number. */
export function nanosecondsIn(source: JsonObject, key: string): bigint {
  const text = String(source[key] ?? "0");
  if (/^\d{1,20}$/.test(text)) return BigInt(text);
  throw new TracePayloadError(`${key} is no number of nanoseconds`);
}

/**
 * Reads an `AnyValue`; an empty one is empty text.
 *
 * @throws TracePayloadError where lists and maps nest deeper than 64 levels.
 */
export function readValue(value: unknown, depth: number = 0): OtlpValue {
  if (depth > deepest)
    throw new TracePayloadError(`an attribute nests deeper than ${deepest} levels`);
  if (!isJsonObject(value)) return "";
  const { stringValue, boolValue, intValue, doubleValue, bytesValue, arrayValue, kvlistValue } =
    value;
  if (typeof stringValue === "string") return stringValue;
  if (typeof boolValue === "boolean") return boolValue;
  if (intValue !== undefined) return Number(intValue);
  if (doubleValue !== undefined) return Number(doubleValue);
  if (typeof bytesValue === "string") return bytesValue;
  if (isJsonObject(arrayValue)) {
    return listIn(arrayValue, "values").map((item) => readValue(item, depth + 1));
  }
  return isJsonObject(kvlistValue) ? readAttributes(kvlistValue["values"], depth + 1) : "";
}

/** Reads a list of keys and values; what has no key is left out. */
export function readAttributes(attributes: unknown, depth: number = 0): OtlpAttributes {
  if (!Array.isArray(attributes)) return {};
  return Object.fromEntries(
    attributes.flatMap((attribute) => {
      if (!isJsonObject(attribute) || typeof attribute["key"] !== "string") return [];
      return [[attribute["key"], readValue(attribute["value"], depth)]];
    }),
  );
}

/** An attribute as one text, as Datadog keeps lists and maps. */
export function attributeText(value: OtlpValue): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
