import { type Logger, type Span, standardErrorLogger } from "@llmdevops/dd-core";
import { type OptionNames, readOptions, warnUnknown } from "@llmdevops/dd-core/options";
import type { OperationOptions } from "../../operation/operation-options.ts";
import type { OperationSpan } from "../../operation/operation-span.ts";
import {
  type AgentCalls,
  type AgentRecorder,
  requireLimit,
  requireMethods,
  type StepRecorder,
} from "../agent-recorder.ts";

/** What records the runs that are no agents: the client of `createLLM`, or the composed client. */
export interface LangChainRecorder extends StepRecorder {
  /** Starts the span of a retrieval. */
  startRetrievalSpan(name: string, options?: OperationOptions): OperationSpan;
  /** Starts the span of a tool that no agent calls. */
  startToolSpan(name: string, options?: OperationOptions): OperationSpan;
}

/** What records agents, and the nodes of their graphs as steps. */
export interface LangChainAgentRecorder extends AgentRecorder {
  /** Runs `fn` in the span of one step of an agent. */
  traceAgentStep<T>(agentSpan: never, name: string, fn: (span: Span) => T): T;
}

/** Options of `createLangChainHandler`. */
export interface LangChainOptions {
  /** Where chains, graphs, their nodes and tools are recorded. */
  readonly agents: LangChainAgentRecorder;
  /** Where model calls and retrievals are recorded. */
  readonly llm: LangChainRecorder;
  /** Runs that may be open at the same time; the oldest is ended for a further one. @default 10000 */
  readonly maximumOpenRuns?: number;
  /** Where the warning about calls that are recorded twice goes. @default standard error */
  readonly logger?: Pick<Logger, "warn">;
}

/** Options with their defaults. */
export interface ResolvedLangChainOptions extends Required<LangChainOptions> {
  readonly agents: AgentCalls & LangChainAgentRecorder;
}

const names: OptionNames<LangChainOptions> = {
  agents: true,
  llm: true,
  maximumOpenRuns: true,
  logger: true,
};

/** @throws {ConfigurationError} When a client cannot record what it should, or another option is wrong. */
export function resolveLangChainOptions(
  given: LangChainOptions | undefined,
): ResolvedLangChainOptions {
  const { options, unknown } = readOptions<LangChainOptions>(given ?? {}, names);
  const { agents, llm, maximumOpenRuns = 10_000, logger = standardErrorLogger } = options;
  requireMethods(agents, "agents", ["startAgentSpan", "startToolCall", "traceAgentStep"]);
  requireMethods(llm, "llm", ["startLLMSpan", "startRetrievalSpan", "startToolSpan"]);
  requireMethods(logger, "logger", ["warn"]);
  requireLimit(maximumOpenRuns, "maximumOpenRuns");
  warnUnknown(unknown, logger);
  return { agents: agents as AgentCalls & LangChainAgentRecorder, llm, maximumOpenRuns, logger };
}
