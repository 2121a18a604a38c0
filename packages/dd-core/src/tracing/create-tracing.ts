import type { CoreOptions } from "../configuration/core-options.ts";
import { createFoundation, type Foundation } from "../configuration/foundation.ts";
import { attachAgentLink } from "../dd-trace/agent-link-seam.ts";
import { DdTraceBackend } from "../dd-trace/dd-trace-backend.ts";
import { inertBackend } from "../dd-trace/inert-backend.ts";
import { type LoadedTracer, loadTracer } from "../dd-trace/load-tracer.ts";
import { tracerVersion } from "../dd-trace/trace-writer.ts";
import { setSampleRate } from "../dd-trace/untyped.ts";
import { AdaptiveRate } from "../sampling/adaptive-rate.ts";
import { Tracing } from "./tracing.ts";

/**
 * Creates the tracing client: spans on dd-trace 6, every value guarded, nothing of the host patched.
 *
 * Where dd-trace is not installed, or `DD_TRACE_ENABLED=false`, the same client works without effect.
 *
 * @param options See {@link CoreOptions}; not read where a foundation is given.
 * @param foundation What it shares with other clients. @default built from the options
 * @throws {ConfigurationError} When an option or environment variable is missing or wrong; nothing throws later.
 * @example
 * ```ts
 * import { createTracing } from "@llmdevops/dd-core";
 *
 * const tracing = createTracing({ service: "checkout", env: "dev" });
 * await tracing.trace("order.place", async (span) => {
 *   span.setTag("order.lines", 3);
 * });
 * await tracing.shutdown();
 * ```
 */
export function createTracing(
  options: CoreOptions = {},
  foundation: Foundation = createFoundation(options),
): Tracing {
  const { configuration, diagnostics } = foundation;
  if (!configuration.enabled) {
    diagnostics.info("Tracing is switched off, so spans go nowhere.");
    return new Tracing(foundation, inertBackend, "disabled");
  }
  const loaded = loadTracer(foundation);
  if (loaded === undefined) return new Tracing(foundation, inertBackend, "unavailable");
  const { tracer, isAdopted } = loaded;
  const seam = attachAgentLink(tracer, foundation, isAdopted);
  const mayObserve = isAdopted || configuration.llmobs.enabled;
  const backend = new DdTraceBackend(tracer, diagnostics, seam, { isAdopted, mayObserve });
  if (!isAdopted) {
    const { service, agentUrl } = configuration;
    diagnostics.info(
      `Tracing ${service} on dd-trace ${tracerVersion()}; traces go to ${agentUrl}.`,
    );
  }
  return new Tracing(foundation, backend, "active", adaptiveRate(loaded, foundation));
}

/** A tracer that somebody else has set up keeps its rate. */
function adaptiveRate(
  { tracer, isAdopted }: LoadedTracer,
  { configuration, diagnostics }: Foundation,
): AdaptiveRate | undefined {
  const target = configuration.sampling.targetTracesPerSecond;
  if (target === undefined || isAdopted) return undefined;
  return new AdaptiveRate(target, configuration.sampleRate, (rate) => {
    if (!setSampleRate(tracer, rate)) diagnostics.count("sample_rate_not_changed");
  });
}
