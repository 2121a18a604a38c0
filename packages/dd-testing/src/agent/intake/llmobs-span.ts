import { isJsonObject, type JsonObject } from "../json-value.ts";
import { IntakeError } from "./intake-error.ts";
import { jsonBytes } from "./json-bytes.ts";

/** One LLM Observability span, as sent and with its most used fields under plain names. */
export interface ReceivedLlmobsSpan {
  /** `meta["span.kind"]`, or `meta.kind` as the public HTTP API has it: llm, workflow, agent, tool, task, embedding or retrieval. */
  readonly kind: string;
  /** Name of the span as LLM Observability shows it. */
  readonly name: string;
  /** LLM Observability's own trace id, which is not the APM trace id. */
  readonly traceId: string;
  /** The APM trace id in 32 hex digits, when it was sent. */
  readonly apmTraceId?: string;
  /** Decimal, the same as the APM span's. */
  readonly spanId: string;
  /** As sent: a root has the string `"undefined"`. */
  readonly parentId: string;
  /** `key:value` strings. */
  readonly tags: readonly string[];
  /** Inputs, outputs, model, metadata and error, in the intake's own structure. */
  readonly meta: JsonObject;
  /** Numbers by name, such as `input_tokens`. */
  readonly metrics: Readonly<Record<string, number>>;
  /** `ok` or `error`. */
  readonly status: string;
  /** Start, in nanoseconds since the Unix epoch, as precise as a JSON number is. */
  readonly startNs: number;
  /** How long it took (ms). */
  readonly durationMs: number;
  /** Session that the sender named. */
  readonly sessionId?: string;
  /** The span exactly as sent. */
  readonly event: JsonObject;
}

/** The largest LLM Observability event that is accepted, in bytes of JSON. */
const maximumLlmobsEventBytes = 5 * 1024 * 1024;

/**
 * Reads the spans of an LLM Observability payload: one object or an array of objects with `spans`.
 *
 * @throws IntakeError where a span breaks the schema (400) or is larger than 5 MiB (413).
 */
export function readLlmobsSpans(body: unknown): { span: ReceivedLlmobsSpan; bytes: number }[] {
  const payloads = Array.isArray(body) ? body : [body];
  return payloads.flatMap((payload, index) => {
    if (!isJsonObject(payload)) throw new IntakeError(400, `[${index}]: expected an object`);
    if (payload["event_type"] !== "span") {
      throw new IntakeError(400, `[${index}].event_type: expected "span"`);
    }
    const spans = payload["spans"];
    if (!Array.isArray(spans)) throw new IntakeError(400, `[${index}].spans: expected an array`);
    return spans.map((span, spanIndex) => readSpan(span, `[${index}].spans[${spanIndex}]`));
  });
}

function readSpan(value: unknown, path: string): { span: ReceivedLlmobsSpan; bytes: number } {
  if (!isJsonObject(value)) throw new IntakeError(400, `${path}: expected an object`);
  const bytes = jsonBytes(value, path);
  if (bytes > maximumLlmobsEventBytes) {
    throw new IntakeError(413, `${path}: ${bytes} bytes, at most ${maximumLlmobsEventBytes}`);
  }
  const meta = objectField(value, "meta", path);
  const apm = isJsonObject(value["_dd"]) ? value["_dd"]["apm_trace_id"] : undefined;
  const span: ReceivedLlmobsSpan = {
    kind: stringField(meta, meta["kind"] === undefined ? "span.kind" : "kind", `${path}.meta`),
    name: stringField(value, "name", path),
    traceId: stringField(value, "trace_id", path),
    ...(typeof apm === "string" ? { apmTraceId: apm } : {}),
    spanId: stringField(value, "span_id", path),
    parentId: stringField({ parent_id: "undefined", ...value }, "parent_id", path),
    tags: tagsField(value, path),
    meta,
    metrics: metricsField(value, path),
    status: stringField({ status: "ok", ...value }, "status", path),
    startNs: numberField(value, "start_ns", path),
    durationMs: numberField(value, "duration", path) / 1e6,
    ...(typeof value["session_id"] === "string" ? { sessionId: value["session_id"] } : {}),
    event: value,
  };
  return { span, bytes };
}

function stringField(object: JsonObject, field: string, path: string): string {
  const value = object[field];
  if (typeof value !== "string") throw new IntakeError(400, `${path}.${field}: expected a string`);
  return value;
}

function numberField(object: JsonObject, field: string, path: string): number {
  const value = object[field];
  if (typeof value !== "number" || value < 0) {
    throw new IntakeError(400, `${path}.${field}: expected a number that is not negative`);
  }
  return value;
}

function objectField(object: JsonObject, field: string, path: string): JsonObject {
  const value = object[field];
  if (!isJsonObject(value)) throw new IntakeError(400, `${path}.${field}: expected an object`);
  return value;
}

function tagsField(object: JsonObject, path: string): string[] {
  const tags = object["tags"] ?? [];
  if (!Array.isArray(tags) || !tags.every((tag) => typeof tag === "string")) {
    throw new IntakeError(400, `${path}.tags: expected an array of strings`);
  }
  return tags;
}

function metricsField(object: JsonObject, path: string): Record<string, number> {
  const metrics = object["metrics"] ?? {};
  if (!isJsonObject(metrics)) throw new IntakeError(400, `${path}.metrics: expected an object`);
  return Object.fromEntries(
    Object.entries(metrics).map(([key, value]) => {
      if (typeof value !== "number") {
        throw new IntakeError(400, `${path}.metrics.${key}: expected a number`);
      }
      return [key, value];
    }),
  );
}
