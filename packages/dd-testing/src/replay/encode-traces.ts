import { MsgpackWriter } from "./msgpack-writer.ts";

/** A span that is sent to an Agent. */
export interface OutgoingSpan {
  readonly traceId: bigint;
  readonly spanId: bigint;
  readonly parentId: bigint;
  readonly name: string;
  readonly service: string;
  readonly resource: string;
  readonly type: string;
  /** Nanoseconds since the Unix epoch. */
  readonly start: bigint;
  /** Nanoseconds. */
  readonly duration: bigint;
  readonly error: 0 | 1;
  readonly meta: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
}

const fields = 12;

/** Writes a v0.4 payload of traces. */
export function encodeTraces(traces: readonly (readonly OutgoingSpan[])[]): Buffer {
  const writer = new MsgpackWriter();
  writer.arrayHeader(traces.length);
  for (const trace of traces) {
    writer.arrayHeader(trace.length);
    for (const span of trace) encodeSpan(writer, span);
  }
  return writer.bytes();
}

function encodeSpan(writer: MsgpackWriter, span: OutgoingSpan): void {
  const integer = (name: string, value: bigint): void => {
    writer.string(name);
    writer.integer(value);
  };
  const text = (name: string, value: string): void => {
    writer.string(name);
    writer.string(value);
  };
  writer.mapHeader(fields);
  integer("trace_id", span.traceId);
  integer("span_id", span.spanId);
  integer("parent_id", span.parentId);
  text("name", span.name);
  text("service", span.service);
  text("resource", span.resource);
  text("type", span.type);
  integer("start", span.start);
  integer("duration", span.duration);
  integer("error", BigInt(span.error));
  writer.string("meta");
  writer.mapHeader(Object.keys(span.meta).length);
  for (const [key, value] of Object.entries(span.meta)) text(key, value);
  writer.string("metrics");
  writer.mapHeader(Object.keys(span.metrics).length);
  for (const [key, value] of Object.entries(span.metrics)) {
    writer.string(key);
    writer.float(value);
  }
}
