import { inertBackend } from "../dd-trace/inert-backend.ts";
import type { BackendSpan, BackendSpanOptions } from "../dd-trace/tracer-backend.ts";
import { safeEntries, safeText } from "../guard/safe-read.ts";
import { errorAmong, guardedTags } from "../span/guarded-tags.ts";
import type { SpanOptions } from "../span/span.ts";
import type { SpanEnvironment } from "../span/span-environment.ts";
import { validTime } from "../span/span-time.ts";
import { TracedSpan } from "../span/traced-span.ts";
import { guardedObservation } from "./observation.ts";
import { addRemoteTags, resolveParent, startLinks, takeOver } from "./span-parent.ts";

/** Starts a span on the tracer underneath, every value guarded; whatever goes wrong, there is a span. */
export function startTracedSpan(
  environment: SpanEnvironment,
  name: string,
  options: SpanOptions,
): TracedSpan {
  const guardedName = environment.guard.spanName(safeText(name));
  let span: TracedSpan;
  try {
    span = startGuarded(environment, guardedName, options);
  } catch {
    environment.diagnostics.count("span_start_failed");
    span = inertSpan(environment, guardedName);
  }
  environment.accounting.spanCreated();
  environment.openSpans.add(span);
  if (environment.diagnostics.isDetailed) logStart(environment, span);
  return span;
}

function logStart({ diagnostics }: SpanEnvironment, span: TracedSpan): void {
  diagnostics.debug(
    () => `Span ${span.spanId} of trace ${span.traceId} started: ${JSON.stringify(span.name)}.`,
  );
}

/** @throws What reading the options throws, before anything has been started. */
function startGuarded(
  environment: SpanEnvironment,
  name: string,
  options: SpanOptions,
): TracedSpan {
  const { guard, backend, diagnostics, sampling } = environment;
  const { childOf, tags: given, resource, service, type, kind, keep } = options;
  const { startTime, links, llmobs, baggage, owner, onFinish, timeoutMs } = options;
  const parent = resolveParent(environment, childOf);
  const { tags, instructs } = guardedTags(environment, given);
  if (resource) guard.writeTag(tags, "resource.name", resource);
  if (service) guard.writeTag(tags, "service.name", service);
  if (type) guard.writeTag(tags, "span.type", type);
  if (kind) guard.writeTag(tags, "span.kind", kind);
  if (keep === true) tags["manual.keep"] = true;
  const hasRemoteTags = addRemoteTags(tags, parent);
  const start: BackendSpanOptions = {
    childOf: parent.backend,
    tags,
    startTime: validTime(startTime, diagnostics),
    links: startLinks(environment, links, parent),
  };
  const observation = backend.llmobsEnabled ? guardedObservation(environment, llmobs) : undefined;
  let scope = parent.span?.scope;
  let backendSpan: BackendSpan;
  if (observation === undefined) {
    // Agents, tools and models: a task has hardly more than any other span.
    const hasManyTags = llmobs ? llmobs.kind !== "task" : false;
    const isDescribed = !instructs && !service && keep !== true && !hasRemoteTags;
    backendSpan = backend.startSpan(name, start, hasManyTags, isDescribed);
  } else
    ({ span: backendSpan, scope } = backend.startObservedSpan(name, start, observation, scope));
  const span = new TracedSpan(
    environment,
    name,
    backendSpan,
    scope,
    parent.remote,
    typeof onFinish === "function" ? onFinish : undefined,
    owner ?? parent.span?.owner,
  );
  if (parent.backend === undefined) sampling.traceStarted();
  takeOver(environment, backendSpan, parent);
  if (keep === true) sampling.keptFor(backendSpan, options);
  if (baggage !== undefined) setBaggage(environment, backendSpan, baggage);
  const error = instructs ? errorAmong(given) : undefined;
  if (error !== undefined) span.setError(error);
  if (timeoutMs !== undefined) watch(environment, span, timeoutMs);
  return span;
}

function watch(
  { timeouts, diagnostics }: SpanEnvironment,
  span: TracedSpan,
  timeoutMs: unknown,
): void {
  if (typeof timeoutMs === "number" && timeoutMs > 0 && timeoutMs < Number.POSITIVE_INFINITY) {
    timeouts.watch(span, timeoutMs);
  } else diagnostics.count("invalid_timeout");
}

function inertSpan(environment: SpanEnvironment, name: string): TracedSpan {
  const options = { childOf: undefined, tags: undefined, startTime: undefined, links: undefined };
  const span = inertBackend.startSpan(name, options, false, false);
  return new TracedSpan(environment, name, span, undefined, undefined, undefined, undefined);
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
