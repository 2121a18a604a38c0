import { withScope } from "./active-scope.ts";
import type { AgentEnvironment } from "./agent-environment.ts";
import type { AgentSpan } from "./agent-span.ts";
import { isCallable } from "./is-callable.ts";
import { startToolCall } from "./start-tool-call.ts";
import type { ToolCallSpan } from "./tool-call-span.ts";

/** Runs a tool in its span; what the tool throws is recorded and thrown on. */
export async function traceToolCall<T>(
  environment: AgentEnvironment,
  agentSpan: AgentSpan,
  toolName: string,
  input: unknown,
  fn: (span: ToolCallSpan) => T | PromiseLike<T>,
): Promise<T> {
  if (!isCallable(environment, fn)) return undefined as T;
  const span = startToolCall(environment, agentSpan, toolName, input, true);
  try {
    const call = () => fn(span);
    const result = await (span.scope
      ? withScope(environment, span.scope, span, call)
      : environment.tracing.withSpan(span, call));
    span.setOutput(result);
    return result;
  } catch (error) {
    span.setError(error);
    throw error;
  } finally {
    span.finish();
  }
}
