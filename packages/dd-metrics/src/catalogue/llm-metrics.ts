import type { MetricDefinition } from "./metric-definition.ts";

const call = ["provider", "model", "request_type", "streaming"] as const;
const callWithError = [...call, "error_type"] as const;
const operation = ["operation", "error_type"] as const;

function define(
  name: string,
  type: MetricDefinition["type"],
  unit: string,
  description: string,
  tags: readonly string[] = call,
): MetricDefinition {
  return { name, type, unit, tags, description, source: "dd-llm" };
}

/** Metrics of calls of language models. */
export const llmMetrics: readonly MetricDefinition[] = [
  define("llm.request.count", "count", "request", "Calls that have ended.", callWithError),
  define("llm.request.error", "count", "error", "Calls that have failed.", callWithError),
  define(
    "llm.request.duration",
    "distribution",
    "millisecond",
    "Time from the call to its end, streams to their last chunk.",
    callWithError,
  ),
  define(
    "llm.request.tokens.input",
    "count",
    "token",
    "Tokens of the input, those read from and written to the cache included.",
  ),
  define(
    "llm.request.tokens.output",
    "count",
    "token",
    "Tokens of the output, reasoning included.",
  ),
  define("llm.request.tokens.total", "count", "token", "Tokens of input and output."),
  define("llm.request.tokens.cache_read", "count", "token", "Input tokens read from the cache."),
  define("llm.request.tokens.cache_write", "count", "token", "Input tokens written to the cache."),
  define("llm.request.tokens.reasoning", "count", "token", "Output tokens spent on reasoning."),
  define("llm.request.cost", "distribution", "dollar", "Price of a call."),
  define(
    "llm.cost.input",
    "distribution",
    "micro_dollar",
    "Price of the input in millionths of a dollar.",
  ),
  define(
    "llm.cost.output",
    "distribution",
    "micro_dollar",
    "Price of the output in millionths of a dollar.",
  ),
  define(
    "llm.cost.total",
    "distribution",
    "micro_dollar",
    "Price of a call in millionths of a dollar.",
  ),
  define(
    "llm.time_to_first_token",
    "distribution",
    "millisecond",
    "Time from the call to the first content of its stream.",
  ),
  define(
    "llm.time_per_output_token",
    "distribution",
    "millisecond",
    "Time of a stream for each token after the first.",
  ),
  define("llm.tokens_per_second", "distribution", "token", "Output tokens a second."),
  define("llm.operation.count", "count", "operation", "Operations that have ended.", operation),
  define("llm.operation.error", "count", "error", "Operations that have failed.", operation),
  define(
    "llm.operation.duration",
    "distribution",
    "millisecond",
    "Time of an operation, for example a workflow, a retrieval or a guardrail.",
    operation,
  ),
  define("llm.budget.exceeded", "count", "event", "Calls that ended beyond a budget.", ["budget"]),
];
