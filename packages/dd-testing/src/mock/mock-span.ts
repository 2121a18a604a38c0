/** The value of a tag after the guard. */
export type MockTagValue = string | number | boolean;

/** A link of a {@link MockSpan}. */
export interface MockSpanLink {
  /** The linked trace id in 32 hex digits. */
  readonly traceIdHex: string;
  /** The linked span id, decimal. */
  readonly spanId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** An event of a {@link MockSpan}. */
export interface MockSpanEvent {
  readonly name: string;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What LLM Observability was told of a span. */
export interface MockLlmobsSpan {
  /** llm, workflow, agent, tool, task, embedding or retrieval. */
  readonly kind: string;
  readonly name: string;
  /** The span id of the APM span, decimal. */
  readonly spanId: string;
  /** The nearest ancestor in LLM Observability; `"undefined"` for a root, as dd-trace sends it. */
  readonly parentId: string;
  readonly mlApp: string;
  readonly modelName?: string;
  readonly modelProvider?: string;
  readonly sessionId?: string;
  readonly input?: unknown;
  readonly output?: unknown;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly tags: Readonly<Record<string, unknown>>;
}

/** One finished span of a mock client, every value as it would leave the process. */
export interface MockSpan {
  readonly name: string;
  readonly service: string;
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
  readonly durationMs: number;
  /** Whether it failed. */
  readonly error: boolean;
  /** Tags after redaction, with `env`, `version` and the configured tags; numbers and booleans keep their type. */
  readonly tags: Readonly<Record<string, MockTagValue>>;
  readonly events: readonly MockSpanEvent[];
  readonly links: readonly MockSpanLink[];
  /** -1 and 0 drop, 1 and 2 keep. */
  readonly samplingPriority: number;
  /** What LLM Observability was told; absent for spans it does not get. */
  readonly llmobs?: MockLlmobsSpan;
}
