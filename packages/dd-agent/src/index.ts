export type { AgentTracing } from "./agent-environment.ts";
export type { AgentSpan, AgentSpanOptions, TraceAgentOptions } from "./agent-span.ts";
export { type Agents, type AgentsOptions, createAgents } from "./agents.ts";
export type { ToolCallSpan } from "./tool-call.ts";
export { estimateSize } from "./value-size.ts";
