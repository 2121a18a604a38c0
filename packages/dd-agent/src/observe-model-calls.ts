import type { Span, SpanOptions, Tracing } from "@llmdevops/dd-core";
import { activeScope } from "./active-scope.ts";
import type { AgentEnvironment } from "./agent-environment.ts";
import { type AgentScope, scopeOf } from "./agent-span.ts";
import { countModelCall } from "./model-call.ts";

/** What a tracing client must have so that the model calls on it can be observed. */
export type ObservableTracing = Pick<Tracing, "startSpan">;

/**
 * The same tracing client, whose spans of type `llm` count for the agent that they are a child of, or whose code
 * starts them.
 */
export function observeModelCalls<T extends ObservableTracing>(
  environment: AgentEnvironment,
  tracing: T,
): T {
  const startSpan = (name: string, options?: SpanOptions): Span =>
    tracing.startSpan(name, observed(environment, options));
  const methods = new Map<PropertyKey, unknown>([["startSpan", startSpan]]);
  // Not a copy: the client has private state, and what it can do may grow.
  return new Proxy(tracing, {
    get(target, key) {
      const known = methods.get(key);
      if (known !== undefined) return known;
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== "function") return value;
      const method: unknown = value.bind(target);
      methods.set(key, method);
      return method;
    },
  });
}

function observed(
  environment: AgentEnvironment,
  options: SpanOptions | undefined,
): SpanOptions | undefined {
  try {
    if (options?.type !== "llm" || !isModelCall(options)) return options;
    const scope = scopeOfCall(activeScope(environment), options.childOf);
    if (scope === undefined) return options;
    const { run, activity: within } = scope;
    const activity = run.begin("model", options.llmobs?.modelName ?? "model call", within);
    const startedEarlier = Date.now() - (options.startTime ?? Number.NaN);
    // It began before it was told of, at the earliest with what it is part of.
    if (startedEarlier > 0) {
      activity.start = Math.max(within.start, activity.start - startedEarlier);
    }
    const onFinish = (span: Span): void => {
      // Writes the tags that are read below.
      options.onFinish?.(span);
      const durationMs = run.end(activity) / 1e3;
      countModelCall(run, {
        durationMs,
        failed: span.getTag("error") === true || span.getTag("error") === 1,
        ...tagged(span, "inputTokens", "llm.input_tokens"),
        ...tagged(span, "outputTokens", "llm.output_tokens"),
        ...tagged(span, "costUsd", "llm.cost.total_usd"),
      });
    };
    return { ...options, onFinish };
  } catch {
    environment.tracing.diagnostics.count("agent_model_call_invalid");
    return options;
  }
}

/** A parent that belongs to no agent itself, such as a workflow, is part of what the agent does if its trace is the same. */
function scopeOfCall(
  active: AgentScope | undefined,
  parent: SpanOptions["childOf"],
): AgentScope | undefined {
  if (parent === undefined) return active;
  const own = scopeOf(parent);
  if (own !== undefined || active === undefined || parent === null) return own;
  return "finish" in parent && parent.traceId === active.agentSpan.traceId ? active : undefined;
}

/** Workflows, tasks, tools and retrievals around model calls have the same type of span. */
function isModelCall({ llmobs }: SpanOptions): boolean {
  return llmobs === undefined || llmobs.kind === "llm" || llmobs.kind === "embedding";
}

function tagged<K extends string>(span: Span, field: K, tag: string): Partial<Record<K, number>> {
  const value = span.getTag(tag);
  return typeof value === "number" ? ({ [field]: value } as Record<K, number>) : {};
}
