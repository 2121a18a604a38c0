/** The value of a tag after the guard. */
export type MockTagValue = string | number | boolean;

/** A link of a {@link MockSpan}. */
export interface MockSpanLink {
  /** The linked trace id in 32 hex digits. */
  readonly traceIdHex: string;
  /** The linked span id, decimal. */
  readonly spanId: string;
  /** Attributes of the link after redaction; empty when it has none. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** An event of a {@link MockSpan}. */
export interface MockSpanEvent {
  /** Name of the event after redaction. */
  readonly name: string;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  /** Attributes of the event after redaction; empty when it has none. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What LLM Observability was told of a span. */
export interface MockLlmobsSpan {
  /** llm, workflow, agent, tool, task, embedding or retrieval. */
  readonly kind: string;
  /** Name of the span as LLM Observability shows it. */
  readonly name: string;
  /** The span id of the APM span, decimal. */
  readonly spanId: string;
  /** The nearest ancestor in LLM Observability; `"undefined"` for a root, as dd-trace sends it. */
  readonly parentId: string;
  /** Application of LLM Observability that it belongs to. */
  readonly mlApp: string;
  /** Model that was asked, for spans of models. */
  readonly modelName?: string;
  /** Provider that was asked, such as `anthropic`, for spans of models. */
  readonly modelProvider?: string;
  /** Session that it belongs to, where one was named. */
  readonly sessionId?: string;
  /** Input as it would leave the process. */
  readonly input?: unknown;
  /** Output as it would leave the process. */
  readonly output?: unknown;
  /** Metadata after redaction. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Numbers by name, such as `input_tokens`. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Tags after redaction. */
  readonly tags: Readonly<Record<string, unknown>>;
}

/** One finished span of a mock client, every value as it would leave the process. */
export interface MockSpan {
  /** Operation name, such as `llm.request`. */
  readonly name: string;
  /** Service that the span belongs to. */
  readonly service: string;
  /** What was worked on; the operation name when none was given. */
  readonly resource: string;
  /** Empty when none was given. */
  readonly type: string;
  /** Low 64 bits of the trace id, decimal. */
  readonly traceId: string;
  /** The trace id in 32 hex digits. */
  readonly traceIdHex: string;
  /** Decimal. */
  readonly spanId: string;
  /** Decimal; `"0"` for the root of a trace. */
  readonly parentId: string;
  /** Milliseconds since the Unix epoch. */
  readonly startTime: number;
  /** How long it took (ms). */
  readonly durationMs: number;
  /** Whether it failed. */
  readonly error: boolean;
  /** Tags after redaction, with `env`, `version` and the configured tags; numbers and booleans keep their type. */
  readonly tags: Readonly<Record<string, MockTagValue>>;
  /** Events in the order in which they were added. */
  readonly events: readonly MockSpanEvent[];
  /** Links in the order in which they were added. */
  readonly links: readonly MockSpanLink[];
  /** -1 and 0 drop, 1 and 2 keep. */
  readonly samplingPriority: number;
  /** What LLM Observability was told; absent for spans it does not get. */
  readonly llmobs?: MockLlmobsSpan;
}
