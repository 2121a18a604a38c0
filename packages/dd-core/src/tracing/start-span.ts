import type { BackendContext, BackendLink, BackendSpan } from "../dd-trace/tracer-backend.ts";
import { safeEntries } from "../guard/tag-guard.ts";
import type { SpanOptions } from "../span/span.ts";
import { undecorated } from "../span/span-decorator.ts";
import { backendContextOf, type SpanEnvironment, TracedSpan } from "../span/traced-span.ts";

/** Starts a span on the tracer underneath, every value guarded. */
export function startTracedSpan(
  environment: SpanEnvironment,
  name: string,
  options: SpanOptions,
  active: TracedSpan | undefined,
): TracedSpan {
  const { backend, guard, accounting, timeouts } = environment;
  const parent = resolveParent(environment, options.childOf, active);
  const guardedName = guard.text(String(name));
  const { span, scope } = backend.startSpan({
    name: guardedName,
    parent: parent.backend,
    tags: startTags(environment, options),
    startTime: options.startTime,
    links: backendLinks(environment, options.links),
    llmobs: guardedObservation(environment, options.llmobs),
    parentScope: parent.span?.scope,
  });
  const traced = new TracedSpan(environment, guardedName, span, scope, options.onFinish);
  accounting.spanCreated();
  if (options.timeoutMs !== undefined && options.timeoutMs > 0) {
    timeouts.watch(traced, options.timeoutMs);
  }
  return traced;
}

function guardedObservation(
  { guard }: SpanEnvironment,
  observed: SpanOptions["llmobs"],
): SpanOptions["llmobs"] {
  if (observed?.name === undefined) return observed;
  return { ...observed, name: guard.text(observed.name) };
}

interface ResolvedParent {
  readonly backend: BackendSpan | BackendContext | undefined;
  readonly span: TracedSpan | undefined;
}

function resolveParent(
  environment: SpanEnvironment,
  childOf: SpanOptions["childOf"],
  active: TracedSpan | undefined,
): ResolvedParent {
  if (childOf === null) return { backend: undefined, span: undefined };
  if (childOf === undefined) return { backend: active?.backendSpan, span: active };
  const candidate = undecorated(childOf);
  if (candidate instanceof TracedSpan) return { backend: candidate.backendSpan, span: candidate };
  const backend = backendContextOf(childOf, environment);
  if (backend === undefined) environment.diagnostics.count("invalid_parent");
  return { backend, span: undefined };
}

function startTags(environment: SpanEnvironment, options: SpanOptions): Record<string, unknown> {
  const { guard } = environment;
  const tags: Record<string, unknown> = {};
  if (options.tags !== undefined && options.tags !== null) {
    for (const [key, value] of safeEntries(options.tags)) {
      const guarded = guard.value(key, value);
      if (guarded !== undefined) tags[guard.key(key)] = guarded;
    }
  }
  if (options.resource !== undefined) tags["resource.name"] = guard.text(options.resource);
  if (options.service !== undefined) tags["service.name"] = guard.text(options.service);
  if (options.type !== undefined) tags["span.type"] = options.type;
  if (options.kind !== undefined) tags["span.kind"] = options.kind;
  if (options.keep === true) tags["manual.keep"] = true;
  return tags;
}

function backendLinks(environment: SpanEnvironment, links: SpanOptions["links"]): BackendLink[] {
  const result: BackendLink[] = [];
  for (const link of links ?? []) {
    const context = backendContextOf(link.context, environment);
    if (context === undefined) environment.diagnostics.count("invalid_link");
    else result.push({ context, attributes: environment.guard.attributes(link.attributes) });
  }
  return result;
}
