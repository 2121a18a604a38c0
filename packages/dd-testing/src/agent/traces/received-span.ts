/** The value of an attribute of a span event or link. */
export type SpanAttributeValue = string | number | boolean | readonly SpanAttributeValue[];

/** A link from a span to another span. */
export interface ReceivedSpanLink {
  /** Low 64 bits of the linked trace id, decimal. */
  readonly traceId: string;
  /** The linked trace id in 32 hex digits. */
  readonly traceIdHex: string;
  /** The linked span id, decimal. */
  readonly spanId: string;
  /** Attributes of the link by key; empty when it has none. */
  readonly attributes: Readonly<Record<string, string>>;
  /** W3C `tracestate` of the linked span, as sent. */
  readonly tracestate?: string;
  /** W3C trace flags of the linked span, as sent. */
  readonly flags?: number;
}

/** Something that happened at one moment of a span. */
export interface ReceivedSpanEvent {
  /** Name of the event, such as `exception`. */
  readonly name: string;
  /** Nanoseconds since the Unix epoch. */
  readonly timeUnixNano: bigint;
  /** Attributes of the event by key; empty when it has none. */
  readonly attributes: Readonly<Record<string, SpanAttributeValue>>;
}

/**
 * One APM span as the Agent received it.
 *
 * `spanLinks` and `spanEvents` hold what came natively or, as dd-trace sends them by default, as JSON
 * in `meta["_dd.span_links"]` and `meta.events`; those two tags stay in `meta` as well.
 */
export interface ReceivedSpan {
  /** Low 64 bits of the trace id, decimal. */
  readonly traceId: string;
  /** The trace id in 32 hex digits; the upper 16 come from `_dd.p.tid` of the chunk, else they are 0. */
  readonly traceIdHex: string;
  /** Span id, decimal. */
  readonly spanId: string;
  /** Parent span id, decimal; `"0"` for the root of a trace. */
  readonly parentId: string;
  /** Operation name, such as `llm.request`. */
  readonly name: string;
  /** Service that the span belongs to. */
  readonly service: string;
  /** What was worked on, such as `GET /users/:id`. */
  readonly resource: string;
  /** Kind of work in Datadog's sense, such as `web`; may be empty. */
  readonly type: string;
  /** Start, in nanoseconds since the Unix epoch. */
  readonly start: bigint;
  /** Duration in milliseconds, with the fraction the nanoseconds give. */
  readonly durationMs: number;
  /** 1 for a span with an error, else 0. */
  readonly error: number;
  /** Tags with text values. */
  readonly meta: Readonly<Record<string, string>>;
  /** Tags with numeric values. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Links to other spans, where they were sent as a field of their own. */
  readonly spanLinks?: readonly ReceivedSpanLink[];
  /** Events, where they were sent as a field of their own. */
  readonly spanEvents?: readonly ReceivedSpanEvent[];
  /** Structured values by key, decoded. */
  readonly metaStruct?: Readonly<Record<string, unknown>>;
}
