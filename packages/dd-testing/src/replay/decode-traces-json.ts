import { isJsonObject } from "../agent/json-value.ts";
import { emptyWireSpan, type WireSpan } from "../agent/traces/wire-span.ts";

/** Fields of 64 bits, more than a number in JavaScript holds. */
const wideFields: readonly string[] = ["trace_id", "span_id", "parent_id", "start", "duration"];

/**
 * Reads traces in Datadog's v0.4 form, written as JSON; ids keep all their digits.
 *
 * @throws SyntaxError for a document of another form.
 */
export function decodeTracesJson(text: string): WireSpan[][] {
  const document: unknown = JSON.parse(text, keepDigits);
  if (!Array.isArray(document)) throw new SyntaxError("expected an array of traces");
  // A file may also hold one trace alone.
  const traces: unknown[] = document.every(Array.isArray) ? document : [document];
  return traces.map((trace, index) => {
    if (!Array.isArray(trace)) throw new SyntaxError(`traces[${index}] is no array of spans`);
    return trace.map((span, at) => toWireSpan(span, `traces[${index}][${at}]`));
  });
}

function keepDigits(key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  const isWhole = typeof value === "number" && source !== undefined && /^-?\d+$/.test(source);
  return wideFields.includes(key) && isWhole ? BigInt(source) : value;
}

function toWireSpan(span: unknown, where: string): WireSpan {
  if (!isJsonObject(span)) throw new SyntaxError(`${where} is no object`);
  const whole = (key: string): bigint | undefined => {
    const value = span[key];
    if (value === undefined || value === null) return undefined;
    if (typeof value === "bigint") return value;
    if (typeof value === "string" && /^\d{1,20}$/.test(value)) return BigInt(value);
    throw new SyntaxError(`${where}.${key} is no whole number`);
  };
  const text = (key: string): string => (typeof span[key] === "string" ? span[key] : "");
  const entries = (key: string): [string, unknown][] =>
    isJsonObject(span[key]) ? Object.entries(span[key]) : [];
  return {
    ...emptyWireSpan(),
    traceId: whole("trace_id"),
    spanId: whole("span_id"),
    parentId: whole("parent_id") ?? 0n,
    name: typeof span["name"] === "string" ? span["name"] : undefined,
    service: text("service"),
    resource: text("resource"),
    type: text("type"),
    start: whole("start") ?? 0n,
    duration: whole("duration") ?? 0n,
    error: span["error"] ? 1n : 0n,
    meta: new Map(entries("meta").map(([key, value]) => [key, String(value)])),
    metrics: new Map(
      entries("metrics").flatMap(([key, value]) =>
        typeof value === "number" ? [[key, value] as const] : [],
      ),
    ),
  };
}
