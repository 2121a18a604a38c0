import type { BackendContext } from "@llmdevops/dd-core/backend";
import { decimalToHex } from "@llmdevops/dd-propagation";

/** What all spans of one local trace share. */
export interface LocalTrace {
  priority: number | undefined;
  /** The probability by which this process has decided. */
  rate: number | undefined;
  readonly origin: string | undefined;
  /** Propagated tags, `_dd.p.*`. */
  readonly tags: Record<string, string>;
}

/** A span's identity in the tracer in memory. */
export class MemoryContext implements BackendContext {
  readonly traceId: string;
  readonly traceIdHex: string;
  readonly spanId: string;
  readonly trace: LocalTrace;
  readonly baggage: Record<string, string>;

  constructor(
    ids: { readonly traceId: string; readonly traceIdHex: string; readonly spanId: string },
    trace: LocalTrace,
    baggage: Readonly<Record<string, string>>,
  ) {
    this.traceId = ids.traceId;
    this.traceIdHex = ids.traceIdHex;
    this.spanId = ids.spanId;
    this.trace = trace;
    this.baggage = { ...baggage };
  }

  toTraceId(as128Bit?: boolean): string {
    return as128Bit === true ? this.traceIdHex : this.traceId;
  }

  toSpanId(asHex?: boolean): string {
    return asHex === true ? (decimalToHex(this.spanId) ?? "") : this.spanId;
  }
}
