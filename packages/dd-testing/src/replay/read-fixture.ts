import { readFile } from "node:fs/promises";
import { isJsonObject } from "../agent/json-value.ts";
import { decodeOtlpTraces } from "../agent/otlp/decode-otlp-traces.ts";
import { decodeTracesV04 } from "../agent/traces/decode-v04.ts";
import type { ReceivedSpan } from "../agent/traces/received-span.ts";
import type { WireSpan } from "../agent/traces/wire-span.ts";
import { type AgentCapture, isCapture, parseCapture } from "../capture/capture.ts";
import { decodeTracesJson } from "./decode-traces-json.ts";
import type { OutgoingSpan } from "./encode-traces.ts";

/**
 * Traces to send again: the path of a file, its bytes, a capture, or spans that an agent received. A file holds our
 * capture format, a Datadog v0.4 payload in MessagePack or JSON, or OTLP in JSON.
 */
export type TraceFixture = string | URL | Uint8Array | AgentCapture | readonly ReceivedSpan[];

/**
 * The traces of a fixture.
 *
 * @throws an error that names what is wrong with it (as a rejection).
 */
export async function readFixture(fixture: TraceFixture): Promise<OutgoingSpan[][]> {
  if (typeof fixture === "string" || fixture instanceof URL)
    return fromBytes(await readFile(fixture));
  if (fixture instanceof Uint8Array) return fromBytes(fixture);
  const spans = "spans" in fixture ? fixture.spans : fixture;
  return fromReceived(spans);
}

function fromBytes(bytes: Uint8Array): OutgoingSpan[][] {
  // A MessagePack array begins with a byte that no text begins with.
  const first = bytes[0] ?? 0;
  if (first >= 0x90) return fromWire(decodeTracesV04(bytes));
  const text = Buffer.from(bytes).toString("utf8");
  if (isCapture(text)) return fromReceived(parseCapture(text).spans);
  if (text.trimStart().startsWith("[")) return fromWire(decodeTracesJson(text));
  const document: unknown = JSON.parse(text);
  if (!isJsonObject(document) || !Array.isArray(document["resourceSpans"])) {
    throw new SyntaxError("the document has no array resourceSpans");
  }
  return fromWire(decodeOtlpTraces(document));
}

function fromReceived(spans: readonly ReceivedSpan[]): OutgoingSpan[][] {
  const traces = new Map<string, OutgoingSpan[]>();
  for (const span of spans) {
    const high = span.traceIdHex.slice(0, 16);
    const trace = traces.get(span.traceId) ?? [];
    traces.set(span.traceId, trace);
    trace.push({
      ...span,
      traceId: BigInt(span.traceId),
      spanId: BigInt(span.spanId),
      parentId: BigInt(span.parentId),
      duration: BigInt(Math.round(span.durationMs * 1e6)),
      error: span.error === 0 ? 0 : 1,
      meta: /^0+$/.test(high) ? span.meta : { ...span.meta, "_dd.p.tid": high },
    });
  }
  return [...traces.values()];
}

function fromWire(traces: readonly (readonly WireSpan[])[]): OutgoingSpan[][] {
  return traces.map((trace) =>
    trace.map((span) => {
      const { traceId, spanId, name } = span;
      if (traceId === undefined || spanId === undefined || name === undefined) {
        throw new SyntaxError("a span lacks trace_id, span_id or name");
      }
      return {
        ...span,
        traceId,
        spanId,
        name,
        error: span.error === 0n ? 0 : 1,
        meta: Object.fromEntries(span.meta),
        metrics: Object.fromEntries(span.metrics),
      };
    }),
  );
}
