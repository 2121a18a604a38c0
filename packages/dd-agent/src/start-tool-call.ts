import type { AgentEnvironment } from "./agent-environment.ts";
import type { AgentSpan } from "./agent-span.ts";
import { beginWork, startWorkSpan } from "./agent-work.ts";
import { displayName } from "./display-name.ts";
import { RecordedToolCallSpan } from "./tool-call-span.ts";
import { estimateSize } from "./value-size.ts";

/**
 * Starts the span of a tool call; whatever ends it, the call is counted once.
 *
 * @param isInputKnown Whether `input` is what the tool is given, also where that is nothing.
 */
export function startToolCall(
  environment: AgentEnvironment,
  agentSpan: AgentSpan,
  toolName: string,
  input: unknown,
  isInputKnown: boolean = input !== undefined,
): RecordedToolCallSpan {
  const tool = displayName(toolName, "unknown");
  const work = beginWork(environment, agentSpan, "tool", tool);
  // All in one object: a tag that is added to it later costs more than the others.
  const tags = {
    "resource.name": tool,
    "agent.name": work.agentName,
    "agent.run_id": work.runId,
    "agent.step": work.step,
    "agent.tool": tool,
    "tool.cached": false,
    "tool.input_size": isInputKnown ? estimateSize(input) : undefined,
    "span.type": "tool",
    "span.kind": "internal",
    "manual.keep": true,
  };
  // Ends after this function has returned.
  let recorded: RecordedToolCallSpan | undefined;
  const span = startWorkSpan(
    environment,
    work,
    `tool.${tool}`,
    tags,
    { kind: "tool", name: tool },
    (finished) => recorded?.complete(finished),
  );
  recorded = new RecordedToolCallSpan(span, work, tool, environment);
  if (work.run !== undefined) {
    for (const tally of work.run.tallies) tally.toolCalls += 1;
    work.run.check();
  }
  if (isInputKnown) recorded.noteInput(input);
  return recorded;
}
