import { isJsonObject, type JsonObject } from "../json-value.ts";
import { IntakeError } from "./intake-error.ts";
import { jsonBytes } from "./json-bytes.ts";

/** One LLM Observability evaluation or feedback, as sent and with its most used fields. */
export interface ReceivedEvaluation {
  /** What was evaluated, such as `helpfulness`. */
  readonly label: string;
  /** categorical, score, boolean, json or text. */
  readonly metricType: string;
  /** The value, of the kind that `metricType` says. */
  readonly value: unknown;
  /** Application of LLM Observability that it belongs to. */
  readonly mlApp?: string;
  /** Span that was evaluated, as sent; absent where it is joined by a tag. */
  readonly spanId?: string;
  /** Trace of that span, as sent. */
  readonly traceId?: string;
  /** Milliseconds since the Unix epoch. */
  readonly timestampMs?: number;
  /** `key:value` strings. */
  readonly tags: readonly string[];
  /** The evaluation exactly as sent. */
  readonly event: JsonObject;
}

const metricTypes: readonly unknown[] = ["categorical", "score", "boolean", "json", "text"];

/**
 * Reads the metrics of an evaluation payload, `{ data: { attributes: { metrics: [...] } } }`.
 *
 * @throws IntakeError (400) where the payload breaks the schema.
 */
export function readEvaluations(
  body: unknown,
): { evaluation: ReceivedEvaluation; bytes: number }[] {
  const data = isJsonObject(body) ? body["data"] : undefined;
  const attributes = isJsonObject(data) ? data["attributes"] : undefined;
  const metrics = isJsonObject(attributes) ? attributes["metrics"] : undefined;
  if (!Array.isArray(metrics)) {
    throw new IntakeError(400, "data.attributes.metrics: expected an array");
  }
  return metrics.map((metric, index) =>
    readEvaluation(metric, `data.attributes.metrics[${index}]`),
  );
}

function readEvaluation(
  metric: unknown,
  path: string,
): { evaluation: ReceivedEvaluation; bytes: number } {
  if (!isJsonObject(metric)) throw new IntakeError(400, `${path}: expected an object`);
  const { label, metric_type: metricType, timestamp_ms: timestampMs } = metric;
  if (typeof label !== "string" || label === "") {
    throw new IntakeError(400, `${path}.label: expected a string`);
  }
  if (typeof metricType !== "string" || !metricTypes.includes(metricType)) {
    throw new IntakeError(400, `${path}.metric_type: expected one of ${metricTypes.join(", ")}`);
  }
  const join = joinedSpan(metric);
  const tags = metric["tags"];
  const evaluation: ReceivedEvaluation = {
    label,
    metricType,
    value: metric[`${metricType}_value`],
    ...(typeof metric["ml_app"] === "string" ? { mlApp: metric["ml_app"] } : {}),
    ...(typeof join["span_id"] === "string" ? { spanId: join["span_id"] } : {}),
    ...(typeof join["trace_id"] === "string" ? { traceId: join["trace_id"] } : {}),
    ...(typeof timestampMs === "number" ? { timestampMs } : {}),
    tags: Array.isArray(tags) ? tags.map(String) : [],
    event: metric,
  };
  return { evaluation, bytes: jsonBytes(metric, path) };
}

/** Version 1 names the span at the top, version 2 under `join_on.span`. */
function joinedSpan(metric: JsonObject): JsonObject {
  const joinOn = isJsonObject(metric["join_on"]) ? metric["join_on"]["span"] : undefined;
  return isJsonObject(joinOn) ? joinOn : metric;
}
