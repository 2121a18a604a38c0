import type { AgentsOptions } from "@llmdevops/dd-agent";
import type { CoreOptions } from "@llmdevops/dd-core";
import type { LLMOptions } from "@llmdevops/dd-llm";
import type { MetricsClientOptions } from "@llmdevops/dd-metrics";

/** Options of {@link createClient}: one set for all parts; an option beats the environment, which beats the default. */
export interface ClientOptions
  extends CoreOptions,
    Pick<MetricsClientOptions, "dogstatsd">,
    Pick<LLMOptions, "budgets" | "content" | "modelAliases" | "prices" | "tagConventions"> {
  /** How long metrics are gathered before a datagram is sent (ms), 50 to 60000. @default 2000 */
  readonly metricsFlushIntervalMs?: MetricsClientOptions["flushIntervalMs"];
  /** How metrics are gathered and bounded; see `@llmdevops/dd-metrics`. */
  readonly metrics?: Pick<
    MetricsClientOptions,
    "prefix" | "aggregation" | "cardinality" | "maxBufferedLines" | "offWithTracing"
  >;
  /**
   * How often the client sends metrics about itself (ms), 0 to 2147483647: `datadog.spans_created`, `spans_exported`,
   * `spans_dropped`, `metrics_sent`, `export_latency`, `buffer_size` and `agent_errors`; 0 for never. @default 10000
   */
  readonly selfTelemetryIntervalMs?: number;
  /** Records inputs and outputs of agents and tools. @default `true` where `content.mode` is `full` */
  readonly recordAgentContent?: AgentsOptions["recordContent"];
  /** The limits of agent runs that bring none of their own. @default none */
  readonly agentBudget?: AgentsOptions["budget"];
}
