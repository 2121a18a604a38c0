import { ConfigurationError, type Logger, standardErrorLogger } from "@llmdevops/dd-core";
import { type AgentCalls, type AgentRecorder, requireMethods } from "../agent-recorder.ts";
import type { LLMRecorder } from "../instrumentation-options.ts";

/** Options of `instrumentClaudeAgent`. */
export interface ClaudeAgentOptions {
  /** Where agents, sub-agents and tools are recorded. */
  readonly agents: AgentRecorder;
  /** Where model calls are recorded. */
  readonly llm: LLMRecorder;
  /** The name of the main agent, with few different values. @default "claude" */
  readonly agentName?: string;
  /** The provider of the models. @default "anthropic" */
  readonly provider?: string;
  /** Where the warning about runs that are recorded twice goes. @default standard error */
  readonly logger?: Pick<Logger, "warn">;
}

/** Options with their defaults. */
export interface ResolvedClaudeAgentOptions extends Required<ClaudeAgentOptions> {
  readonly agents: AgentCalls;
}

/** @throws {ConfigurationError} When a client cannot record what it should, or another option is wrong. */
export function resolveClaudeAgentOptions(
  options: ClaudeAgentOptions | undefined,
): ResolvedClaudeAgentOptions {
  const { agents, llm, logger = standardErrorLogger } = options ?? {};
  const { agentName = "claude", provider = "anthropic" } = options ?? {};
  requireMethods(agents, "agents", ["startAgentSpan", "startToolCall"]);
  requireMethods(llm, "llm", ["startLLMSpan"]);
  requireMethods(logger, "logger", ["warn"]);
  for (const [name, text] of Object.entries({ agentName, provider })) {
    if (typeof text !== "string" || text === "") {
      throw new ConfigurationError(`The option ${name} must be a text that is not empty.`);
    }
  }
  return { agents: agents as AgentCalls, llm: llm as LLMRecorder, agentName, provider, logger };
}
