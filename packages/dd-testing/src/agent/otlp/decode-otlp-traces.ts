import { isJsonObject, type JsonObject } from "../json-value.ts";
import type { ReceivedSpanEvent, ReceivedSpanLink } from "../traces/received-span.ts";
import { traceIdHex } from "../traces/trace-ids.ts";
import { TracePayloadError } from "../traces/trace-payload-error.ts";
import { emptyWireSpan, type WireSpan } from "../traces/wire-span.ts";
import {
  attributeText,
  listIn,
  nanosecondsIn,
  type OtlpAttributes,
  objectIn,
  readAttributes,
} from "./otlp-attributes.ts";

const spanKinds: readonly string[] = ["", "internal", "server", "client", "producer", "consumer"];
const hexadecimal = /^[0-9a-fA-F]+$/;

/**
 * Reads OTLP traces, in the values of their JSON form, by trace
 * (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
 *
 * The resource is the span's name, the operation is `operation.name` where that is given and else the span's name
 * too; service, environment and version come from the resource's attributes. Text and booleans become `meta`,
 * numbers `metrics`. An error has status code 2.
 *
 * @throws TracePayloadError where the document has another form or an id is no hexadecimal number of its length.
 */
export function decodeOtlpTraces(document: unknown): (readonly WireSpan[])[] {
  const traces = new Map<string, WireSpan[]>();
  for (const resourceSpans of listIn(document, "resourceSpans")) {
    const attributes = readAttributes(objectIn(resourceSpans, "resource")["attributes"]);
    for (const scopeSpans of listIn(resourceSpans, "scopeSpans")) {
      for (const span of listIn(scopeSpans, "spans")) {
        if (!isJsonObject(span)) throw new TracePayloadError("a span is no object");
        const traceHex = hexId(span, "traceId", 32);
        const wire = toWireSpan(span, traceHex, attributes);
        const trace = traces.get(traceHex);
        if (trace === undefined) traces.set(traceHex, [wire]);
        else trace.push(wire);
      }
    }
  }
  return [...traces.values()];
}

function toWireSpan(span: JsonObject, traceHex: string, resource: OtlpAttributes): WireSpan {
  const attributes = { ...resource, ...readAttributes(span["attributes"]) };
  const attribute = (key: string): string | undefined => {
    const value = Object.hasOwn(attributes, key) ? attributes[key] : undefined;
    return value === undefined ? undefined : attributeText(value);
  };
  const name = typeof span["name"] === "string" ? span["name"] : undefined;
  const start = nanosecondsIn(span, "startTimeUnixNano");
  const status = objectIn(span, "status");
  const isError = status["code"] === 2 || status["code"] === "STATUS_CODE_ERROR";
  const kind = spanKinds[Number(span["kind"] ?? 0)] ?? "";
  const meta = new Map<string, string>();
  const metrics = new Map<string, number>();
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "number") metrics.set(key, value);
    else meta.set(key, attributeText(value));
  }
  const env = attribute("deployment.environment.name") ?? attribute("deployment.environment");
  const version = attribute("service.version");
  const further: readonly (readonly [string, string | undefined])[] = [
    ["env", env],
    ["version", version],
    ["span.kind", kind === "" ? undefined : kind],
    ["error.message", isError && status["message"] ? String(status["message"]) : undefined],
    ["_dd.p.tid", /^0+$/.test(traceHex.slice(0, 16)) ? undefined : traceHex.slice(0, 16)],
  ];
  for (const [key, value] of further) if (value !== undefined) meta.set(key, value);
  const spanEvents = listIn(span, "events").map(toEvent);
  const spanLinks = listIn(span, "links").map(toLink);
  return {
    ...emptyWireSpan(),
    traceId: BigInt(`0x${traceHex.slice(16)}`),
    spanId: BigInt(`0x${hexId(span, "spanId", 16)}`),
    parentId: span["parentSpanId"] ? BigInt(`0x${hexId(span, "parentSpanId", 16)}`) : 0n,
    name: attribute("operation.name") ?? name,
    service: attribute("service.name") ?? "otlpresourcenoservicename",
    resource: attribute("resource.name") ?? name ?? "",
    type: attribute("span.type") ?? "",
    start,
    duration: nanosecondsIn(span, "endTimeUnixNano") - start,
    error: isError ? 1n : 0n,
    meta,
    metrics,
    spanEvents: spanEvents.length === 0 ? undefined : spanEvents,
    spanLinks: spanLinks.length === 0 ? undefined : spanLinks,
    bytes: JSON.stringify(span).length,
  };
}

function toEvent(event: unknown): ReceivedSpanEvent {
  if (!isJsonObject(event)) throw new TracePayloadError("an event of a span is no object");
  const attributes = Object.entries(readAttributes(event["attributes"]));
  return {
    name: String(event["name"] ?? ""),
    timeUnixNano: nanosecondsIn(event, "timeUnixNano"),
    attributes: Object.fromEntries(
      attributes.map(([key, value]) => [
        key,
        typeof value === "object" ? attributeText(value) : value,
      ]),
    ),
  };
}

function toLink(link: unknown): ReceivedSpanLink {
  if (!isJsonObject(link)) throw new TracePayloadError("a link of a span is no object");
  const traceHex = hexId(link, "traceId", 32);
  const low = BigInt(`0x${traceHex.slice(16)}`);
  const attributes = Object.entries(readAttributes(link["attributes"]));
  const { flags, traceState } = link;
  return {
    traceId: low.toString(),
    traceIdHex: traceIdHex(low, traceHex.slice(0, 16)),
    spanId: BigInt(`0x${hexId(link, "spanId", 16)}`).toString(),
    attributes: Object.fromEntries(attributes.map(([key, value]) => [key, attributeText(value)])),
    ...(typeof traceState === "string" && traceState !== "" ? { tracestate: traceState } : {}),
    ...(typeof flags === "number" ? { flags } : {}),
  };
}

function hexId(span: JsonObject, key: string, length: number): string {
  const value = span[key];
  if (typeof value === "string" && value.length === length && hexadecimal.test(value)) {
    return value.toLowerCase();
  }
  throw new TracePayloadError(`${key} is not ${length} hexadecimal digits`);
}
