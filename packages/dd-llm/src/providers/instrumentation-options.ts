import { type Logger, type Span, standardErrorLogger } from "@llmdevops/dd-core";
import { type OptionNames, readOptions, warnUnknown } from "@llmdevops/dd-core/options";
import type { LLMSpan } from "../span/llm-span.ts";
import type { LLMSpanOptions } from "../span/llm-span-options.ts";
import { requireMethods, requireText } from "./agent-recorder.ts";

/** What records the calls of an instrumented SDK: the client of `createLLM`, or the composed client of `@llmdevops/dd`. */
export interface LLMRecorder {
  /** Starts the span of one model call. */
  startLLMSpan(name: string, options: LLMSpanOptions): LLMSpan;
  /** Makes the span active while the SDK sends its request. @default the request runs in the caller's context */
  withSpan?<T>(span: Span, fn: () => T): T;
}

/** Options that every wrapper takes. */
export interface InstrumentationOptions {
  /** Where the calls are recorded. */
  readonly llm: LLMRecorder;
  /** The provider's name on spans and metrics. @default known from the client, for example by its base URL */
  readonly provider?: string;
  /** Further tags of each span. @default {} */
  readonly tags?: Readonly<Record<string, unknown>>;
  /** Tags with few different values for spans and metrics, for example `{ team: "search" }`. @default {} */
  readonly metricTags?: Readonly<Record<string, string>>;
  /** Where the warning about calls that are recorded twice goes. @default standard error */
  readonly logger?: Pick<Logger, "warn">;
}

/** Options with their defaults. */
export interface ResolvedInstrumentation<Recorder extends LLMRecorder = LLMRecorder> {
  readonly llm: Recorder;
  readonly provider: string | undefined;
  readonly tags: Readonly<Record<string, unknown>>;
  readonly metricTags: Readonly<Record<string, string>>;
  readonly logger: Pick<Logger, "warn">;
}

const names: OptionNames<InstrumentationOptions> = {
  llm: true,
  provider: true,
  tags: ["record", true],
  metricTags: ["record", true],
  logger: true,
};

/** @throws {ConfigurationError} When `llm` cannot record calls, or another option has a wrong type. */
export function resolveInstrumentation<Recorder extends LLMRecorder = LLMRecorder>(
  given: (InstrumentationOptions & { readonly llm: Recorder }) | undefined,
): ResolvedInstrumentation<Recorder> {
  const { options, unknown } = readOptions<InstrumentationOptions>(given ?? {}, names);
  const { llm, provider, tags = {}, metricTags = {}, logger = standardErrorLogger } = options;
  requireMethods(llm, "llm", ["startLLMSpan"]);
  if (provider !== undefined) requireText(provider, "provider");
  requireMethods(logger, "logger", ["warn"]);
  warnUnknown(unknown, logger);
  return { llm: llm as Recorder, provider, tags, metricTags, logger };
}
