import { IntakeError } from "../intake/intake-error.ts";
import { isJsonObject, parseJson } from "../json-value.ts";
import { decodeOtlpLogs } from "../otlp/decode-otlp-logs.ts";
import { decodeOtlpMetrics } from "../otlp/decode-otlp-metrics.ts";
import { decodeOtlpTraces } from "../otlp/decode-otlp-traces.ts";
import { otlpLogs, otlpMetrics, otlpTraces } from "../otlp/otlp-messages.ts";
import { type ProtobufMessage, readProtobuf } from "../otlp/protobuf-reader.ts";
import { receiveTraces } from "../traces/receive-traces.ts";
import { TracePayloadError } from "../traces/trace-payload-error.ts";
import type { AgentRequest, RouteContext } from "./agent-request.ts";
import { type Answer, jsonAnswer } from "./answer.ts";
import { decompress } from "./decompress.ts";

/**
 * Takes OTLP traces in JSON or protobuf, as the Agent does on its OTLP port.
 *
 * @throws TracePayloadError where the payload is refused, IntakeError where it cannot be read at all.
 */
export async function takeOtlpTraces(
  request: AgentRequest,
  context: RouteContext,
): Promise<Answer> {
  const { document, answer } = await readDocument(request, context, otlpTraces);
  const { path, body } = request;
  const received = receiveTraces(decodeOtlpTraces(document));
  for (const { span, bytes } of received.spans) context.records.add("spans", span, bytes);
  for (const reason of received.dropped) {
    const rejection = { path, status: 200, reason, bodySize: body.length };
    context.records.add("rejections", rejection, reason.length);
  }
  return answer;
}

/**
 * Takes OTLP metrics in JSON or protobuf.
 *
 * @throws TracePayloadError where the payload is refused, IntakeError where it cannot be read at all.
 */
export async function takeOtlpMetrics(
  request: AgentRequest,
  context: RouteContext,
): Promise<Answer> {
  const { document, answer } = await readDocument(request, context, otlpMetrics);
  for (const { metric, bytes } of decodeOtlpMetrics(document)) {
    context.records.add("otlpMetrics", metric, bytes);
  }
  return answer;
}

/**
 * Takes OTLP logs in JSON or protobuf.
 *
 * @throws TracePayloadError where the payload is refused, IntakeError where it cannot be read at all.
 */
export async function takeOtlpLogs(request: AgentRequest, context: RouteContext): Promise<Answer> {
  const { document, answer } = await readDocument(request, context, otlpLogs);
  for (const { log, bytes } of decodeOtlpLogs(document)) context.records.add("logs", log, bytes);
  return answer;
}

/** The document of a request, and the answer to it in the same encoding. */
async function readDocument(
  { headers, body }: AgentRequest,
  { options }: RouteContext,
  message: ProtobufMessage,
): Promise<{ document: unknown; answer: Answer }> {
  const type = headers["content-type"] ?? "";
  const isProtobuf = /^application\/(?:x-)?protobuf\b/i.test(type);
  if (!isProtobuf && !/^application\/json\b/i.test(type)) {
    throw new IntakeError(415, "send application/x-protobuf or application/json");
  }
  const plain = await decompress(body, headers["content-encoding"], options.maxBodyBytes);
  if (isProtobuf) {
    const answer = { status: 200, body: "", contentType: "application/x-protobuf" };
    return { document: readProtobuf(plain, message), answer };
  }
  const document = parseJson(plain.toString("utf8"));
  if (!isJsonObject(document)) throw new TracePayloadError("the body is no JSON object");
  return { document, answer: jsonAnswer({}) };
}
