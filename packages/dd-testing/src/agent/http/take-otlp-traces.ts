import { parseJson } from "../json-value.ts";
import { decodeOtlpJson } from "../traces/decode-otlp-json.ts";
import { receiveTraces } from "../traces/receive-traces.ts";
import { TracePayloadError } from "../traces/trace-payload-error.ts";
import type { AgentRequest, RouteContext } from "./agent-request.ts";
import { type Answer, jsonAnswer } from "./answer.ts";
import { decompress } from "./decompress.ts";

/**
 * Takes OTLP traces in JSON, as the Agent does on its OTLP port.
 *
 * @throws TracePayloadError where the payload is refused, IntakeError where it cannot be decompressed.
 */
export async function takeOtlpTraces(
  { path, headers, body }: AgentRequest,
  { options, records }: RouteContext,
): Promise<Answer> {
  if (!/^application\/json\b/i.test(headers["content-type"] ?? "")) {
    throw new TracePayloadError("OTLP is served in JSON only, send application/json");
  }
  const plain = await decompress(body, headers["content-encoding"], options.maxBodyBytes);
  const document = parseJson(plain.toString("utf8"));
  if (document === undefined) throw new TracePayloadError("the body is no JSON");
  const received = receiveTraces(decodeOtlpJson(document));
  for (const { span, bytes } of received.spans) records.add("spans", span, bytes);
  for (const reason of received.dropped) {
    records.add("rejections", { path, status: 200, reason, bodySize: body.length }, reason.length);
  }
  return jsonAnswer({});
}
