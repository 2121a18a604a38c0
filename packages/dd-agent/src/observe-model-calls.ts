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
  return forwarding(tracing, { startSpan });
}

/**
 * An object that passes everything on to another one but what is replaced. It is not a copy, since the client has
 * private state, and no proxy, which takes longer to be asked for a method than most methods take.
 */
function forwarding<T extends object>(target: T, replaced: object): T {
  const forwarder = {};
  let holder: object | null = target;
  while (holder !== null && holder !== Object.prototype) {
    for (const key of Reflect.ownKeys(holder)) {
      if (key === "constructor" || Object.hasOwn(forwarder, key)) continue;
      const source = key in replaced ? replaced : holder;
      const value: unknown = Object.getOwnPropertyDescriptor(source, key)?.value;
      const get = (): unknown => Reflect.get(target, key);
      Object.defineProperty(
        forwarder,
        key,
        typeof value === "function" ? { value: value.bind(target) } : { get },
      );
    }
    holder = Object.getPrototypeOf(holder);
  }
  return forwarder as T;
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
      const error = span.getTag("error");
      countModelCall(run, {
        durationMs,
        failed: error === true || error === 1,
        inputTokens: numberIn(span, "llm.input_tokens"),
        outputTokens: numberIn(span, "llm.output_tokens"),
        costUsd: numberIn(span, "llm.cost.total_usd"),
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

function numberIn(span: Span, tag: string): number | undefined {
  const value = span.getTag(tag);
  return typeof value === "number" ? value : undefined;
}
