export type { AgentTracing } from "./agent-environment.ts";
export type { AgentSpan } from "./agent-span.ts";
export type { AgentSpanOptions, TraceAgentOptions } from "./agent-span-options.ts";
export type { Agents } from "./agents.ts";
export { type AgentsOptions, createAgents } from "./create-agents.ts";
export type { LinkAgentSpansOptions } from "./link-agent-spans.ts";
export type { ToolCallSpan } from "./tool-call-span.ts";
export { estimateSize } from "./value-size.ts";
