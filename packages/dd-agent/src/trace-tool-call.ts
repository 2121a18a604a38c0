import { type Span, SpanDecorator } from "@llmdevops/dd-core";
import type { AgentEnvironment } from "./agent-environment.ts";
import type { AgentRun } from "./agent-run.ts";
import type { AgentSpan } from "./agent-span.ts";
import type { ToolCallSpan } from "./tool-call.ts";
import { estimateSize } from "./value-size.ts";

class RecordedToolCallSpan extends SpanDecorator implements ToolCallSpan {
  cached = false;

  setCached(cached = true): this {
    this.cached = cached;
    return this.setTag("tool.cached", cached);
  }

  setRetries(count: number): this {
    return this.setTag("tool.retries", count);
  }
}

/** Runs a tool in its span; what the tool throws is recorded and thrown on. */
export async function traceToolCall<T>(
  environment: AgentEnvironment,
  agentSpan: AgentSpan,
  run: AgentRun | undefined,
  toolName: string,
  input: unknown,
  fn: (span: ToolCallSpan) => T | PromiseLike<T>,
): Promise<T> {
  const { tracing, metrics, recordsContent } = environment;
  const start = performance.now();
  run?.countToolCall();
  const span: Span = tracing.startSpan(`tool.${toolName}`, {
    childOf: agentSpan,
    resource: toolName,
    type: "tool",
    kind: "internal",
    keep: true,
    tags: {
      "agent.name": agentSpan.agentName,
      "agent.run_id": agentSpan.runId,
      "agent.tool": toolName,
      "agent.step": run?.nextStep(),
      "tool.input_size": estimateSize(input),
    },
    llmobs: { kind: "tool", name: toolName },
  });
  const tool = new RecordedToolCallSpan(span);
  if (recordsContent) tracing.annotate(span, { inputData: input });
  let succeeded = false;
  try {
    const result = await tracing.withSpan(span, () => fn(tool));
    succeeded = true;
    tool.setTag("tool.output_size", estimateSize(result));
    if (recordsContent) tracing.annotate(span, { outputData: result });
    return result;
  } catch (error) {
    tool.setError(error);
    throw error;
  } finally {
    tool.setTag("tool.success", succeeded);
    tool.finish();
    const tags = { agent: agentSpan.agentName, tool: toolName, cached: tool.cached };
    metrics.distribution("agent.tool.duration", performance.now() - start, tags);
    metrics.increment("agent.tool.calls", 1, { ...tags, success: succeeded });
    if (!succeeded) metrics.increment("agent.tool.error", 1, tags);
  }
}
