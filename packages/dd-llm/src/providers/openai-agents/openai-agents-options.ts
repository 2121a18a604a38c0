import { ConfigurationError, type Logger, standardErrorLogger } from "@llmdevops/dd-core";
import {
  type AgentCalls,
  type AgentRecorder,
  requireMethods,
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

/** @throws {ConfigurationError} When a client cannot record what it should, or another option is wrong. */
export function resolveOpenAIAgentsOptions(
  options: OpenAIAgentsOptions | undefined,
): ResolvedOpenAIAgentsOptions {
  const { agents, llm, provider = "openai", logger = standardErrorLogger } = options ?? {};
  const { maximumTraces = 1_000, maximumOpenSpans = 1_000 } = options ?? {};
  requireMethods(agents, "agents", ["startAgentSpan", "startToolCall"]);
  requireMethods(llm, "llm", ["startLLMSpan", "startTaskSpan"]);
  requireMethods(logger, "logger", ["warn"]);
  for (const [name, limit] of Object.entries({ maximumTraces, maximumOpenSpans })) {
    if (!Number.isSafeInteger(limit) || limit < 1) {
      throw new ConfigurationError(`The option ${name} must be a whole number of at least 1.`);
    }
  }
  const flush: unknown = options?.flush ?? Reflect.get(Object(llm), "flush");
  return {
    agents: agents as AgentCalls,
    llm: llm as StepRecorder,
    flush: typeof flush === "function" ? async () => flush.call(llm) : async () => undefined,
    provider,
    maximumTraces,
    maximumOpenSpans,
    logger,
  };
}
