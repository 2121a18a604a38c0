import { isJsonObject, type JsonObject } from "../json-value.ts";
import { TracePayloadError } from "./trace-payload-error.ts";
import { emptyWireSpan, type WireSpan } from "./wire-span.ts";

const spanKinds: readonly string[] = ["", "internal", "server", "client", "producer", "consumer"];
const maximumId = /^[0-9a-fA-F]+$/;

/**
 * Reads OTLP traces in their JSON form, by trace (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
 *
 * The resource is the span's name, the operation is `operation.name` where that is given and else the span's name
 * too; service, environment and version come from the resource's attributes. Text and booleans become `meta`,
 * numbers `metrics`. An error has status code 2.
 *
 * @throws TracePayloadError where the document has another form or an id is no hexadecimal number of its length.
 */
export function decodeOtlpJson(document: unknown): (readonly WireSpan[])[] {
  const traces = new Map<string, WireSpan[]>();
  for (const resourceSpans of list(document, "resourceSpans", "the document")) {
    const resource = isJsonObject(resourceSpans) ? resourceSpans["resource"] : undefined;
    const attributes = readAttributes(isJsonObject(resource) ? resource["attributes"] : undefined);
    for (const scopeSpans of list(resourceSpans, "scopeSpans", "resourceSpans")) {
      for (const span of list(scopeSpans, "spans", "scopeSpans")) {
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

function list(source: unknown, key: string, where: string): readonly unknown[] {
  const value = isJsonObject(source) ? source[key] : undefined;
  if (value === undefined && isJsonObject(source) && where !== "the document") return [];
  if (!Array.isArray(value)) throw new TracePayloadError(`${where} has no array ${key}`);
  return value;
}

type Attributes = ReadonlyMap<string, string | number>;

function toWireSpan(span: JsonObject, traceHex: string, resource: Attributes): WireSpan {
  const own = readAttributes(span["attributes"]);
  const attribute = (key: string): string | undefined => {
    const value = own.get(key) ?? resource.get(key);
    return value === undefined ? undefined : String(value);
  };
  const name = typeof span["name"] === "string" ? span["name"] : undefined;
  const start = nanoseconds(span, "startTimeUnixNano");
  const status = isJsonObject(span["status"]) ? span["status"] : {};
  const isError = status["code"] === 2 || status["code"] === "STATUS_CODE_ERROR";
  const kind = spanKinds[Number(span["kind"] ?? 0)] ?? "";
  const meta = new Map<string, string>();
  const metrics = new Map<string, number>();
  for (const [key, value] of [...resource, ...own]) {
    if (typeof value === "number") metrics.set(key, value);
    else meta.set(key, value);
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
    duration: nanoseconds(span, "endTimeUnixNano") - start,
    error: isError ? 1n : 0n,
    meta,
    metrics,
    bytes: JSON.stringify(span).length,
  };
}

function hexId(span: JsonObject, key: string, length: number): string {
  const value = span[key];
  if (typeof value === "string" && value.length === length && maximumId.test(value)) {
    return value.toLowerCase();
  }
  throw new TracePayloadError(`${key} is not ${length} hexadecimal digits`);
}

function nanoseconds(span: JsonObject, key: string): bigint {
  const text = String(span[key] ?? "0");
  if (/^\d{1,20}$/.test(text)) return BigInt(text);
  throw new TracePayloadError(`${key} is no number of nanoseconds`);
}

function readAttributes(attributes: unknown): Map<string, string | number> {
  const result = new Map<string, string | number>();
  if (!Array.isArray(attributes)) return result;
  for (const attribute of attributes) {
    if (!isJsonObject(attribute) || typeof attribute["key"] !== "string") continue;
    const value = isJsonObject(attribute["value"]) ? attribute["value"] : {};
    const { stringValue, intValue, doubleValue, boolValue } = value;
    if (typeof stringValue === "string") result.set(attribute["key"], stringValue);
    else if (typeof boolValue === "boolean") result.set(attribute["key"], String(boolValue));
    else if (intValue !== undefined || doubleValue !== undefined) {
      result.set(attribute["key"], Number(intValue ?? doubleValue));
    } else result.set(attribute["key"], JSON.stringify(value));
  }
  return result;
}
