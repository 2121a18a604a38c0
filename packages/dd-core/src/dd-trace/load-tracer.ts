import { createRequire } from "node:module";
import type { Tracer } from "dd-trace";
import type { Configuration } from "../configuration/configuration.ts";
import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import { withQuietEnvironment } from "./quiet-environment.ts";
import { isInitialized, readPath } from "./untyped.ts";

/**
 * Loads dd-trace and initialises it for manual spans, or adopts it when the host has initialised it before.
 *
 * @returns `undefined` when dd-trace is not installed or cannot be loaded; that is reported once.
 */
export function loadTracer(
  configuration: Configuration,
  diagnostics: Diagnostics,
): Tracer | undefined {
  let tracer: Tracer;
  try {
    tracer = withQuietEnvironment(configuration, () => {
      const loaded: unknown = createRequire(import.meta.url)("dd-trace");
      const candidate = (readPath(loaded, "default") ?? loaded) as Tracer;
      if (isInitialized(candidate)) {
        diagnostics.info(
          "dd-trace was initialised before this client; its settings stay in force.",
        );
        return candidate;
      }
      return candidate.init(initOptions(configuration));
    });
  } catch (cause) {
    const code = readPath(cause, "code");
    diagnostics.warnOnce(
      "dd-trace-missing",
      code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND"
        ? "dd-trace is not installed, so spans are not recorded. Install it with: npm install dd-trace@6"
        : `dd-trace could not be loaded, so spans are not recorded: ${readPath(cause, "message")}`,
    );
    diagnostics.count("dd_trace_unavailable");
    return undefined;
  }
  return tracer;
}

type InitOptions = NonNullable<Parameters<Tracer["init"]>[0]>;

function initOptions(configuration: Configuration): InitOptions {
  const { service, env, version, tags, agentUrl, sampleRate, llmobs } = configuration;
  return {
    service,
    ...(env === undefined ? {} : { env }),
    ...(version === undefined ? {} : { version }),
    tags: { ...tags },
    url: agentUrl,
    sampleRate,
    plugins: false,
    logInjection: false,
    runtimeMetrics: false,
    startupLogs: false,
    ...(llmobs.enabled
      ? { llmobs: { mlApp: llmobs.mlApp, agentlessEnabled: llmobs.agentless } }
      : {}),
  };
}
