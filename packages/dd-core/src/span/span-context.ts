import type { SpanContext } from "@llmdevops/dd-propagation";

export type { SpanContext };

/** What the tracer needs to go on from a context: the headers it was read from, or can be written as. */
const headersOfContext = new WeakMap<SpanContext, Readonly<Record<string, string>>>();

/** Remembers the headers that a context was extracted from. */
export function rememberHeaders(
  context: SpanContext,
  headers: Readonly<Record<string, string>>,
): void {
  headersOfContext.set(context, headers);
}

/**
 * The headers a context stands for; a context that was not extracted here, for example one that came through
 * a queue as JSON, is written in Datadog's own form.
 */
export function headersFor(context: SpanContext): Readonly<Record<string, string>> {
  return headersOfContext.get(context) ?? datadogHeaders(context);
}

function datadogHeaders(context: SpanContext): Record<string, string> {
  const headers: Record<string, string> = {
    "x-datadog-trace-id": context.traceId,
    "x-datadog-parent-id": context.spanId,
  };
  if (context.samplingPriority !== undefined) {
    headers["x-datadog-sampling-priority"] = String(context.samplingPriority);
  }
  if (context.origin !== undefined) headers["x-datadog-origin"] = context.origin;
  const tags: Record<string, string> = {};
  for (const [key, value] of Object.entries(context.tags ?? {})) {
    if (key.startsWith("_dd.p.")) tags[key] = value;
  }
  const upper = context.traceIdHex.slice(0, 16);
  if (!/^0*$/.test(upper)) tags["_dd.p.tid"] ??= upper;
  const pairs = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
  if (pairs.length > 0) headers["x-datadog-tags"] = pairs.join(",");
  return headers;
}
