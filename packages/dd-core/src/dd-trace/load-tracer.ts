import { createRequire } from "node:module";
import type { Tracer } from "dd-trace";
import type { Foundation } from "../configuration/foundation.ts";
import { moduleAddress } from "../module-address.ts";
import { type DeferrableSdk, withDeferredSdks } from "./deferred-sdks.ts";
import { enableIntegrations, hasLogIntegration } from "./integrations.ts";
import { withQuietEnvironment } from "./quiet-environment.ts";
import { reportAdoption } from "./report-adoption.ts";
import { isInitialized, readPath } from "./untyped.ts";

const missingCodes: readonly unknown[] = ["MODULE_NOT_FOUND", "ERR_MODULE_NOT_FOUND"];

/** dd-trace, and whether somebody else has set it up. */
export interface LoadedTracer {
  readonly tracer: Tracer;
  readonly isAdopted: boolean;
}

/**
 * Loads dd-trace and initialises it for manual spans, or adopts it when the host has initialised it before.
 *
 * @returns `undefined` when dd-trace is not installed or cannot be loaded; that is reported once.
 */
export function loadTracer(foundation: Foundation): LoadedTracer | undefined {
  const { configuration, diagnostics } = foundation;
  try {
    return withQuietEnvironment(foundation, () => {
      const loaded: unknown = createRequire(moduleAddress)("dd-trace");
      const candidate = (readPath(loaded, "default") ?? loaded) as Tracer;
      if (!isInitialized(candidate)) {
        const tracer = withDeferredSdks(unusedSdks(foundation), () =>
          candidate.init(initOptions(foundation)),
        );
        enableIntegrations(tracer, configuration.integrations, diagnostics);
        return { tracer, isAdopted: false };
      }
      reportAdoption(foundation, candidate);
      return { tracer: candidate, isAdopted: true };
    });
  } catch (cause) {
    const isMissing = missingCodes.includes(readPath(cause, "code"));
    const [reason] = String(readPath(cause, "message")).split("\n", 1);
    diagnostics.warnOnce(
      "dd-trace-missing",
      isMissing
        ? "dd-trace is not installed, so spans are not recorded. Install it with: npm install dd-trace@6"
        : `dd-trace could not be loaded, so spans are not recorded: ${reason}`,
    );
    diagnostics.count("dd_trace_unavailable");
    return undefined;
  }
}

function unusedSdks({ configuration }: Foundation): readonly DeferrableSdk[] {
  const unused: DeferrableSdk[] = [];
  // dd-trace's own variable: whoever sets it to anything wants App and API Protection as dd-trace has it.
  if (process.env["DD_APPSEC_ENABLED"] === undefined) unused.push("appsec");
  if (!configuration.llmobs.enabled) unused.push("llmobs");
  return unused;
}

type InitOptions = NonNullable<Parameters<Tracer["init"]>[0]>;

function initOptions({ configuration, guard }: Foundation): InitOptions {
  const { service, env, version, tags, agentUrl, sampleRate, sampling, llmobs } = configuration;
  const { integrations, logInjection } = configuration;
  return {
    service,
    ...(env === undefined ? {} : { env }),
    ...(version === undefined ? {} : { version }),
    tags: guard.attributes(tags),
    url: agentUrl,
    site: configuration.site,
    sampleRate,
    samplingRules: [...sampling.rules],
    spanSamplingRules: [...sampling.spanRules],
    // dd-trace would otherwise drop all but 100 of the traces of a second that the rate has chosen to keep.
    ...(process.env["DD_TRACE_RATE_LIMIT"] === undefined ? { rateLimit: -1 } : {}),
    plugins: false,
    tracePropagationStyle: propagationStyles(integrations),
    logInjection: logInjection && hasLogIntegration(integrations),
    runtimeMetrics: false,
    startupLogs: false,
    ...(llmobs.enabled
      ? { llmobs: { mlApp: llmobs.mlApp, agentlessEnabled: llmobs.agentless } }
      : {}),
  };
}

/**
 * What the bridge to dd-propagation reads and writes; integrations such as `http` speak for themselves, in the formats
 * that the user has chosen.
 */
function propagationStyles(integrations: readonly string[]): {
  inject: string[];
  extract: string[];
} {
  const inject = ["datadog"];
  const extract = ["datadog", "tracecontext", "baggage"];
  if (integrations.length === 0) return { inject, extract };
  const chosen = (direction: "INJECT" | "EXTRACT") =>
    process.env[`DD_TRACE_PROPAGATION_STYLE_${direction}`] ||
    process.env["DD_TRACE_PROPAGATION_STYLE"] ||
    "datadog,tracecontext,baggage";
  const union = (needed: readonly string[], text: string) => [
    ...new Set([...text.toLowerCase().split(/\s*,\s*/), ...needed].filter((name) => name !== "")),
  ];
  return { inject: union(inject, chosen("INJECT")), extract: union(extract, chosen("EXTRACT")) };
}
