import type { ProtobufField, ProtobufMessage } from "./protobuf-reader.ts";

type FieldType = ProtobufField["type"];

/** Describes a message by lines of number, name and type; `[type]` is a repeated field. */
function message(
  fields: () => readonly (readonly [number, string, FieldType | readonly [FieldType]])[],
): ProtobufMessage {
  let described: ReadonlyMap<number, ProtobufField> | undefined;
  return () => {
    described ??= new Map(
      fields().map(([number, name, type]) => {
        if (typeof type !== "object") return [number, { name, type }];
        return [number, { name, type: type[0], isRepeated: true }];
      }),
    );
    return described;
  };
}

const anyValue: ProtobufMessage = message(() => [
  [1, "stringValue", "string"],
  [2, "boolValue", "boolean"],
  [3, "intValue", "int64"],
  [4, "doubleValue", "double"],
  [5, "arrayValue", message(() => [[1, "values", [anyValue]]])],
  [6, "kvlistValue", message(() => [[1, "values", [keyValue]]])],
  [7, "bytesValue", "bytes"],
]);

const keyValue: ProtobufMessage = message(() => [
  [1, "key", "string"],
  [2, "value", anyValue],
]);

const resource = message(() => [[1, "attributes", [keyValue]]]);

const scope = message(() => [
  [1, "name", "string"],
  [2, "version", "string"],
]);

const spanEvent = message(() => [
  [1, "timeUnixNano", "fixed64"],
  [2, "name", "string"],
  [3, "attributes", [keyValue]],
]);

const spanLink = message(() => [
  [1, "traceId", "hexadecimal"],
  [2, "spanId", "hexadecimal"],
  [3, "traceState", "string"],
  [4, "attributes", [keyValue]],
  [6, "flags", "fixed32"],
]);

const spanStatus = message(() => [
  [2, "message", "string"],
  [3, "code", "number"],
]);

const span = message(() => [
  [1, "traceId", "hexadecimal"],
  [2, "spanId", "hexadecimal"],
  [3, "traceState", "string"],
  [4, "parentSpanId", "hexadecimal"],
  [5, "name", "string"],
  [6, "kind", "number"],
  [7, "startTimeUnixNano", "fixed64"],
  [8, "endTimeUnixNano", "fixed64"],
  [9, "attributes", [keyValue]],
  [11, "events", [spanEvent]],
  [13, "links", [spanLink]],
  [15, "status", spanStatus],
  [16, "flags", "fixed32"],
]);

const logRecord = message(() => [
  [1, "timeUnixNano", "fixed64"],
  [2, "severityNumber", "number"],
  [3, "severityText", "string"],
  [5, "body", anyValue],
  [6, "attributes", [keyValue]],
  [8, "flags", "fixed32"],
  [9, "traceId", "hexadecimal"],
  [10, "spanId", "hexadecimal"],
  [11, "observedTimeUnixNano", "fixed64"],
  [12, "eventName", "string"],
]);

const numberPoint = message(() => [
  [2, "startTimeUnixNano", "fixed64"],
  [3, "timeUnixNano", "fixed64"],
  [4, "asDouble", "double"],
  [6, "asInt", "fixed64"],
  [7, "attributes", [keyValue]],
]);

const histogramPoint = message(() => [
  [2, "startTimeUnixNano", "fixed64"],
  [3, "timeUnixNano", "fixed64"],
  [4, "count", "fixed64"],
  [5, "sum", "double"],
  [6, "bucketCounts", ["fixed64"]],
  [7, "explicitBounds", ["double"]],
  [9, "attributes", [keyValue]],
  [11, "min", "double"],
  [12, "max", "double"],
]);

const buckets = message(() => [
  [1, "offset", "sint32"],
  [2, "bucketCounts", ["uint64"]],
]);

const exponentialPoint = message(() => [
  [1, "attributes", [keyValue]],
  [2, "startTimeUnixNano", "fixed64"],
  [3, "timeUnixNano", "fixed64"],
  [4, "count", "fixed64"],
  [5, "sum", "double"],
  [6, "scale", "sint32"],
  [7, "zeroCount", "fixed64"],
  [8, "positive", buckets],
  [9, "negative", buckets],
  [12, "min", "double"],
  [13, "max", "double"],
]);

const quantile = message(() => [
  [1, "quantile", "double"],
  [2, "value", "double"],
]);

const summaryPoint = message(() => [
  [2, "startTimeUnixNano", "fixed64"],
  [3, "timeUnixNano", "fixed64"],
  [4, "count", "fixed64"],
  [5, "sum", "double"],
  [6, "quantileValues", [quantile]],
  [7, "attributes", [keyValue]],
]);

/** A metric with points of one form; sums and histograms say what they count from. */
function points(point: ProtobufMessage): ProtobufMessage {
  return message(() => [
    [1, "dataPoints", [point]],
    [2, "aggregationTemporality", "number"],
    [3, "isMonotonic", "boolean"],
  ]);
}

const metric = message(() => [
  [1, "name", "string"],
  [2, "description", "string"],
  [3, "unit", "string"],
  [5, "gauge", points(numberPoint)],
  [7, "sum", points(numberPoint)],
  [9, "histogram", points(histogramPoint)],
  [10, "exponentialHistogram", points(exponentialPoint)],
  [11, "summary", points(summaryPoint)],
]);

/** A request of one signal: records by resource and scope. */
function request(signal: string, records: string, record: ProtobufMessage): ProtobufMessage {
  const scoped = message(() => [
    [1, "scope", scope],
    [2, records, [record]],
  ]);
  const byResource = message(() => [
    [1, "resource", resource],
    [2, `scope${signal}`, [scoped]],
  ]);
  return message(() => [[1, `resource${signal}`, [byResource]]]);
}

/**
 * The requests of OTLP.
 *
 * Source: https://github.com/open-telemetry/opentelemetry-proto (`trace.proto`, `metrics.proto`,
 * `logs.proto`, `common.proto`)
 */
export const otlpTraces: ProtobufMessage = request("Spans", "spans", span);
export const otlpMetrics: ProtobufMessage = request("Metrics", "metrics", metric);
export const otlpLogs: ProtobufMessage = request("Logs", "logRecords", logRecord);
