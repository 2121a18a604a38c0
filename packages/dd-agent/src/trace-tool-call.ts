import { type AgentEnvironment, sendDuration } from "./agent-environment.ts";
import { type AgentSpan, agentIdentity } from "./agent-span.ts";
import { displayName } from "./display-name.ts";
import { RecordedToolCallSpan, type ToolCallSpan } from "./tool-call-span.ts";
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
  const span = startToolSpan(environment, agentSpan, tool, input);
  if (recordsContent) tracing.annotate(span, { inputData: input });
  let succeeded = false;
  try {
    const result = await tracing.withSpan(span, () => fn(span));
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
    const agent = agentIdentity(agentSpan)?.agentName ?? "unknown";
    sendToolMetrics(environment, { agent, tool, cached: span.cached }, succeeded, start);
  }
}

function startToolSpan(
  { tracing }: AgentEnvironment,
  agentSpan: AgentSpan,
  tool: string,
  input: unknown,
): RecordedToolCallSpan {
  const agent = agentIdentity(agentSpan);
  if (agent === undefined) tracing.diagnostics.count("agent_span_invalid");
  const span = tracing.startSpan(`tool.${tool}`, {
    ...(agent === undefined ? {} : { childOf: agentSpan }),
    resource: tool,
    type: "tool",
    kind: "internal",
    keep: true,
    tags: {
      "agent.name": agent?.agentName,
      "agent.run_id": agent?.runId,
      "agent.tool": tool,
      "agent.step": agent?.run?.nextStep(),
      "tool.input_size": estimateSize(input),
      "tool.cached": false,
    },
    llmobs: { kind: "tool", name: tool },
  });
  return new RecordedToolCallSpan(span);
}

function sendToolMetrics(
  environment: AgentEnvironment,
  tags: { readonly agent: string; readonly tool: string; readonly cached: boolean },
  success: boolean,
  start: number,
): void {
  const { metrics } = environment;
  sendDuration(environment, "agent.tool.duration", start, tags);
  metrics.increment("agent.tool.calls", 1, { ...tags, success });
  if (!success) metrics.increment("agent.tool.error", 1, tags);
}
