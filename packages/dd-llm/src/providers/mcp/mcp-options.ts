import {
  ConfigurationError,
  type Logger,
  type Span,
  type SpanContext,
  standardErrorLogger,
} from "@llmdevops/dd-core";
import type { OperationOptions } from "../../operation/operation-options.ts";
import type { OperationSpan } from "../../operation/operation-span.ts";

/** What records the requests of the Model Context Protocol: the client of `createLLM`, or the composed client of `@llmdevops/dd`. */
export interface McpRecorder {
  /** Starts the span of a client's call of a tool. */
  startToolSpan(name: string, options?: OperationOptions): OperationSpan;
  /** Starts the span of a server's work on a call of a tool. */
  startWorkflowSpan(name: string, options?: OperationOptions): OperationSpan;
  /** Starts the span of any other request. */
  startTaskSpan(name: string, options?: OperationOptions): OperationSpan;
  /** Makes a span active while a request is sent or worked on. */
  withSpan<T>(span: Span, fn: () => T): T;
}

/** What writes a trace context into a request, and reads it there. */
export interface McpTracing {
  /** Writes the trace context of a span, else of the active one, into a carrier and returns it. */
  injectContext<C>(carrier: C, span?: Span): C;
  /** Reads the trace context of a carrier; `null` where there is none. */
  extractContext(carrier: unknown): SpanContext | null;
}

/** Options of `instrumentMcpClient` and `instrumentMcpServer`. */
export interface McpInstrumentationOptions {
  /** Where the requests are recorded. */
  readonly llm: McpRecorder;
  /** What carries the trace to the other side. @default `llm`, where that can do it, as the composed client can */
  readonly tracing?: McpTracing;
  /** Further tags of each span. @default {} */
  readonly tags?: Readonly<Record<string, unknown>>;
  /** Tags with few different values for spans and metrics, for example `{ team: "search" }`. @default {} */
  readonly metricTags?: Readonly<Record<string, string>>;
  /** Requests of one connection that a server may work on at the same time; further ones are not recorded, which is said once. @default 10000 */
  readonly maximumOpenRequests?: number;
  /** Where warnings go, for example about requests that are recorded twice. @default standard error */
  readonly logger?: Pick<Logger, "warn">;
}

/** Options with their defaults. */
export interface ResolvedMcpInstrumentation {
  readonly llm: McpRecorder;
  readonly tracing: McpTracing | undefined;
  readonly tags: Readonly<Record<string, unknown>>;
  readonly metricTags: Readonly<Record<string, string>>;
  readonly maximumOpenRequests: number;
  readonly logger: Pick<Logger, "warn">;
}

/** @throws {ConfigurationError} When `llm` cannot record requests, or another option has a wrong type. */
export function resolveMcpInstrumentation(
  options: McpInstrumentationOptions | undefined,
): ResolvedMcpInstrumentation {
  const { llm, tags = {}, metricTags = {}, logger = standardErrorLogger } = options ?? {};
  const { maximumOpenRequests = 10_000 } = options ?? {};
  if (!Number.isSafeInteger(maximumOpenRequests) || maximumOpenRequests < 1) {
    throw new ConfigurationError(
      "The option maximumOpenRequests must be a whole number of at least 1.",
    );
  }
  for (const method of ["startToolSpan", "startWorkflowSpan", "startTaskSpan", "withSpan"]) {
    if (typeof Reflect.get(Object(llm), method) !== "function") {
      throw new ConfigurationError(`The option llm must be a client that has ${method}.`);
    }
  }
  const tracing = options?.tracing ?? (isTracing(llm) ? llm : undefined);
  if (tracing !== undefined && !isTracing(tracing)) {
    throw new ConfigurationError(
      "The option tracing must have the methods injectContext and extractContext.",
    );
  }
  if (typeof logger?.warn !== "function") {
    throw new ConfigurationError("The option logger must have the method warn.");
  }
  return {
    llm: llm as McpRecorder,
    tracing,
    tags,
    metricTags,
    maximumOpenRequests,
    logger,
  };
}

function isTracing(value: unknown): value is McpTracing {
  const { injectContext, extractContext } = Object(value) as Partial<McpTracing>;
  return typeof injectContext === "function" && typeof extractContext === "function";
}
