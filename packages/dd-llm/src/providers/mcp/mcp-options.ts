import { type Logger, type Span, type SpanContext, standardErrorLogger } from "@llmdevops/dd-core";
import { hasMethod, type OptionNames, readOptions, warnUnknown } from "@llmdevops/dd-core/options";
import type { OperationOptions } from "../../operation/operation-options.ts";
import type { OperationSpan } from "../../operation/operation-span.ts";
import { requireLimit, requireMethods } from "../agent-recorder.ts";

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

const names: OptionNames<McpInstrumentationOptions> = {
  llm: true,
  tracing: true,
  tags: ["record", true],
  metricTags: ["record", true],
  maximumOpenRequests: true,
  logger: true,
};
const tracingMethods = ["injectContext", "extractContext"];

/** @throws {ConfigurationError} When `llm` cannot record requests, or another option has a wrong type. */
export function resolveMcpInstrumentation(
  given: McpInstrumentationOptions | undefined,
): ResolvedMcpInstrumentation {
  const { options, unknown } = readOptions<McpInstrumentationOptions>(given ?? {}, names);
  const { llm, tags = {}, metricTags = {}, logger = standardErrorLogger } = options;
  const { maximumOpenRequests = 10_000 } = options;
  requireLimit(maximumOpenRequests, "maximumOpenRequests");
  requireMethods(llm, "llm", ["startToolSpan", "startWorkflowSpan", "startTaskSpan", "withSpan"]);
  if (options.tracing !== undefined) requireMethods(options.tracing, "tracing", tracingMethods);
  const tracing = options.tracing ?? (isTracing(llm) ? llm : undefined);
  requireMethods(logger, "logger", ["warn"]);
  warnUnknown(unknown, logger);
  return { llm, tracing, tags, metricTags, maximumOpenRequests, logger };
}

function isTracing(value: unknown): value is McpTracing {
  return tracingMethods.every((method) => hasMethod(value, method));
}
