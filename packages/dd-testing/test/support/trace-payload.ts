import { encode } from "@msgpack/msgpack";

/** A complete v0.4 span; a field given as `undefined` is left out. */
export function wireSpan(fields: Record<string, unknown> = {}): Record<string, unknown> {
  const span = {
    trace_id: 4_627_424_363_721_247_268n,
    span_id: 18_446_744_073_709_551_615n,
    parent_id: 0n,
    name: "web.request",
    service: "shop",
    resource: "GET /",
    type: "web",
    start: 1_795_226_732_877_010_177n,
    duration: 1_500_001n,
    error: 0,
    meta: { env: "test" },
    metrics: { _sampling_priority_v1: 1 },
    ...fields,
  };
  return Object.fromEntries(Object.entries(span).filter(([, value]) => value !== undefined));
}

/** MessagePack written by an implementation other than ours. */
export function msgpack(value: unknown): Uint8Array<ArrayBuffer> {
  return encode(value, { useBigInt64: true });
}

/** A v0.4 payload of one trace with one span. */
export function oneSpanPayload(fields: Record<string, unknown> = {}): Uint8Array<ArrayBuffer> {
  return msgpack([[wireSpan(fields)]]);
}

/** A v0.5 payload of one trace with one span, from the given string table and span. */
export function v05Payload(strings: unknown, span: unknown): Uint8Array<ArrayBuffer> {
  return msgpack([strings, [[span]]]);
}

/** Sends a body as a tracer does. */
export function putTraces(
  url: string,
  body: Uint8Array<ArrayBuffer>,
  path = "/v0.4/traces",
): Promise<Response> {
  return fetch(`${url}${path}`, {
    method: "PUT",
    headers: {
      "content-type": "application/msgpack",
      "datadog-meta-tracer-version": "1.0.0",
      "x-datadog-trace-count": "1",
    },
    body,
  });
}

/** MessagePack with maps whose keys are numbers, which `msgpack` cannot write. */
export function numberedMsgpack(value: unknown): Uint8Array<ArrayBuffer> {
  if (value instanceof Map) {
    const entries = [...value].flatMap(([key, item]) => [msgpack(key), numberedMsgpack(item)]);
    return joined([0x80 + value.size], entries);
  }
  if (Array.isArray(value)) {
    const length = value.length;
    const head = length < 16 ? [0x90 + length] : [0xdc, length >> 8, length & 0xff];
    return joined(head, value.map(numberedMsgpack));
  }
  return msgpack(value);
}

function joined(head: readonly number[], parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  if (head.some((byte) => byte > 0xff)) throw new RangeError("more than fits the head");
  return new Uint8Array(Buffer.concat([Buffer.from(head), ...parts]));
}
