import type { AgentRecords } from "../agent-records.ts";
import { parseJson } from "../json-value.ts";
import { MsgpackError } from "../msgpack/msgpack-error.ts";
import { MsgpackReader } from "../msgpack/msgpack-reader.ts";
import type { CheckFailure } from "../recorded-request.ts";
import { decodeTracesV1 } from "../traces/decode-v1.ts";
import { decodeTracesV04 } from "../traces/decode-v04.ts";
import { decodeTracesV05 } from "../traces/decode-v05.ts";
import { decodeTracesV07 } from "../traces/decode-v07.ts";
import { receiveTraces } from "../traces/receive-traces.ts";
import { TracePayloadError } from "../traces/trace-payload-error.ts";
import type { AgentRequest, RouteContext } from "./agent-request.ts";
import { type Answer, jsonAnswer, textAnswer } from "./answer.ts";

/** Decoders of the versions other than v0.3 and v0.4. */
const decoders: ReadonlyMap<string, typeof decodeTracesV04> = new Map([
  ["/v0.5/traces", decodeTracesV05],
  ["/v0.7/traces", decodeTracesV07],
  ["/v1.0/traces", decodeTracesV1],
]);

/**
 * Takes a trace payload: all of it, or none where any byte of it is wrong.
 *
 * @throws TracePayloadError where the payload is refused.
 */
export function takeTraces(request: AgentRequest, { options, records }: RouteContext): Answer {
  const { path, headers, body } = request;
  if (/^(?:application|text)\/json\b/i.test(headers["content-type"] ?? "")) {
    throw new TracePayloadError("JSON traces are not supported, send application/msgpack");
  }
  const traces = (decoders.get(path) ?? decodeTracesV04)(body);
  const received = receiveTraces(traces);
  for (const { span, bytes } of received.spans) {
    records.add("spans", span, bytes);
    const events = span.meta["events"];
    if (events !== undefined && !Array.isArray(parseJson(events))) {
      fail(
        records,
        path,
        "meta_events_is_valid_json",
        `meta.events of ${span.name} is no JSON array`,
      );
    }
  }
  for (const reason of received.dropped) {
    records.add("rejections", { path, status: 200, reason, bodySize: body.length }, reason.length);
  }
  checkHeaders(request, traces.length, records);
  if (path === "/v0.3/traces") return textAnswer(200, "OK\n");
  return jsonAnswer({ rate_by_service: options.rateByService });
}

/**
 * Takes a payload of client-computed statistics, which has to be one MessagePack map.
 *
 * @throws TracePayloadError where it is not.
 */
export function takeStats({ body }: AgentRequest): Answer {
  try {
    const reader = new MsgpackReader(body);
    reader.expectMap();
    reader.skipValue();
    reader.expectEnd();
  } catch (error) {
    if (!(error instanceof MsgpackError)) throw error;
    throw new TracePayloadError(error.message);
  }
  return jsonAnswer({});
}

/** The header rules of dd-apm-test-agent; the Agent itself takes the payload all the same. */
function checkHeaders(
  { path, headers }: AgentRequest,
  traces: number,
  records: AgentRecords,
): void {
  const count = headers["x-datadog-trace-count"];
  if (count === undefined || !/^\d+$/.test(String(count))) {
    fail(records, path, "trace_count_header", "X-Datadog-Trace-Count is missing or no integer");
  } else if (Number(count) !== traces) {
    fail(
      records,
      path,
      "trace_count_header",
      `X-Datadog-Trace-Count is ${count} for ${traces} traces`,
    );
  }
  if (headers["datadog-meta-tracer-version"] === undefined) {
    fail(records, path, "meta_tracer_version_header", "Datadog-Meta-Tracer-Version is missing");
  }
  if (headers["content-length"] === undefined) {
    fail(records, path, "trace_content_length", "Content-Length is missing");
  }
}

function fail(
  records: AgentRecords,
  path: string,
  check: CheckFailure["check"],
  message: string,
): void {
  const shown = message.slice(0, 1000);
  records.add("checkFailures", { check, path, message: shown }, shown.length);
}
