import type {
  LLMObservabilityPrompt,
  LLMObservabilityToolDefinition,
  Span,
  SpanContext,
} from "@llmdevops/dd-core";

import type { ContentMode } from "../content/content-policy.ts";

/** What kind of work a model is asked for. */
export type LLMRequestType =
  | "chat"
  | "completion"
  | "embed"
  | "rerank"
  | "image"
  | "audio"
  | "moderation";

/** How an LLM span is started; the values are read once, when it starts, unless said otherwise. */
export interface LLMSpanOptions {
  /** The provider, for example `anthropic`, `openai`, `google`. */
  readonly provider: string;
  /** The model that is asked for. */
  readonly model: string;
  /** What the model is asked for; `embed` is an embedding in LLM Observability. @default "chat" */
  readonly requestType?: LLMRequestType;
  /** The parent span, or a context from another process; `null` starts a new trace. @default the active span */
  readonly childOf?: Span | SpanContext | null;
  /** How much of the content of this call is recorded. @default what the client's options say */
  readonly content?: ContentMode;
  /** Further tags of the span. @default {} */
  readonly tags?: Readonly<Record<string, unknown>>;
  /** Tags with few different values that the metrics of this call carry too, for example `{ team: "search" }`; at most 64. @default {} */
  readonly metricTags?: Readonly<Record<string, string>>;
  /** Request parameters for LLM Observability, for example `{ temperature: 0.2, max_tokens: 500 }`; at most 64. @default {} */
  readonly parameters?: Readonly<Record<string, string | number | boolean | undefined>>;
  /**
   * The template that the prompt is made of, read when the span ends. Its id and version are always recorded, template
   * and variables only with the content modes `preview` and `full`. @default none
   */
  readonly prompt?: LLMObservabilityPrompt;
  /**
   * The tools that the model may call, 256 at most, read when the span ends: with the content mode `metadata` their
   * names are recorded, with `preview` and `full` descriptions and schemas too. @default []
   */
  readonly toolDefinitions?: readonly LLMObservabilityToolDefinition[];
  /** Names of `metricTags` by which LLM Observability splits cost, for example `["team"]`. @default [] */
  readonly costTags?: readonly string[];
  /** Groups the calls of one conversation in LLM Observability; one with commas, other than ASCII or above 128 characters is replaced by one that can travel in headers. @default the parent's */
  readonly sessionId?: string;
  /** The tier that the call is billed by, for example `batch`. @default what the answer says */
  readonly serviceTier?: string;
  /** Whom the call is made for; on spans only, never on metrics. @default none */
  readonly userId?: string;
  /** The application in LLM Observability. @default `DD_LLMOBS_ML_APP`, else the service */
  readonly mlApp?: string;
  /** When the call began (ms since the epoch). @default now */
  readonly startTime?: number;
  /** Ends the span as failed when it is still open after this time (ms). @default never */
  readonly timeoutMs?: number;
}

/** Options of `traceLLM`. */
export interface TraceLLMOptions extends LLMSpanOptions {
  /** The span's name. @default "llm.request" */
  readonly name?: string;
}
