import type { Span } from "@llmdevops/dd-core";
import { type AgentEnvironment, sendTime } from "./agent-environment.ts";
import type { AgentRun } from "./agent-run.ts";
import { AgentScope, type AgentSpan, agentOf, RecordedAgentSpan, scopeOf } from "./agent-span.ts";
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
  const { tracing, recordsContent } = environment;
  const tool = displayName(toolName, "unknown");
  const agent = agentOf(agentSpan);
  if (agent === undefined) tracing.diagnostics.count("agent_span_invalid");
  const owner = scopeOf(agentSpan);
  const activity = owner?.run.begin("tool", tool);
  const start = activity?.start ?? performance.now();
  const scope = owner && activity && new AgentScope(owner.run, agentSpan, activity);
  // The hook runs when the span ends, after this function has returned.
  let recorded: RecordedToolCallSpan | undefined;
  const span = tracing.startSpan(`tool.${tool}`, {
    ...(agent === undefined ? {} : { childOf: RecordedAgentSpan.parentOf(agentSpan) }),
    keep: true,
    // All in one object: a tag that is added to it later costs more than the others.
    tags: {
      "resource.name": tool,
      "agent.name": agent?.agentName,
      "agent.run_id": agent?.runId,
      "agent.step": owner?.run.nextStep(),
      "agent.tool": tool,
      "tool.cached": false,
      ...(isInputKnown ? { "tool.input_size": estimateSize(input) } : {}),
      "span.type": "tool",
      "span.kind": "internal",
      "manual.keep": true,
    },
    llmobs: { kind: "tool", name: tool },
    ...(scope === undefined ? {} : { owner: scope }),
    onFinish: (finished) => {
      if (recorded === undefined) return;
      const succeeded = !hasFailed(finished);
      finished.setTag("tool.success", succeeded);
      const micros = owner && activity ? owner.run.end(activity) : undefined;
      if (owner && micros !== undefined) {
        countToolCall(owner.run, tool, recorded, succeeded, micros);
      }
      const milliseconds = micros === undefined ? performance.now() - start : micros / 1e3;
      const tags = { agent: agent?.agentName ?? "unknown", tool, cached: recorded.cached };
      sendToolMetrics(environment, tags, succeeded, milliseconds);
    },
  });
  const noteInput = (called: Span, given: unknown): void => {
    if (recordsContent) tracing.annotate(called, { inputData: given });
    owner?.run.ledger.guard?.noteToolCall(owner.run.agentName, tool, given);
  };
  recorded = new RecordedToolCallSpan(span, scope, {
    onInput(called, given) {
      called.setTag("tool.input_size", estimateSize(given));
      noteInput(called, given);
    },
    onOutput(called, output) {
      called.setTag("tool.output_size", estimateSize(output));
      if (recordsContent) tracing.annotate(called, { outputData: output });
    },
  });
  owner?.run.add("toolCalls", 1);
  owner?.run.check();
  if (isInputKnown) noteInput(recorded, input);
  return recorded;
}

function hasFailed(span: Span): boolean {
  const error = span.getTag("error");
  return error === true || error === 1;
}

function countToolCall(
  run: AgentRun,
  tool: string,
  span: RecordedToolCallSpan,
  succeeded: boolean,
  durationMicros: number,
): void {
  run.add("toolMicros", durationMicros);
  run.add("retries", span.retries);
  if (span.cached) run.add("cachedToolCalls", 1);
  if (!succeeded) run.add("toolErrors", 1);
  run.connectTool(tool, { failed: !succeeded, durationMicros });
}

function sendToolMetrics(
  environment: AgentEnvironment,
  tags: { readonly agent: string; readonly tool: string; readonly cached: boolean },
  success: boolean,
  milliseconds: number,
): void {
  const { metrics } = environment;
  sendTime(environment, "agent.tool.duration", milliseconds, tags);
  const { agent, tool, cached } = tags;
  metrics.increment("agent.tool.calls", 1, { agent, tool, cached, success });
  if (!success) metrics.increment("agent.tool.error", 1, tags);
}
