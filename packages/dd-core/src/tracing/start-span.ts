import { inertBackend } from "../dd-trace/inert-backend.ts";
import { safeText } from "../guard/safe-read.ts";
import { type CopyTags, copySmall, guardedTags } from "../span/guarded-tags.ts";
import type { SpanOptions } from "../span/span.ts";
import type { SpanEnvironment } from "../span/span-environment.ts";
import { TracedSpan } from "../span/traced-span.ts";
import { resolveParent } from "./span-parent.ts";
import { startWithOptions } from "./start-with-options.ts";

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

/** Agents, tools and model calls: many tags, in few shapes. */
const copyOfMore: CopyTags = (given) => ({ ...given });

/**
 * Starts a span; one of which no more is said than its parent and its tags, as of most, on a way of its own. It is short
 * enough for V8 to make one piece of it, and asks for none of the other options: reading a dozen that are not there takes
 * a fifth of a start in a program that has many shapes of them.
 *
 * @throws What reading the options throws, before anything has been started.
 */
function startGuarded(
  environment: SpanEnvironment,
  name: string,
  options: SpanOptions,
): TracedSpan {
  let childOf: SpanOptions["childOf"];
  let given: SpanOptions["tags"];
  // What an object has by its class is not enumerated.
  let isMore = Object.getPrototypeOf(options) !== Object.prototype;
  if (isMore) ({ childOf, tags: given } = options);
  else
    for (const key in options) {
      if (key === "tags") given = options[key];
      else if (key === "childOf") childOf = options[key];
      else isMore = true;
    }
  const parent = resolveParent(environment, childOf);
  const guarded = guardedTags(environment, given, isMore ? copyOfMore : copySmall);
  if (isMore || guarded.instructs || parent.isEntry || parent.brought !== undefined) {
    return startWithOptions(environment, name, options, parent, guarded, given);
  }
  const { backend, sampling } = environment;
  const start = {
    childOf: parent.backend,
    tags: guarded.tags,
    startTime: undefined,
    links: undefined,
  };
  const backendSpan = backend.startSpan(name, start, false, true);
  if (parent.backend === undefined) sampling.traceStarted();
  const { span: above, remote } = parent;
  return new TracedSpan(
    environment,
    name,
    backendSpan,
    above?.scope,
    remote,
    undefined,
    above?.owner,
  );
}

function inertSpan(environment: SpanEnvironment, name: string): TracedSpan {
  const options = { childOf: undefined, tags: undefined, startTime: undefined, links: undefined };
  const span = inertBackend.startSpan(name, options, false, false);
  return new TracedSpan(environment, name, span, undefined, undefined, undefined, undefined);
}
