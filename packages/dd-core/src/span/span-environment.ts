import type { BackendContext, TracerBackend } from "../dd-trace/tracer-backend.ts";
import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import type { TagGuard } from "../guard/tag-guard.ts";
import type { TraceSampling } from "../sampling/trace-sampling.ts";
import type { OpenSpans } from "./open-spans.ts";
import type { Span } from "./span.ts";
import type { SpanAccounting } from "./span-accounting.ts";
import type { SpanContext } from "./span-context.ts";
import type { SpanTimeouts } from "./span-timeouts.ts";
import type { TracedSpan } from "./traced-span.ts";

/** What every span of one client shares. */
export interface SpanEnvironment {
  readonly backend: TracerBackend;
  readonly guard: TagGuard;
  readonly diagnostics: Diagnostics;
  readonly accounting: SpanAccounting;
  readonly sampling: TraceSampling;
  readonly timeouts: SpanTimeouts;
  readonly openSpans: OpenSpans<TracedSpan>;
  readonly contextOf: (backend: BackendContext, remote?: SpanContext) => SpanContext;
  readonly backendContextOf: (
    target: SpanContext | Span,
    effects?: "baggage" | "none",
  ) => BackendContext | undefined;
}
