import { hasTraceId } from "@llmdevops/dd-propagation";
import type { BackendContext, BackendLink, BackendSpan } from "../dd-trace/tracer-backend.ts";
import { guardedContext } from "../guard/guarded-context.ts";
import { safeEntries, safeRead } from "../guard/safe-read.ts";
import type { Span, SpanAttributes, SpanOptions } from "../span/span.ts";
import type { SpanContext } from "../span/span-context.ts";
import type { SpanEnvironment } from "../span/span-environment.ts";
import { backendContextOf, maximumLinks, TracedSpan, tracedSpanOf } from "../span/traced-span.ts";

type SpanLinks = readonly {
  readonly context: SpanContext | Span;
  readonly attributes?: SpanAttributes;
}[];

/** What a new span goes on from. */
export interface SpanParent {
  readonly backend: BackendSpan | BackendContext | undefined;
  readonly span: TracedSpan | undefined;
  /** Traces that the context names instead of one to go on with. */
  readonly links: SpanLinks;
  /** A context that continues no trace, but brings a decision or baggage to the new one. */
  readonly brought: SpanContext | undefined;
  /** The context from another process that the local trace goes on from. */
  readonly remote: SpanContext | undefined;
  /** Whether the new span is the first one below it. */
  readonly isEntry: boolean;
}

const noLinks: SpanLinks = [];
const noParent: SpanParent = {
  backend: undefined,
  span: undefined,
  links: noLinks,
  brought: undefined,
  remote: undefined,
  isEntry: false,
};

/** The parent that the caller names, or else the active span. */
export function resolveParent(
  environment: SpanEnvironment,
  childOf: SpanOptions["childOf"],
): SpanParent {
  if (childOf === null) return noParent;
  if (childOf === undefined) {
    const active = environment.backend.activeSpan();
    return active === undefined ? noParent : localParent(active, tracedSpanOf(active));
  }
  const span = TracedSpan.of(childOf);
  return span === undefined
    ? remoteParent(environment, childOf)
    : localParent(span.backendSpan, span);
}

function localParent(backend: BackendSpan, span: TracedSpan | undefined): SpanParent {
  return {
    backend,
    span,
    links: noLinks,
    brought: undefined,
    remote: span?.remote,
    isEntry: false,
  };
}

function remoteParent(environment: SpanEnvironment, target: SpanContext | Span): SpanParent {
  // A span of another copy of the package is a parent too, but nothing came with it from another process.
  const remote = isSpan(target) ? undefined : guardedContext(target, environment.guard);
  if (remote !== undefined && isWithoutTrace(remote)) {
    return { ...noParent, links: remote.links ?? noLinks, brought: remote };
  }
  const backend = environment.backendContextOf(remote ?? target, "baggage");
  if (backend === undefined) {
    environment.diagnostics.count("invalid_parent");
    return noParent;
  }
  const links = remote?.links ?? noLinks;
  return { backend, span: undefined, links, brought: undefined, remote, isEntry: true };
}

/** Whether it is a span, be it of another copy of the package, and not a plain context. */
function isSpan(target: SpanContext | Span): target is Span {
  return typeof safeRead(target, "context") === "function";
}

const noTraceId = "0".repeat(32);

function isWithoutTrace(target: SpanContext): boolean {
  return safeRead(target, "traceIdHex") === noTraceId && !hasTraceId(target);
}

/**
 * What extraction found out besides the trace itself: `_dd.parent_id`, `_dd.propagation_error`, `baggage.*`.
 *
 * @returns Whether there may be any.
 */
export function addRemoteTags(
  tags: Record<string, unknown>,
  { brought, remote, isEntry }: SpanParent,
): boolean {
  const found = brought?.tags ?? (isEntry ? remote?.tags : undefined);
  if (found === undefined) return false;
  for (const [key, value] of safeEntries(found)) {
    if (!key.startsWith("_dd.p.")) tags[key] = value;
  }
  return true;
}

/** Gives a span what came with its parent: a sampling decision without a trace, and baggage. */
export function takeOver(
  { backend }: SpanEnvironment,
  span: BackendSpan,
  { brought, remote, isEntry }: SpanParent,
): void {
  const context = brought ?? (isEntry ? remote : undefined);
  if (context === undefined) return;
  if (brought?.samplingPriority !== undefined) {
    backend.setSamplingPriority(span, brought.samplingPriority);
  }
  // dd-trace keeps the baggage it reads beside its spans; ours belongs to the span and travels with it.
  for (const [key, value] of safeEntries(context.baggage)) {
    if (typeof value === "string") backend.setBaggageItem(span, key, value);
  }
}

/**
 * The links of a new span, those of its parent included; 128 at most; further ones and what leads nowhere are counted.
 *
 * @returns `undefined` where there are none.
 */
export function startLinks(
  environment: SpanEnvironment,
  given: unknown,
  parent: SpanParent,
): readonly BackendLink[] | undefined {
  const links: SpanLinks = Array.isArray(given) ? given : noLinks;
  if (links.length + parent.links.length === 0) return undefined;
  const { guard, diagnostics } = environment;
  const result: BackendLink[] = [];
  const total = links.length + parent.links.length;
  if (total > maximumLinks) diagnostics.count("span_links_over_limit", total - maximumLinks);
  for (let index = 0; index < Math.min(total, maximumLinks); index += 1) {
    const link = index < links.length ? links[index] : parent.links[index - links.length];
    const context = link && backendContextOf(link.context, environment);
    if (context === undefined || context === null) diagnostics.count("invalid_link");
    else result.push({ context, attributes: guard.attributes(link?.attributes) });
  }
  return result;
}
