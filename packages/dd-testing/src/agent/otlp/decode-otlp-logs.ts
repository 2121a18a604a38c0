import type { ReceivedLog } from "../intake/log-record.ts";
import { isJsonObject } from "../json-value.ts";
import { TracePayloadError } from "../traces/trace-payload-error.ts";
import {
  attributeText,
  listIn,
  nanosecondsIn,
  type OtlpAttributes,
  objectIn,
  readAttributes,
  readValue,
} from "./otlp-attributes.ts";

const nanosecondsPerMillisecond = 1_000_000n;

/**
 * Reads OTLP logs into records as Datadog keeps them: `message`, `status`, `timestamp` in
 * milliseconds, `service`, `ddtags`, the trace in `otel.trace_id` and, for Datadog, `dd.trace_id` and
 * `dd.span_id`; attributes of the resource and the record beside them.
 *
 * Source: https://docs.datadoghq.com/opentelemetry/correlate/logs_and_traces/ and the `logs` translator
 * of https://github.com/DataDog/datadog-agent/tree/main/pkg/opentelemetry-mapping-go
 *
 * @throws TracePayloadError where the document has another form.
 */
export function decodeOtlpLogs(document: unknown): { log: ReceivedLog; bytes: number }[] {
  return listIn(document, "resourceLogs").flatMap((resourceLogs) => {
    const resource = readAttributes(objectIn(resourceLogs, "resource")["attributes"]);
    return listIn(resourceLogs, "scopeLogs").flatMap((scopeLogs) =>
      listIn(scopeLogs, "logRecords").map((record) => {
        const log = toLog(record, resource);
        return { log, bytes: JSON.stringify(log).length };
      }),
    );
  });
}

function toLog(record: unknown, resource: OtlpAttributes): ReceivedLog {
  if (!isJsonObject(record)) throw new TracePayloadError("a log record is no object");
  const time =
    nanosecondsIn(record, "timeUnixNano") || nanosecondsIn(record, "observedTimeUnixNano");
  const severity = Number(record["severityNumber"] ?? 0);
  const text = record["severityText"];
  return {
    ...resource,
    ...readAttributes(record["attributes"]),
    message: attributeText(readValue(record["body"])),
    status: typeof text === "string" && text !== "" ? text : statusOf(severity),
    ...(severity === 0 ? {} : { "otel.severity_number": severity }),
    ...(time === 0n ? {} : { timestamp: Number(time / nanosecondsPerMillisecond) }),
    ...traceOf(record["traceId"], record["spanId"]),
    ...serviceOf(resource),
  };
}

/** The name of a severity number, 1 to 24 in steps of four. */
function statusOf(severity: number): string {
  const names = ["trace", "debug", "info", "warn", "error", "fatal"];
  return names[Math.ceil(severity / 4) - 1] ?? "info";
}

function traceOf(traceId: unknown, spanId: unknown): Record<string, string> {
  if (typeof traceId !== "string" || !/^[0-9a-fA-F]{32}$/.test(traceId)) return {};
  const fields = {
    "otel.trace_id": traceId.toLowerCase(),
    "dd.trace_id": BigInt(`0x${traceId.slice(16)}`).toString(),
  };
  if (typeof spanId !== "string" || !/^[0-9a-fA-F]{16}$/.test(spanId)) return fields;
  return {
    ...fields,
    "otel.span_id": spanId.toLowerCase(),
    "dd.span_id": BigInt(`0x${spanId}`).toString(),
  };
}

function serviceOf(resource: OtlpAttributes): Record<string, string> {
  const env = resource["deployment.environment.name"] ?? resource["deployment.environment"];
  const version = resource["service.version"];
  const tags = [
    ...(env === undefined ? [] : [`env:${attributeText(env)}`]),
    ...(version === undefined ? [] : [`version:${attributeText(version)}`]),
  ];
  const service = resource["service.name"];
  return {
    ...(service === undefined ? {} : { service: attributeText(service) }),
    ...(tags.length === 0 ? {} : { ddtags: tags.join(",") }),
  };
}
