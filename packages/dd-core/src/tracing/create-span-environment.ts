import type { Foundation } from "../configuration/foundation.ts";
import type { TracerBackend } from "../dd-trace/tracer-backend.ts";
import type { AdaptiveRate } from "../sampling/adaptive-rate.ts";
import { TraceSampling } from "../sampling/trace-sampling.ts";
import { OpenSpans } from "../span/open-spans.ts";
import { SpanAccounting } from "../span/span-accounting.ts";
import type { SpanEnvironment } from "../span/span-environment.ts";
import { SpanTimeouts } from "../span/span-timeouts.ts";
import type { ContextBridge } from "./context-bridge.ts";

/** Open spans that a shutdown ends; a busy process has some thousands at most. */
const maximumOpenSpans = 10_000;

/** What the spans of one client share: their counts, their sampling and their limits. */
export function createSpanEnvironment(
  { configuration, guard, diagnostics }: Foundation,
  backend: TracerBackend,
  bridge: ContextBridge,
  adaptive: AdaptiveRate | undefined,
): SpanEnvironment {
  const accounting = new SpanAccounting();
  const { sampleRate } = configuration;
  const { keepErrors } = configuration.sampling;
  return {
    backend,
    guard,
    diagnostics,
    accounting,
    sampling: new TraceSampling(backend, { sampleRate, keepErrors }, adaptive),
    timeouts: new SpanTimeouts((span) => {
      accounting.spanTimedOut();
      span.setTags({
        timeout: true,
        error: true,
        "error.type": "SpanTimeout",
        "error.message": "The span was still open when its time limit ended.",
      });
      span.finish();
    }),
    openSpans: new OpenSpans(maximumOpenSpans, () => {
      diagnostics.count("open_spans_over_limit");
      diagnostics.warnOnce(
        "open-spans",
        `More than ${maximumOpenSpans} spans are open at once; some are probably never finished. A shutdown does not end the oldest.`,
      );
    }),
    contextOf: bridge.contextOf,
    backendContextOf: bridge.backendContextOf,
  };
}
