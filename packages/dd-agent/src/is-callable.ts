import type { AgentEnvironment } from "./agent-environment.ts";

/** Whether there is a function to run; untyped code may pass anything, which is counted. */
export function isCallable({ tracing }: AgentEnvironment, fn: unknown): boolean {
  if (typeof fn === "function") return true;
  tracing.diagnostics.count("call_without_function");
  return false;
}
