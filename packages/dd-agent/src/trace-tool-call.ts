import type { Span } from "@llmdevops/dd-core";
import { type AgentEnvironment, sendTime } from "./agent-environment.ts";
import type { AgentRun } from "./agent-run.ts";
import { type AgentSpan, agentOf, scopeOf } from "./agent-span.ts";
import { displayName } from "./display-name.ts";
import { RecordedToolCallSpan, type ToolCallSpan } from "./tool-call-span.ts";
import { withScope } from "./trace-agent-step.ts";
import { estimateSize } from "./value-size.ts";

/** Runs a tool in its span; what the tool throws is recorded and thrown on. */
export async function traceToolCall<T>(
  environment: AgentEnvironment,
  agentSpan: AgentSpan,
  toolName: string,
  input: unknown,
  fn: (span: ToolCallSpan) => T | PromiseLike<T>,
): Promise<T> {
  const { tracing, recordsContent } = environment;
  const tool = displayName(toolName, "unknown");
  const start = performance.now();
  const owner = scopeOf(agentSpan);
  const activity = owner?.run.begin("tool", tool);
  const step = owner?.run.nextStep();
  const inner = startToolSpan(environment, agentSpan, tool, input, step);
  const scope = owner && activity && { run: owner.run, agentSpan, activity };
  const span = new RecordedToolCallSpan(inner, scope);
  if (recordsContent) tracing.annotate(span, { inputData: input });
  owner?.run.add("toolCalls", 1);
  owner?.run.check();
  owner?.run.ledger.guard?.noteToolCall(owner.run.agentName, tool, input);
  let succeeded = false;
  try {
    const call = () => fn(span);
    const result = await (scope
      ? withScope(environment, scope, inner, call)
      : tracing.withSpan(inner, call));
    succeeded = true;
    span.setTag("tool.output_size", estimateSize(result));
    if (recordsContent) tracing.annotate(span, { outputData: result });
    return result;
  } catch (error) {
    span.setError(error);
    throw error;
  } finally {
    span.setTag("tool.success", succeeded);
    span.finish();
    const micros = owner && activity ? owner.run.end(activity) : undefined;
    if (owner && micros !== undefined) countToolCall(owner.run, tool, span, succeeded, micros);
    const milliseconds = micros === undefined ? performance.now() - start : micros / 1e3;
    const agent = agentOf(agentSpan)?.agentName ?? "unknown";
    const tags = { agent, tool, cached: span.cached };
    sendToolMetrics(environment, tags, succeeded, milliseconds);
  }
}

function startToolSpan(
  { tracing }: AgentEnvironment,
  agentSpan: AgentSpan,
  tool: string,
  input: unknown,
  step: number | undefined,
): Span {
  const agent = agentOf(agentSpan);
  if (agent === undefined) tracing.diagnostics.count("agent_span_invalid");
  return tracing.startSpan(`tool.${tool}`, {
    ...(agent === undefined ? {} : { childOf: agentSpan }),
    resource: tool,
    type: "tool",
    kind: "internal",
    keep: true,
    tags: {
      "agent.name": agent?.agentName,
      "agent.run_id": agent?.runId,
      "agent.tool": tool,
      "agent.step": step,
      "tool.input_size": estimateSize(input),
      "tool.cached": false,
    },
    llmobs: { kind: "tool", name: tool },
  });
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
  metrics.increment("agent.tool.calls", 1, { ...tags, success });
  if (!success) metrics.increment("agent.tool.error", 1, tags);
}
