import { isJsonObject, type JsonObject, parseJson } from "../json-value.ts";
import type { ReceivedSpanEvent, ReceivedSpanLink, SpanAttributeValue } from "./received-span.ts";
import { traceIdHex } from "./trace-ids.ts";

/** Reads span events from the JSON of the tag `events`; `undefined` where there are none. */
export function eventsFromMeta(json: string | undefined): ReceivedSpanEvent[] | undefined {
  const items = objectsIn(json);
  return items?.map((item) => ({
    name: String(item["name"]),
    timeUnixNano: nanoseconds(item["time_unix_nano"]),
    attributes: (isJsonObject(item["attributes"]) ? item["attributes"] : {}) as Readonly<
      Record<string, SpanAttributeValue>
    >,
  }));
}

/** Reads span links from the JSON of the tag `_dd.span_links`; `undefined` where there are none. */
export function linksFromMeta(json: string | undefined): ReceivedSpanLink[] | undefined {
  const items = objectsIn(json);
  return items?.map((item) => {
    const traceId = hexDigits(item["trace_id"], 32);
    const low = BigInt(`0x${traceId.slice(16)}`);
    return {
      traceId: low.toString(),
      traceIdHex: traceIdHex(low, traceId.slice(0, 16)),
      spanId: BigInt(`0x${hexDigits(item["span_id"], 16)}`).toString(),
      attributes: stringAttributes(item["attributes"]),
      ...(typeof item["tracestate"] === "string" ? { tracestate: item["tracestate"] } : {}),
      ...(typeof item["flags"] === "number" ? { flags: item["flags"] } : {}),
    };
  });
}

function objectsIn(json: string | undefined): JsonObject[] | undefined {
  if (json === undefined) return undefined;
  const items = parseJson(json);
  return Array.isArray(items) ? items.filter(isJsonObject) : undefined;
}

function nanoseconds(value: unknown): bigint {
  return typeof value === "number" && Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n;
}

function hexDigits(value: unknown, length: number): string {
  const text = typeof value === "string" && /^[0-9a-fA-F]{1,32}$/.test(value) ? value : "0";
  return text.toLowerCase().padStart(length, "0").slice(-length);
}

function stringAttributes(value: unknown): Record<string, string> {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item)]));
}
