import { isRecord, recordAt, textAt, type UnknownRecord } from "../../formats/unknown-record.ts";

/** A span of the SDK, as far as it is read. */
export interface FrameworkSpan {
  readonly spanId: string;
  readonly parentId: string | undefined;
  readonly type: string;
  readonly data: UnknownRecord;
}

/** Reads a span of the SDK; `undefined` for what is none. */
export function readFrameworkSpan(span: unknown): FrameworkSpan | undefined {
  if (!isRecord(span)) return undefined;
  const data = recordAt(span, "spanData");
  const spanId = textAt(span, "spanId");
  const type = textAt(data, "type");
  if (spanId === undefined || type === undefined) return undefined;
  return { spanId, parentId: textAt(span, "parentId"), type, data };
}

/** The trace that a span or a trace names. */
export function traceIdOf(value: unknown): string | undefined {
  return isRecord(value) ? textAt(value, "traceId") : undefined;
}

/** When the SDK says that a span has begun or ended (ms since the epoch). */
export function timeAt(span: unknown, key: "startedAt" | "endedAt"): number | undefined {
  const text = isRecord(span) ? textAt(span, key) : undefined;
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isFinite(time) ? time : undefined;
}

/**
 * The failure that the SDK has noted on a span.
 *
 * @param isDetailShown Whether answers are recorded in words: what the SDK says beside its message may quote them.
 */
export function errorOf(span: unknown, isDetailShown: boolean): Error | undefined {
  const noted = isRecord(span) ? span["error"] : undefined;
  if (!isRecord(noted)) return undefined;
  const detail = textAt(recordAt(noted, "data"), "error");
  const message = textAt(noted, "message") ?? "The step has failed.";
  return new Error(detail === undefined || !isDetailShown ? message : `${message}: ${detail}`);
}
