import { AsyncLocalStorage } from "node:async_hooks";
import type { Span, Tracer } from "dd-trace";
import type { LLMObservabilitySpanOptions } from "../span/span.ts";
import type { BackendSpan, CapturedScope } from "./tracer-backend.ts";

type ObservedSpanOptions = Parameters<Tracer["llmobs"]["trace"]>[0];

/**
 * Starts a span that LLM Observability records too, by dd-trace's public interface.
 *
 * @param options How dd-trace is to start the span.
 * @returns `undefined` where dd-trace refuses it.
 */
export function startObservedSpan(
  tracer: Tracer,
  name: string,
  options: object,
  observed: LLMObservabilitySpanOptions,
): { span: BackendSpan; scope: CapturedScope } | undefined {
  let started: { span: BackendSpan; scope: CapturedScope } | undefined;
  const { name: shownName = name, ...kind } = observed;
  const trace = () =>
    tracer.llmobs.trace(
      { ...options, ...kind, name } as ObservedSpanOptions,
      // Two parameters make dd-trace leave the span open until it is finished by hand.
      (span: Span, _done: (error?: Error) => void) => {
        started = { span, scope: AsyncLocalStorage.snapshot() as CapturedScope };
      },
    );
  try {
    // Always given, since the captured scope of the parent holds the parent's.
    tracer.llmobs.annotationContext({ name: shownName }, trace);
  } catch {
    return started;
  }
  return started;
}
