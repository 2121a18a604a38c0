import type { Span } from "@llmdevops/dd-core";
import { withoutQuotation } from "../../errors/quoting-error.ts";
import { textAt, type UnknownRecord } from "../../formats/unknown-record.ts";
import type { LLMSpan } from "../../span/llm-span.ts";
import type { RecordedAgent } from "../agent-recorder.ts";
import { readCallParameters } from "../call-parameters.ts";
import type { ResolvedLangChainOptions } from "./langchain-options.ts";
import { type ChainKind, isInterrupt, type LangChainRun, modelFacts } from "./langchain-run.ts";

/** Starts the run of a graph, an agent or an outermost chain. */
export function startAgentRun(
  { agents }: ResolvedLangChainOptions,
  parent: LangChainRun | undefined,
  agentName: string,
  kind: ChainKind,
  metadata: UnknownRecord,
  inputs: unknown,
): LangChainRun {
  const conversationId = textAt(metadata, "thread_id");
  const span = agents.startAgentSpan("agent.run", {
    agentName,
    kind: kind === "agent" ? "agent" : "workflow",
    manifest: { framework: kind === "agent" ? "langgraph" : "langchain" },
    ...(parent?.agent === undefined ? {} : { parentAgentSpan: parent.agent }),
    ...childOf(parent?.span),
    ...(conversationId === undefined ? {} : { conversationId }),
  });
  span.setInput(inputs);
  return {
    span,
    agent: span,
    setOutput: (output) => span.setOutput(output),
    end: (error) => finish(span, shownError(error, span)),
  };
}

/** Starts a node of a graph. A step is told as a function, which runs until the node has ended. */
export function startStepRun(
  { agents }: ResolvedLangChainOptions,
  agent: RecordedAgent,
  name: string,
): LangChainRun {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let span: Span | undefined;
  const step = agents.traceAgentStep(agent as never, name, (started) => {
    span = started;
    return promise;
  });
  step.catch(() => {
    // The failure is the graph's own, which the application gets from it.
  });
  const end = (error: unknown) => {
    if (error === undefined || isInterrupt(error)) resolve();
    else reject(shownError(error, agent));
  };
  return { span, agent, end };
}

/** Starts a call of a tool, outside of an agent too. */
export function startToolRun(
  { agents, llm }: ResolvedLangChainOptions,
  parent: LangChainRun | undefined,
  name: string,
  input: unknown,
): LangChainRun {
  const agent = parent?.agent;
  if (agent === undefined) {
    const span = llm.startToolSpan("tool.call", { resource: name }).setInput(input);
    return {
      span,
      agent,
      recordsContent: span.recordsContent,
      setOutput: (output) => span.setOutput(output),
      end: (error) => finish(span, error),
    };
  }
  const span = agents.startToolCall(agent, name, input);
  return {
    span,
    agent,
    recordsContent: agent.recordsContent === true,
    setOutput: (output) => span.setOutput(output),
    end: (error) => finish(span, shownError(error, agent)),
  };
}

/** Starts a model call. */
export function startModelRun(
  { llm }: ResolvedLangChainOptions,
  parent: LangChainRun | undefined,
  requestType: "chat" | "completion",
  extraParams: unknown,
  metadata: unknown,
): LangChainRun & { readonly modelSpan: LLMSpan } {
  const { provider, model, settings } = modelFacts(extraParams, metadata);
  const span = llm.startLLMSpan("llm.request", {
    provider,
    model,
    requestType,
    parameters: readCallParameters(settings),
    ...childOf(parent?.span),
  });
  const end = (error: unknown) => finish(span, error);
  return { span, agent: parent?.agent, modelSpan: span, end };
}

/** The parent of a span, where there is one. */
export function childOf(span: Span | undefined): { readonly childOf?: Span } {
  return span === undefined ? {} : { childOf: span };
}

/** An error as the span of an agent, of its steps and of its tools may show it; other spans see to that themselves. */
function shownError(error: unknown, agent: RecordedAgent): unknown {
  return agent.recordsContent === true || isInterrupt(error) ? error : withoutQuotation(error);
}

/** Ends a span as LangChain says that its run has ended. */
export function finish(span: Span, error: unknown): void {
  if (isInterrupt(error)) span.setTag("langgraph.interrupted", true);
  else if (error !== undefined) span.setError(error);
  span.finish();
}
