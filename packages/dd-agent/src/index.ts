export type { AgentTracing } from "./agent-environment.ts";
export type { AgentManifest } from "./agent-manifest.ts";
export type { AgentSpan } from "./agent-span.ts";
export type { AgentSpanOptions, TraceAgentOptions } from "./agent-span-options.ts";
export type { Agents } from "./agents.ts";
export { agentsOptionNames } from "./agents-option-names.ts";
export { type AgentsOptions, createAgents } from "./create-agents.ts";
export type {
  AgentGraph,
  AgentGraphData,
  AgentNode,
  GraphEdge,
  ToolNode,
} from "./graph/agent-graph.ts";
export {
  AgentBudgetError,
  type BudgetViolation,
  type ViolationReason,
} from "./guard/budget-violation.ts";
export type { RunBudget } from "./guard/run-budget.ts";
export type { LinkAgentSpansOptions } from "./link-agent-spans.ts";
export type { ModelCall } from "./model-call.ts";
export type { ObservableTracing } from "./observe-model-calls.ts";
export type { ActivityKind, CriticalPathSegment } from "./run/activity.ts";
export type { AgentOutcome } from "./run/agent-outcome.ts";
export type { RunSummary } from "./run/run-summary.ts";
export type { WorkSummary } from "./run/tally.ts";
export type { ToolCallSpan } from "./tool-call-span.ts";
export { estimateSize } from "./value-size.ts";
