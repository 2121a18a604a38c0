import type { MetricDefinition } from "./metric-definition.ts";

function define(
  name: string,
  type: MetricDefinition["type"],
  unit: string,
  tags: readonly string[],
  description: string,
): MetricDefinition {
  return { name, type, unit, tags, description, source: "dd-agent" };
}

const run = ["agent"] as const;
const tool = ["agent", "tool", "cached"] as const;
const collaboration = ["from_agent", "to_agent"] as const;

/** Metrics of agents and their tools. */
export const agentMetrics: readonly MetricDefinition[] = [
  define("agent.run.count", "count", "run", [...run, "outcome"], "Runs that have ended."),
  define("agent.run.error", "count", "error", run, "Runs that have failed."),
  define("agent.run.duration", "distribution", "millisecond", run, "Time of a run."),
  define("agent.run.steps", "distribution", "step", run, "Steps of a run, tool calls included."),
  define(
    "agent.run.active_duration",
    "distribution",
    "millisecond",
    run,
    "Time of a run without the time it waited.",
  ),
  define(
    "agent.run.tool_duration",
    "distribution",
    "millisecond",
    run,
    "Time of all tools of an outermost run.",
  ),
  define(
    "agent.run.model_duration",
    "distribution",
    "millisecond",
    run,
    "Time of all model calls of an outermost run.",
  ),
  define(
    "agent.run.wait_duration",
    "distribution",
    "millisecond",
    run,
    "Time that an outermost run waited for something outside.",
  ),
  define("agent.run.tokens", "distribution", "token", run, "Tokens of an outermost run."),
  define("agent.run.cost", "distribution", "dollar", run, "Price of an outermost run."),
  define(
    "agent.budget.violation",
    "count",
    "event",
    [...run, "reason"],
    "Limits of a run that were passed.",
  ),
  define("agent.step.duration", "distribution", "millisecond", run, "Time of a step."),
  define("agent.wait.duration", "distribution", "millisecond", run, "Time of a wait for a person."),
  define("agent.tool.calls", "count", "call", [...tool, "success"], "Calls of tools."),
  define("agent.tool.error", "count", "error", tool, "Calls of tools that have failed."),
  define("agent.tool.duration", "distribution", "millisecond", tool, "Time of a tool's call."),
  define("agent.collaboration", "count", "event", collaboration, "Agents named as collaborators."),
  define("agent.handoff", "count", "event", collaboration, "Work that one agent gave to another."),
];
