import { type Logger, standardErrorLogger } from "@llmdevops/dd-core";
import {
  hasMethod,
  type OptionNames,
  readOptions,
  refused,
  warnUnknown,
} from "@llmdevops/dd-core/options";
import {
  type AgentCalls,
  type AgentRecorder,
  requireLimit,
  requireMethods,
  requireText,
  type StepRecorder,
} from "../agent-recorder.ts";

/** Options of `createOpenAIAgentsProcessor`. */
export interface OpenAIAgentsOptions {
  /** Where agents, hand-offs and tools are recorded. */
  readonly agents: AgentRecorder;
  /** Where model calls, guardrails and custom spans are recorded. */
  readonly llm: StepRecorder;
  /** Hands what is recorded to the Agent; called by the SDK's forced flush and its shutdown. @default `llm.flush`, where it exists */
  readonly flush?: () => Promise<unknown>;
  /** The provider of the models. @default "openai" */
  readonly provider?: string;
  /** Traces that are followed at the same time; the oldest is ended for a further one. @default 1000 */
  readonly maximumTraces?: number;
  /** Spans of one trace that may be open at the same time; further ones are not recorded, and counted. @default 1000 */
  readonly maximumOpenSpans?: number;
  /** Where the warning about runs that are recorded twice goes. @default standard error */
  readonly logger?: Pick<Logger, "warn">;
}

/** Options with their defaults. */
export interface ResolvedOpenAIAgentsOptions extends Required<OpenAIAgentsOptions> {
  readonly agents: AgentCalls;
}

const names: OptionNames<OpenAIAgentsOptions> = {
  agents: true,
  llm: true,
  flush: true,
  provider: true,
  maximumTraces: true,
  maximumOpenSpans: true,
  logger: true,
};

/** @throws {ConfigurationError} When a client cannot record what it should, or another option is wrong. */
export function resolveOpenAIAgentsOptions(
  given: OpenAIAgentsOptions | undefined,
): ResolvedOpenAIAgentsOptions {
  const { options, unknown } = readOptions<OpenAIAgentsOptions>(given ?? {}, names);
  const { agents, llm, flush, provider = "openai", logger = standardErrorLogger } = options;
  const { maximumTraces = 1_000, maximumOpenSpans = 1_000 } = options;
  requireMethods(agents, "agents", ["startAgentSpan", "startToolCall"]);
  requireMethods(llm, "llm", ["startLLMSpan", "startTaskSpan"]);
  requireMethods(logger, "logger", ["warn"]);
  requireText(provider, "provider");
  requireLimit(maximumTraces, "maximumTraces");
  requireLimit(maximumOpenSpans, "maximumOpenSpans");
  if (flush !== undefined && typeof flush !== "function") {
    throw refused({ option: "flush", expected: "a function", given: flush });
  }
  warnUnknown(unknown, logger);
  return {
    agents: agents as AgentCalls,
    llm,
    flush: flush ?? flushOf(llm),
    provider,
    maximumTraces,
    maximumOpenSpans,
    logger,
  };
}

function flushOf(llm: StepRecorder): () => Promise<unknown> {
  const target = hasMethod(llm, "flush") ? (llm as { flush?: () => unknown }) : undefined;
  return async () => target?.flush?.();
}
