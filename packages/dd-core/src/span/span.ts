import type { SpanContext } from "./span-context.ts";

/** Attributes of a span event or a span link: scalars, arrays of scalars, or anything that can be serialised. */
export type SpanAttributes = Readonly<Record<string, unknown>>;

/**
 * A unit of work in a trace.
 *
 * No method throws, whatever it is given; after `finish()` every method but the readers does nothing, and is counted.
 */
export interface Span {
  /** The operation's name. */
  readonly name: string;
  /** Low 64 bits of the trace id, decimal, as Datadog's logs and headers use it. */
  readonly traceId: string;
  /** The span id, decimal. */
  readonly spanId: string;
  /** Whether `finish()` has been called. */
  readonly finished: boolean;
  /**
   * The immutable identity of the span, for links and for other processes. It holds the sampling decision once that
   * has been taken, which writing the context to a carrier does.
   */
  context(): SpanContext;
  /**
   * Sets one tag; the value passes the tag guard. `undefined` and `null` are ignored, and an error under the key
   * `error` is recorded as by `setError`. After 1,024 tags further ones are counted and dropped.
   */
  setTag(key: string, value: unknown): this;
  /** Sets every tag of an object. */
  setTags(tags: Readonly<Record<string, unknown>>): this;
  /** Returns a tag as it will be sent, that is after the guard. */
  getTag(key: string): string | number | boolean | undefined;
  /**
   * Records an error with its type, message, stack and causes.
   *
   * @param options.handled `true` when the operation went on and succeeded: the error becomes an event and the span is
   *   not marked as failed. @default false
   */
  setError(error: unknown, options?: { readonly handled?: boolean }): this;
  /**
   * Records that something happened; 128 events at most, further ones are counted and dropped.
   *
   * @param time When it happened (ms since the epoch). @default now
   */
  addEvent(name: string, attributes?: SpanAttributes, time?: number): this;
  /** Relates the span to another one, up to 128 times; further links are counted and dropped. */
  addLink(context: SpanContext | Span, attributes?: SpanAttributes): this;
  /** Ends the span. @param endTime When it ended (ms since the epoch). @default now */
  finish(endTime?: number): void;
}

/** How a span is started. */
export interface SpanOptions {
  /**
   * The parent: a span, or a context that came from another process. `null` starts a new trace.
   * @default the active span
   */
  readonly childOf?: Span | SpanContext | null;
  /** Tags set from the start; each passes the tag guard. @default {} */
  readonly tags?: Readonly<Record<string, unknown>>;
  /** What is worked on, with few different values, for example `POST /tickets`. @default the name */
  readonly resource?: string;
  /** Overrides the service of this span. */
  readonly service?: string;
  /** Datadog's span type, for example `web`, `http` or `llm`. */
  readonly type?: string;
  /** The side of a call that the span stands for. */
  readonly kind?: "server" | "client" | "producer" | "consumer" | "internal";
  /** When it started (ms since the epoch). @default now */
  readonly startTime?: number;
  /** Spans that this one is related to, 128 at most; further ones are counted and left out. @default [] */
  readonly links?: readonly {
    /** The other span, also one of another process or trace. */
    readonly context: SpanContext | Span;
    /** What the two have to do with each other. @default {} */
    readonly attributes?: SpanAttributes;
  }[];
  /** Application data that travels with the trace to other processes; it passes the tag guard. */
  readonly baggage?: Readonly<Record<string, string>>;
  /**
   * Ends the span as failed when it is still open after this time (ms); checked once a second. @default never
   */
  readonly timeoutMs?: number;
  /** Keeps the whole trace whatever the sample rate is. @default false */
  readonly keep?: boolean;
  /** Also records the span in LLM Observability, where that is enabled. */
  readonly llmobs?: LLMObservabilitySpanOptions;
  /**
   * For whom the span works: an object that the spans below it in this process take over, read with `spanOwner`.
   * @default that of the parent
   */
  readonly owner?: object;
  /** Called once, just before the span ends, however it ends; what it throws is counted. */
  readonly onFinish?: (span: Span) => void;
}

/** The kinds of LLM Observability spans (https://docs.datadoghq.com/llm_observability/terms/). */
export type LLMObservabilityKind =
  | "llm"
  | "workflow"
  | "agent"
  | "tool"
  | "task"
  | "embedding"
  | "retrieval";

/** How a span appears in LLM Observability. */
export interface LLMObservabilitySpanOptions {
  /** What the span does in LLM Observability's terms, such as `llm`, `agent` or `tool`. */
  readonly kind: LLMObservabilityKind;
  /** The name shown there, for example the agent's. @default the span's name */
  readonly name?: string;
  /** Model that is called, for spans of models. */
  readonly modelName?: string;
  /** Provider of that model, such as `anthropic`. */
  readonly modelProvider?: string;
  /** Session of the end user that the span belongs to. */
  readonly sessionId?: string;
  /** Application of LLM Observability that the span belongs to. */
  readonly mlApp?: string;
}
