import type { BackendSpan, TracerBackend } from "../dd-trace/tracer-backend.ts";
import { PropagationFailedError } from "../errors/tracing-error.ts";
import type { Span } from "../span/span.ts";
import type { SpanEnvironment } from "../span/span-environment.ts";
import { TracedSpan, tracedSpanOf } from "../span/traced-span.ts";
import type { ContextBridge, InjectedContext } from "./context-bridge.ts";

/** The span that is active, as the client knows it and as the tracer underneath does. */
interface ActiveSpan {
  readonly backendSpan: BackendSpan | undefined;
  /** `undefined` for a span that somebody else started with the same tracer. */
  readonly span: TracedSpan | undefined;
}

export function activeSpan(backend: TracerBackend): ActiveSpan {
  const backendSpan = backend.activeSpan();
  return { backendSpan, span: backendSpan && tracedSpanOf(backendSpan) };
}

/** Writes the context of a span, or else of the active one, into a carrier; never throws. */
export function injectActiveContext(
  environment: SpanEnvironment,
  bridge: ContextBridge,
  carrier: unknown,
  span: Span | undefined,
): void {
  try {
    const target = injectedContext(environment, bridge, span);
    if (target !== undefined) bridge.inject(target, carrier);
  } catch (cause) {
    const message = "The trace context could not be written to the carrier.";
    const error = new PropagationFailedError(message, { cause });
    environment.diagnostics.fault("propagation_failed", error);
  }
}

/** What to write for a span: this client's own, that of another copy of the package, or the active one. */
function injectedContext(
  { backend, diagnostics }: SpanEnvironment,
  bridge: ContextBridge,
  span: Span | undefined,
): InjectedContext | undefined {
  const active = span === undefined ? activeSpan(backend) : undefined;
  const target = active === undefined ? TracedSpan.of(span) : active.span;
  if (target !== undefined) {
    const { backendSpan, scope, remote } = target;
    return { context: backendSpan, scope, remote, span: target };
  }
  const context = span === undefined ? active?.backendSpan : bridge.backendContextOf(span);
  if (span !== undefined && context === undefined) diagnostics.count("invalid_span");
  return context === undefined ? undefined : { context, scope: undefined, remote: undefined };
}
