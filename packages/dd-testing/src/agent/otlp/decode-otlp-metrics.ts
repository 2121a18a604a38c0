import { isJsonObject, type JsonObject } from "../json-value.ts";
import { TracePayloadError } from "../traces/trace-payload-error.ts";
import {
  listIn,
  nanosecondsIn,
  type OtlpAttributes,
  objectIn,
  readAttributes,
} from "./otlp-attributes.ts";

/** How the points of an OTLP metric are made. */
export type OtlpMetricKind = "gauge" | "sum" | "histogram" | "exponentialHistogram" | "summary";

/** One point of an OTLP metric. */
export interface ReceivedOtlpMetric {
  /** Name of the instrument. */
  readonly name: string;
  /** Which of the data point kinds of OTLP it is. */
  readonly kind: OtlpMetricKind;
  /** Unit as sent, in UCUM such as `ms` or `By`; may be empty. */
  readonly unit: string;
  /** Whether the point counts since the last one or since the start; undefined for gauges and summaries. */
  readonly temporality?: "delta" | "cumulative";
  /** Whether a sum only grows. */
  readonly isMonotonic?: boolean;
  /** Value of a gauge or sum; sum of the others, where it is told. */
  readonly value?: number;
  /** How many values a histogram or summary holds. */
  readonly count?: number;
  /** Smallest value of a histogram, where it was sent. */
  readonly min?: number;
  /** Largest value of a histogram, where it was sent. */
  readonly max?: number;
  /** Upper bounds of a histogram's buckets; the last bucket has none. */
  readonly bounds?: readonly number[];
  /** Values in each bucket of a histogram. */
  readonly bucketCounts?: readonly number[];
  /** Attributes of the point. */
  readonly attributes: OtlpAttributes;
  /** Attributes of the resource, such as `service.name`. */
  readonly resource: OtlpAttributes;
  /** Nanoseconds since the Unix epoch. */
  readonly timeUnixNano: bigint;
}

const kinds: readonly OtlpMetricKind[] = [
  "gauge",
  "sum",
  "histogram",
  "exponentialHistogram",
  "summary",
];

/**
 * Reads OTLP metrics, one record for each point.
 *
 * @throws TracePayloadError where the document has another form, a metric has no name or no kind of
 * points, or a point of a gauge or sum has no value.
 */
export function decodeOtlpMetrics(
  document: unknown,
): { metric: ReceivedOtlpMetric; bytes: number }[] {
  return listIn(document, "resourceMetrics").flatMap((resourceMetrics) => {
    const resource = readAttributes(objectIn(resourceMetrics, "resource")["attributes"]);
    return listIn(resourceMetrics, "scopeMetrics").flatMap((scopeMetrics) =>
      listIn(scopeMetrics, "metrics").flatMap((metric) => readMetric(metric, resource)),
    );
  });
}

function readMetric(
  metric: unknown,
  resource: OtlpAttributes,
): { metric: ReceivedOtlpMetric; bytes: number }[] {
  const name = isJsonObject(metric) ? metric["name"] : undefined;
  if (!isJsonObject(metric) || typeof name !== "string" || name === "") {
    throw new TracePayloadError("a metric has no name");
  }
  const kind = kinds.find((candidate) => isJsonObject(metric[candidate]));
  if (kind === undefined)
    throw new TracePayloadError(`${name.slice(0, 100)}: the metric has no points`);
  const data = objectIn(metric, kind);
  const temporality = temporalityOf(data["aggregationTemporality"]);
  return listIn(data, "dataPoints").map((point) => {
    if (!isJsonObject(point)) throw new TracePayloadError(`${name}: a point is no object`);
    return {
      metric: {
        name,
        kind,
        unit: String(metric["unit"] ?? ""),
        ...(temporality === undefined ? {} : { temporality }),
        ...(kind === "sum" ? { isMonotonic: data["isMonotonic"] === true } : {}),
        ...numbersOf(name, kind, point),
        attributes: readAttributes(point["attributes"]),
        resource,
        timeUnixNano: nanosecondsIn(point, "timeUnixNano"),
      },
      bytes: JSON.stringify(point).length + name.length,
    };
  });
}

function temporalityOf(value: unknown): "delta" | "cumulative" | undefined {
  if (value === 1 || value === "AGGREGATION_TEMPORALITY_DELTA") return "delta";
  return value === 2 || value === "AGGREGATION_TEMPORALITY_CUMULATIVE" ? "cumulative" : undefined;
}

function numbersOf(name: string, kind: OtlpMetricKind, point: JsonObject): object {
  if (kind === "gauge" || kind === "sum") {
    const value = point["asDouble"] ?? signed(point["asInt"]);
    if (value === undefined)
      throw new TracePayloadError(`${name.slice(0, 100)}: a point has no value`);
    return { value: Number(value) };
  }
  const optional = { value: point["sum"], min: point["min"], max: point["max"] };
  const known = Object.entries(optional).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(known.map(([key, value]) => [key, Number(value)])),
    count: Number(point["count"] ?? 0),
    ...(kind === "histogram"
      ? {
          bounds: listIn(point, "explicitBounds").map(Number),
          bucketCounts: listIn(point, "bucketCounts").map(Number),
        }
      : {}),
  };
}

/** In protobuf an integer is eight bytes, whose sign JSON writes and the reader does not know of. */
function signed(value: unknown): bigint | undefined {
  if (value === undefined) return undefined;
  const text = String(value);
  if (!/^-?\d{1,20}$/.test(text)) throw new TracePayloadError("asInt is no whole number");
  return BigInt.asIntN(64, BigInt(text));
}
