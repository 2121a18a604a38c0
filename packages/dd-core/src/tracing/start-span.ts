import { inertBackend } from "../dd-trace/inert-backend.ts";
import type { BackendSpan, BackendSpanRequest, CapturedScope } from "../dd-trace/tracer-backend.ts";
import { safeEntries, safeText } from "../guard/safe-read.ts";
import { errorAmong, guardedTags } from "../span/guarded-tags.ts";
import type { SpanOptions } from "../span/span.ts";
import type { SpanContext } from "../span/span-context.ts";
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
  const started = startBackendSpan(environment, guardedName, options);
  const span = new TracedSpan(
    environment,
    guardedName,
    started.span,
    started.scope,
    started.remote,
    started.onFinish,
    started.owner,
  );
  environment.accounting.spanCreated();
  environment.openSpans.add(span);
  if (started.isRoot) environment.sampling.traceStarted();
  if (environment.diagnostics.isDetailed) logStart(environment, span);
  if (started.error !== undefined) span.setError(started.error);
  if (started.timeoutMs !== undefined) watch(environment, span, started.timeoutMs);
  return span;
}

function logStart({ diagnostics }: SpanEnvironment, span: TracedSpan): void {
  diagnostics.debug(
    () => `Span ${span.spanId} of trace ${span.traceId} started: ${JSON.stringify(span.name)}.`,
  );
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

interface StartedSpan {
  readonly span: BackendSpan;
  readonly scope: CapturedScope | undefined;
  readonly remote: SpanContext | undefined;
  readonly isRoot: boolean;
  /** What was given under the tag `error`, to be recorded. */
  readonly error: object | undefined;
  readonly onFinish: SpanOptions["onFinish"];
  readonly owner: object | undefined;
  readonly timeoutMs: unknown;
}

function startBackendSpan(
  environment: SpanEnvironment,
  name: string,
  options: SpanOptions,
): StartedSpan {
  try {
    const { guard, backend, diagnostics } = environment;
    const parent = resolveParent(environment, options.childOf);
    const { onFinish, timeoutMs, tags: given } = options;
    const tags = guardedTags(environment, given);
    if (options.resource) guard.writeTag(tags, "resource.name", options.resource);
    if (options.service) guard.writeTag(tags, "service.name", options.service);
    if (options.type) guard.writeTag(tags, "span.type", options.type);
    if (options.kind) guard.writeTag(tags, "span.kind", options.kind);
    if (options.keep === true) tags["manual.keep"] = true;
    addRemoteTags(tags, parent);
    const { span, scope } = backend.startSpan({
      name,
      parent: parent.backend,
      tags,
      // Agents, tools and models: a task has hardly more than any other span.
      hasManyTags: options.llmobs !== undefined && options.llmobs.kind !== "task",
      startTime: validTime(options.startTime, diagnostics),
      links: startLinks(environment, options.links, parent),
      llmobs: backend.llmobsEnabled ? guardedObservation(environment, options.llmobs) : undefined,
      parentScope: parent.span?.scope,
    });
    takeOver(environment, span, parent);
    if (options.keep === true) environment.sampling.keptFor(span, options);
    if (options.baggage !== undefined) setBaggage(environment, span, options.baggage);
    return {
      span,
      scope,
      remote: parent.remote,
      isRoot: parent.backend === undefined,
      error: errorAmong(given),
      onFinish: typeof onFinish === "function" ? onFinish : undefined,
      owner: options.owner ?? parent.span?.owner,
      timeoutMs,
    };
  } catch {
    environment.diagnostics.count("span_start_failed");
    return inertSpan(name);
  }
}

function inertSpan(name: string): StartedSpan {
  const request: BackendSpanRequest = {
    name,
    parent: undefined,
    tags: {},
    hasManyTags: false,
    startTime: undefined,
    links: [],
    llmobs: undefined,
    parentScope: undefined,
  };
  const { span, scope } = inertBackend.startSpan(request);
  return {
    span,
    scope,
    remote: undefined,
    isRoot: false,
    error: undefined,
    onFinish: undefined,
    owner: undefined,
    timeoutMs: undefined,
  };
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
