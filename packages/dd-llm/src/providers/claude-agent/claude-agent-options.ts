import { type Logger, standardErrorLogger } from "@llmdevops/dd-core";
import { type OptionNames, readOptions, warnUnknown } from "@llmdevops/dd-core/options";
import {
  type AgentCalls,
  type AgentRecorder,
  requireMethods,
  requireText,
} from "../agent-recorder.ts";
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

const names: OptionNames<ClaudeAgentOptions> = {
  agents: true,
  llm: true,
  agentName: true,
  provider: true,
  logger: true,
};

/** @throws {ConfigurationError} When a client cannot record what it should, or another option is wrong. */
export function resolveClaudeAgentOptions(
  given: ClaudeAgentOptions | undefined,
): ResolvedClaudeAgentOptions {
  const { options, unknown } = readOptions<ClaudeAgentOptions>(given ?? {}, names);
  const { agents, llm, logger = standardErrorLogger } = options;
  const { agentName = "claude", provider = "anthropic" } = options;
  requireMethods(agents, "agents", ["startAgentSpan", "startToolCall"]);
  requireMethods(llm, "llm", ["startLLMSpan"]);
  requireMethods(logger, "logger", ["warn"]);
  requireText(agentName, "agentName");
  requireText(provider, "provider");
  warnUnknown(unknown, logger);
  return { agents: agents as AgentCalls, llm, agentName, provider, logger };
}
