import type { Span } from "@llmdevops/dd-core";
import { hasMethod, refused } from "@llmdevops/dd-core/options";
import type { OperationOptions } from "../operation/operation-options.ts";
import type { OperationSpan } from "../operation/operation-span.ts";
import type { LLMRecorder } from "./instrumentation-options.ts";

/** How an agent ended, as far as a framework tells. */
export type FrameworkOutcome = "completed" | "failed" | "cancelled" | "handed_off";

/** The span of an agent. */
export interface RecordedAgent extends Span {
  /** Whether the inputs and outputs of the agent and its tools are recorded. @default false */
  readonly recordsContent?: boolean;
  /** Records what the agent was asked, where content is recorded. */
  setInput(input: unknown): this;
  /** Records what the agent answered, where content is recorded. */
  setOutput(output: unknown): this;
  /** Says how the agent ends. */
  setOutcome(outcome: FrameworkOutcome): this;
}

/** The span of a tool call. */
export interface RecordedTool extends Span {
  /** Records what the tool was given: its size, and the value itself where content is recorded. */
  setInput(input: unknown): this;
  /** Records what the tool returned, as `setInput` does. */
  setOutput(output: unknown): this;
}

/** How the span of an agent is started; see `AgentSpanOptions` of `@llmdevops/dd-agent`. */
interface RecordedAgentOptions {
  readonly agentName: string;
  readonly agentType?: string;
  readonly kind?: "agent" | "workflow";
  readonly parentAgentSpan?: RecordedAgent;
  readonly handoffFrom?: RecordedAgent;
  readonly childOf?: Span;
  readonly conversationId?: string;
  readonly sessionId?: string;
  readonly tags?: Readonly<Record<string, unknown>>;
  readonly manifest?: {
    readonly framework?: string;
    readonly model?: string;
    readonly tools?: readonly string[];
    readonly handoffs?: readonly string[];
  };
}

/** What records the agents of a framework: the client of `createAgents`, or the composed client of `@llmdevops/dd`. */
export interface AgentRecorder {
  /** Starts the span of an agent. */
  startAgentSpan(name: string, options: never): RecordedAgent;
  /** Starts the span of a tool that an agent of this recorder calls. */
  startToolCall(agentSpan: never, toolName: string, input?: unknown): RecordedTool;
}

/** The same with what it is given here: agents of its own making, and options that it knows. */
export interface AgentCalls extends AgentRecorder {
  startAgentSpan(name: string, options: RecordedAgentOptions): RecordedAgent;
  startToolCall(agentSpan: RecordedAgent, toolName: string, input?: unknown): RecordedTool;
}

/** What records the model calls and the other steps of an agent: the client of `createLLM`, or the composed client. */
export interface StepRecorder extends LLMRecorder {
  /** Starts the span of a step that is no agent, tool, retrieval or model call, such as a guardrail. */
  startTaskSpan(name: string, options?: OperationOptions): OperationSpan;
}

/** @throws {ConfigurationError} When a client lacks one of the methods. */
export function requireMethods(client: unknown, option: string, methods: readonly string[]): void {
  for (const method of methods) {
    if (hasMethod(client, method)) continue;
    // A logger has a default, a client has none.
    const isOptional = option === "logger" || option === "tracing";
    const expected = `an object that has the method ${method}`;
    throw refused({ option, expected, given: client, isOptional });
  }
}

/** @throws {ConfigurationError} When it is no text, or empty. */
export function requireText(text: unknown, option: string): void {
  if (typeof text === "string" && text !== "") return;
  throw refused({ option, expected: "a text that is not empty", given: text });
}

/** @throws {ConfigurationError} When it is no whole number of at least 1. */
export function requireLimit(limit: unknown, option: string): void {
  if (Number.isSafeInteger(limit) && Number(limit) >= 1) return;
  throw refused({ option, expected: "a whole number of at least 1", given: limit });
}
