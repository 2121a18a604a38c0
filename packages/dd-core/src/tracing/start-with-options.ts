import type { BackendSpan, BackendSpanOptions } from "../dd-trace/tracer-backend.ts";
import { safeEntries } from "../guard/safe-read.ts";
import { errorAmong, type GuardedTags } from "../span/guarded-tags.ts";
import type { SpanOptions } from "../span/span.ts";
import type { SpanEnvironment } from "../span/span-environment.ts";
import { validTime } from "../span/span-time.ts";
import { TracedSpan } from "../span/traced-span.ts";
import { guardedObservation } from "./observation.ts";
import { addRemoteTags, type SpanParent, startLinks, takeOver } from "./span-parent.ts";

/**
 * Starts a span of which more is said than its parent and its tags.
 *
 * @param given The tags before they were guarded.
 * @throws What reading the options throws, before anything has been started.
 */
export function startWithOptions(
  environment: SpanEnvironment,
  name: string,
  options: SpanOptions,
  parent: SpanParent,
  { tags, instructs }: GuardedTags,
  given: SpanOptions["tags"],
): TracedSpan {
  const { guard, backend, diagnostics, sampling } = environment;
  const { resource, service, type, kind, keep, startTime } = options;
  const { links, llmobs, baggage, owner, onFinish, timeoutMs } = options;
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
