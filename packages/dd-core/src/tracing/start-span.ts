import { hasTraceId } from "@llmdevops/dd-propagation";
import { inertBackend } from "../dd-trace/inert-backend.ts";
import type {
  BackendContext,
  BackendLink,
  BackendSpan,
  BackendSpanRequest,
} from "../dd-trace/tracer-backend.ts";
import { safeEntries, safeRead, safeText } from "../guard/safe-read.ts";
import { guardedTag } from "../span/reserved-tags.ts";
import type { Span, SpanOptions } from "../span/span.ts";
import type { SpanContext } from "../span/span-context.ts";
import { undecorated } from "../span/span-decorator.ts";
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

type SpanLinks = readonly { readonly context: SpanContext | Span; readonly attributes?: object }[];

/** Starts a span on the tracer underneath, every value guarded; whatever goes wrong, there is a span. */
export function startTracedSpan(
  environment: SpanEnvironment,
  name: string,
  options: SpanOptions,
  active: ActiveSpan,
): TracedSpan {
  const { guard, accounting, timeouts, diagnostics } = environment;
  const guardedName = guard.text(safeText(name));
  const started = startBackendSpan(environment, guardedName, options, active);
  const onFinish = safeRead(options, "onFinish");
  const span = new TracedSpan(
    environment,
    guardedName,
    started.span,
    started.scope,
    typeof onFinish === "function" ? (ended) => onFinish(ended) : undefined,
  );
  accounting.spanCreated();
  const error = safeRead(safeRead(options, "tags"), "error");
  if (typeof error === "object" && error !== null) span.setError(error);
  const timeoutMs = safeRead(options, "timeoutMs");
  if (typeof timeoutMs === "number" && timeoutMs > 0 && timeoutMs < Number.POSITIVE_INFINITY) {
    timeouts.watch(span, timeoutMs);
  } else if (timeoutMs !== undefined) diagnostics.count("invalid_timeout");
  return span;
}

function startBackendSpan(
  environment: SpanEnvironment,
  name: string,
  options: SpanOptions,
  active: ActiveSpan,
): ReturnType<typeof inertBackend.startSpan> {
  try {
    const parent = resolveParent(environment, options.childOf, active);
    const started = environment.backend.startSpan(requestFor(environment, name, options, parent));
    if (parent.brought !== undefined) takeOver(environment, started.span, parent.brought);
    return started;
  } catch {
    environment.diagnostics.count("span_start_failed");
    return inertBackend.startSpan({
      name,
      parent: undefined,
      tags: {},
      startTime: undefined,
      links: [],
      llmobs: undefined,
      parentScope: undefined,
    });
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
    tags: startTags(environment, options),
    startTime: validTime(options.startTime, environment.diagnostics),
    links: backendLinks(environment, [...links, ...parent.links]),
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
}

function resolveParent(
  environment: SpanEnvironment,
  childOf: SpanOptions["childOf"],
  active: ActiveSpan,
): ResolvedParent {
  if (childOf === null) return { backend: undefined, span: undefined, links: [] };
  if (childOf === undefined) return { backend: active.backendSpan, span: active.span, links: [] };
  const candidate = undecorated(childOf);
  if (candidate instanceof TracedSpan) {
    return { backend: candidate.backendSpan, span: candidate, links: [] };
  }
  if (isWithoutTrace(childOf)) {
    return { backend: undefined, span: undefined, links: childOf.links ?? [], brought: childOf };
  }
  const backend = environment.backendContextOf(childOf, "baggage");
  if (backend === undefined) environment.diagnostics.count("invalid_parent");
  return { backend, span: undefined, links: [] };
}

function isWithoutTrace(target: SpanContext | Span): target is SpanContext {
  return safeRead(target, "traceIdHex") === "0".repeat(32) && !hasTraceId(target as SpanContext);
}

/** Gives a new trace what came without one: a sampling decision and baggage. */
function takeOver({ backend }: SpanEnvironment, span: BackendSpan, brought: SpanContext): void {
  if (brought.samplingPriority !== undefined) {
    backend.setSamplingPriority(span, brought.samplingPriority);
  }
  for (const [key, value] of safeEntries(brought.baggage)) {
    if (typeof value === "string") backend.setBaggageItem(span, key, value);
  }
}

function startTags(environment: SpanEnvironment, options: SpanOptions): Record<string, unknown> {
  const { guard } = environment;
  const tags: Record<string, unknown> = {};
  const set = (key: string, value: unknown): void => {
    const tag = guardedTag(guard, key, value);
    if (tag !== undefined) tags[tag[0]] = tag[1];
  };
  for (const [key, value] of safeEntries(options.tags)) {
    if (key !== "error" || typeof value !== "object") set(key, value);
  }
  if (options.resource) set("resource.name", options.resource);
  if (options.service) set("service.name", options.service);
  if (options.type) set("span.type", options.type);
  if (options.kind) set("span.kind", options.kind);
  if (options.keep === true) tags["manual.keep"] = true;
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
