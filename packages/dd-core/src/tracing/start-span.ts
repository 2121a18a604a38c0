import { hasTraceId } from "@llmdevops/dd-propagation";
import { inertBackend } from "../dd-trace/inert-backend.ts";
import type {
  BackendContext,
  BackendLink,
  BackendSpan,
  BackendSpanRequest,
  TracerBackend,
} from "../dd-trace/tracer-backend.ts";
import { safeEntries, safeKeys, safeRead, safeText } from "../guard/safe-read.ts";
import { addGuardedTag } from "../span/reserved-tags.ts";
import type { Span, SpanOptions } from "../span/span.ts";
import type { SpanContext } from "../span/span-context.ts";
import type { SpanEnvironment } from "../span/span-environment.ts";
import { validTime } from "../span/span-time.ts";
import { backendContextOf, TracedSpan } from "../span/traced-span.ts";
import { guardedObservation } from "./observation.ts";

/** The span that is active, as the client knows it and as the tracer underneath does. */
export interface ActiveSpan {
  readonly backendSpan: BackendSpan | undefined;
  /** `undefined` for a span that somebody else started with the same tracer. */
  readonly span: TracedSpan | undefined;
}

const noLinks: readonly BackendLink[] = [];

type SpanLinks = readonly { readonly context: SpanContext | Span; readonly attributes?: object }[];

/** Starts a span on the tracer underneath, every value guarded; whatever goes wrong, there is a span. */
export function startTracedSpan(
  environment: SpanEnvironment,
  name: string,
  options: SpanOptions,
  active: ActiveSpan,
): TracedSpan {
  const { guard, accounting, sampling, timeouts, diagnostics } = environment;
  const guardedName = guard.text(safeText(name));
  const started = startBackendSpan(environment, guardedName, options, active);
  const onFinish = safeRead(options, "onFinish");
  const span = new TracedSpan(
    environment,
    guardedName,
    started.span,
    started.scope,
    started.remote,
    typeof onFinish === "function" ? (ended) => onFinish(ended) : undefined,
  );
  accounting.spanCreated();
  if (started.isRoot) sampling.traceStarted();
  const error = safeRead(safeRead(options, "tags"), "error");
  if (typeof error === "object" && error !== null) span.setError(error);
  const timeoutMs = safeRead(options, "timeoutMs");
  if (typeof timeoutMs === "number" && timeoutMs > 0 && timeoutMs < Number.POSITIVE_INFINITY) {
    timeouts.watch(span, timeoutMs);
  } else if (timeoutMs !== undefined) diagnostics.count("invalid_timeout");
  return span;
}

type StartedSpan = ReturnType<TracerBackend["startSpan"]> & {
  readonly remote: SpanContext | undefined;
  readonly isRoot: boolean;
};

function startBackendSpan(
  environment: SpanEnvironment,
  name: string,
  options: SpanOptions,
  active: ActiveSpan,
): StartedSpan {
  try {
    const parent = resolveParent(environment, options.childOf, active);
    const started = environment.backend.startSpan(requestFor(environment, name, options, parent));
    if (parent.brought !== undefined) takeOver(environment, started.span, parent.brought);
    if (parent.isEntry === true) takeOverBaggage(environment, started.span, parent.remote);
    if (options.keep === true) environment.sampling.keptFor(started.span, options);
    if (options.baggage !== undefined) setBaggage(environment, started.span, options.baggage);
    return { ...started, remote: parent.remote, isRoot: parent.backend === undefined };
  } catch {
    environment.diagnostics.count("span_start_failed");
    const inert = inertBackend.startSpan({
      name,
      parent: undefined,
      tags: {},
      startTime: undefined,
      links: [],
      llmobs: undefined,
      parentScope: undefined,
    });
    return { ...inert, remote: undefined, isRoot: false };
  }
}

function requestFor(
  environment: SpanEnvironment,
  name: string,
  options: SpanOptions,
  parent: ResolvedParent,
): BackendSpanRequest {
  const links: SpanLinks = Array.isArray(options.links) ? options.links : [];
  return {
    name,
    parent: parent.backend,
    tags: startTags(environment, options, parent),
    startTime: validTime(options.startTime, environment.diagnostics),
    links:
      links.length + parent.links.length === 0
        ? noLinks
        : backendLinks(environment, [...links, ...parent.links]),
    llmobs: guardedObservation(environment, options.llmobs),
    parentScope: parent.span?.scope,
  };
}

interface ResolvedParent {
  readonly backend: BackendSpan | BackendContext | undefined;
  readonly span: TracedSpan | undefined;
  /** Traces that the context names instead of one to go on with. */
  readonly links: SpanLinks;
  /** A context that continues no trace, but brings a decision or baggage to the new one. */
  readonly brought?: SpanContext;
  /** The context from another process that the local trace goes on from. */
  readonly remote: SpanContext | undefined;
  /** Whether the new span is the first one below it. */
  readonly isEntry?: boolean;
}

const noParent: ResolvedParent = {
  backend: undefined,
  span: undefined,
  links: [],
  remote: undefined,
};

function resolveParent(
  environment: SpanEnvironment,
  childOf: SpanOptions["childOf"],
  active: ActiveSpan,
): ResolvedParent {
  if (childOf === null) return noParent;
  const span = childOf === undefined ? active.span : TracedSpan.of(childOf);
  if (childOf === undefined || span !== undefined) {
    const backend = span?.backendSpan ?? active.backendSpan;
    return { backend, span, links: [], remote: span?.remote };
  }
  if (isWithoutTrace(childOf)) return { ...noParent, links: childOf.links ?? [], brought: childOf };
  const backend = environment.backendContextOf(childOf, "baggage");
  if (backend === undefined) {
    environment.diagnostics.count("invalid_parent");
    return noParent;
  }
  const remote = remoteContext(childOf);
  return { backend, span: undefined, links: remote?.links ?? [], remote, isEntry: true };
}

/** A span of another copy of the package is a parent too, but nothing came with it from another process. */
function remoteContext(target: SpanContext | Span): SpanContext | undefined {
  return "context" in target ? undefined : target;
}

/** What extraction found out besides the trace itself: `_dd.parent_id`, `_dd.propagation_error`, `baggage.*`. */
function addRemoteTags(
  tags: Record<string, unknown>,
  { brought, remote, isEntry }: ResolvedParent,
): void {
  const found = brought?.tags ?? (isEntry === true ? remote?.tags : undefined);
  for (const [key, value] of safeEntries(found)) {
    if (!key.startsWith("_dd.p.")) tags[key] = value;
  }
}

function isWithoutTrace(target: SpanContext | Span): target is SpanContext {
  return safeRead(target, "traceIdHex") === "0".repeat(32) && !hasTraceId(target as SpanContext);
}

/** Gives a new trace what came without one: a sampling decision and baggage. */
function takeOver(environment: SpanEnvironment, span: BackendSpan, brought: SpanContext): void {
  if (brought.samplingPriority !== undefined) {
    environment.backend.setSamplingPriority(span, brought.samplingPriority);
  }
  takeOverBaggage(environment, span, brought);
}

/** dd-trace keeps the baggage it reads beside its spans; ours belongs to the span and travels with it. */
function takeOverBaggage(
  { backend }: SpanEnvironment,
  span: BackendSpan,
  context: SpanContext | undefined,
): void {
  for (const [key, value] of safeEntries(context?.baggage)) {
    if (typeof value === "string") backend.setBaggageItem(span, key, value);
  }
}

/** Application data that the caller gives the span to carry on; guarded, since every peer can read it. */
function setBaggage(
  { backend, guard }: SpanEnvironment,
  span: BackendSpan,
  baggage: unknown,
): void {
  for (const [key, value] of safeEntries(baggage)) {
    const guarded = guard.value(key, value);
    if (guarded !== undefined) backend.setBaggageItem(span, guard.key(key), String(guarded));
  }
}

function startTags(
  { guard }: SpanEnvironment,
  options: SpanOptions,
  parent: ResolvedParent,
): Record<string, unknown> {
  const tags: Record<string, unknown> = {};
  const given: unknown = options.tags;
  if (typeof given === "object" && given !== null) {
    for (const key of safeKeys(given)) {
      const value = safeRead(given, key);
      if (key !== "error" || typeof value !== "object") addGuardedTag(guard, tags, key, value);
    }
  }
  if (options.resource) addGuardedTag(guard, tags, "resource.name", options.resource);
  if (options.service) addGuardedTag(guard, tags, "service.name", options.service);
  if (options.type) addGuardedTag(guard, tags, "span.type", options.type);
  if (options.kind) addGuardedTag(guard, tags, "span.kind", options.kind);
  if (options.keep === true) tags["manual.keep"] = true;
  addRemoteTags(tags, parent);
  return tags;
}

function backendLinks(environment: SpanEnvironment, links: SpanLinks): BackendLink[] {
  const { guard, diagnostics } = environment;
  const result: BackendLink[] = [];
  for (const link of links) {
    const context = backendContextOf(link?.context, environment);
    if (context === undefined) diagnostics.count("invalid_link");
    else {
      const attributes = guard.attributes(link.attributes as Record<string, unknown> | undefined);
      result.push({ context, attributes });
    }
  }
  return result;
}
