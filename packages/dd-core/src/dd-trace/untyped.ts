import { safeKeys, safeRead } from "../guard/safe-read.ts";
import type {
  BackendContext,
  BackendContextDescription,
  BackendSpan,
  SamplingDecision,
} from "./tracer-backend.ts";

/**
 * Everything of dd-trace that its types leave out, read by feature detection: an absent part yields an empty
 * answer, never an error. The contract test runs against every supported version of dd-trace.
 */

/** Follows property names through a value of unknown shape. */
export function readPath(source: unknown, ...path: readonly string[]): unknown {
  let current = source;
  for (const key of path) {
    if ((typeof current !== "object" && typeof current !== "function") || current === null) {
      return undefined;
    }
    current = Reflect.get(current, key);
  }
  return current;
}

/** Calls a method of a value of unknown shape; `undefined` when there is none. */
export function callMethod(source: unknown, method: string, ...args: readonly unknown[]): unknown {
  const candidate = readPath(source, method);
  return typeof candidate === "function" ? Reflect.apply(candidate, source, args) : undefined;
}

/** Whether somebody has initialised this dd-trace already. */
export function isInitialized(tracer: unknown): boolean {
  return readPath(tracer, "_initialized") === true;
}

/** The tag of a span as dd-trace holds it. */
export function readSpanTag(span: BackendSpan, key: string): unknown {
  const context = span.context() as BackendContext & { getTag?(key: string): unknown };
  return context.getTag?.(key);
}

/** Records a span event; native events stay off, so it is sent as text in `meta.events`. */
export function addSpanEvent(
  span: BackendSpan,
  name: string,
  attributes: Record<string, unknown>,
  time: number | undefined,
): void {
  callMethod(span, "addEvent", name, attributes, time);
}

/** The parts of dd-trace's context that its types leave out, each of which a version may lack. */
interface ContextParts {
  readonly _sampling?: {
    readonly priority?: unknown;
    readonly mechanism?: unknown;
    readonly isProbabilityDecision?: unknown;
  } | null;
  readonly _trace?: Readonly<Record<string, unknown>> | null;
  readonly _baggageItems?: unknown;
}

const nothing = {};

/** The decision about a trace as it stands. */
export function samplingDecisionOf(context: BackendContext): SamplingDecision {
  const { priority, mechanism } =
    (context as ContextParts)._sampling ?? (nothing as SamplingDecision);
  return { priority, mechanism };
}

/** Sampling, origin, propagated tags and baggage of a context. */
export function describeContext(context: BackendContext): BackendContextDescription {
  // Read without `readPath`, which would take half of the time that writing a context takes.
  const { _sampling, _trace, _baggageItems } = context as ContextParts;
  const sampling = _sampling ?? nothing;
  const { priority, isProbabilityDecision } = sampling as NonNullable<ContextParts["_sampling"]>;
  const trace: Readonly<Record<string, unknown>> = _trace ?? nothing;
  const { origin } = trace;
  const rate = trace["_dd.rule_psr"] ?? trace["_dd.agent_psr"];
  return {
    samplingRate: typeof rate === "number" && isProbabilityDecision !== false ? rate : undefined,
    samplingPriority: typeof priority === "number" ? priority : undefined,
    origin: typeof origin === "string" ? origin : undefined,
    tags: textRecord(trace["tags"], "_dd.p."),
    baggage: textRecord(_baggageItems, ""),
  };
}

/** A tracer that can decide about a trace before the trace ends. */
interface SamplingTracer {
  readonly _tracer?: {
    readonly _prioritySampler?: { sample?(context: BackendContext): unknown } | null;
  } | null;
}

/**
 * Takes the sampling decision of a trace, as writing its context to headers does.
 *
 * @returns `false` when this version of dd-trace offers no way to do it.
 */
export function decideSampling(tracer: object, context: BackendContext): boolean {
  // Read without `readPath`, too: for each span whose context is written.
  const sampler = (tracer as SamplingTracer)._tracer?._prioritySampler;
  if (typeof sampler?.sample !== "function") return false;
  sampler.sample(context);
  return true;
}

/** What all local spans of one trace share. */
export function traceOf(context: BackendContext): object | undefined {
  const trace = readPath(context, "_trace");
  return typeof trace === "object" && trace !== null ? trace : undefined;
}

/**
 * Changes the rate for new traces that no rule matches; rules and limits stay.
 *
 * @returns `false` when this version of dd-trace offers no way to do it.
 */
export function setSampleRate(tracer: unknown, sampleRate: number): boolean {
  const sampler = readPath(tracer, "_tracer", "_prioritySampler");
  const config = readPath(tracer, "_tracer", "_config");
  const settings = readPath(config, "sampler");
  if (typeof readPath(sampler, "configure") !== "function" || typeof settings !== "object") {
    return false;
  }
  callMethod(sampler, "configure", readPath(config, "env"), { ...settings, sampleRate });
  return true;
}

/** Gives a trace a decision before dd-trace takes one of its own. */
export function presetSamplingPriority(context: BackendContext, priority: number): void {
  const sampling = readPath(context, "_sampling");
  if (typeof sampling === "object" && sampling !== null)
    Reflect.set(sampling, "priority", priority);
}

/** Overrules a decision to drop a trace, as the tag `manual.keep` does on a newer dd-trace by itself. */
export function keepDecidedTrace(context: BackendContext): void {
  const sampling = readPath(context, "_sampling");
  const tags = readPath(context, "_trace", "tags");
  if (typeof sampling !== "object" || sampling === null) return;
  Object.assign(sampling, { priority: 2, mechanism: 4 });
  if (typeof tags === "object" && tags !== null) Reflect.set(tags, "_dd.p.dm", "-4");
}

/**
 * Starts sending finished traces.
 *
 * @returns `false` when this version of dd-trace offers no way to do it.
 */
export function flushTraces(tracer: unknown): boolean {
  const exporter = readPath(tracer, "_tracer", "_exporter");
  if (typeof readPath(exporter, "flush") !== "function") return false;
  callMethod(exporter, "flush");
  return true;
}

/** The service, environment and version that dd-trace puts on spans. */
export function tracerIdentity(tracer: unknown): Readonly<Record<string, unknown>> {
  return {
    service: readPath(tracer, "_tracer", "_service"),
    env: readPath(tracer, "_tracer", "_env"),
    version: readPath(tracer, "_tracer", "_version"),
  };
}

function textRecord(source: unknown, prefix: string): Record<string, string> {
  const result: Record<string, string> = {};
  if (typeof source !== "object" || source === null) return result;
  for (const key of safeKeys(source)) {
    const value = safeRead(source, key);
    if (typeof value === "string" && key.startsWith(prefix)) result[key] = value;
  }
  return result;
}
