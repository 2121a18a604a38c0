import type { Span, SpanContext } from "@llmdevops/dd-core";
import type { ContentMode } from "../content/content-policy.ts";

/** Work around model calls, in LLM Observability's kinds. */
export type OperationKind = "workflow" | "task" | "retrieval" | "tool";

/** How the span of a workflow, a task or a retrieval is started; the values are read once, when it starts. */
export interface OperationOptions {
  /** The parent span, or a context from another process; `null` starts a new trace. @default the active span */
  readonly childOf?: Span | SpanContext | null;
  /** What is worked on, with few different values, for example the tool; also the name in LLM Observability. @default the name */
  readonly resource?: string;
  /** The side of a call between processes that the span stands for. @default "internal" */
  readonly spanKind?: "client" | "server" | "internal";
  /** How much of the content of this span is recorded. @default what the client's options say */
  readonly content?: ContentMode;
  /** Further tags of the span. @default {} */
  readonly tags?: Readonly<Record<string, unknown>>;
  /** Tags with few different values that the metrics carry too, for example `{ team: "search" }`; at most 64. @default {} */
  readonly metricTags?: Readonly<Record<string, string>>;
  /** Facts for LLM Observability, for example `{ index: "faq", limit: 5 }`; at most 64. @default {} */
  readonly metadata?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Groups the spans of one conversation; what is started inside inherits it. @default the parent's */
  readonly sessionId?: string;
  /** Whom the work is done for; on spans only, never on metrics. @default none */
  readonly userId?: string;
  /** The application in LLM Observability. @default `DD_LLMOBS_ML_APP`, else the service */
  readonly mlApp?: string;
  /** When it began (ms since the epoch). @default now */
  readonly startTime?: number;
  /** Ends the span as failed when it is still open after this time (ms). @default never */
  readonly timeoutMs?: number;
}

/** Options of `traceWorkflow`, `traceTask`, `traceTool` and `traceRetrieval`. */
export interface TraceOperationOptions extends OperationOptions {
  /** The span's name, with few different values, for example `answer-ticket`. */
  readonly name: string;
}
