import type { Foundation } from "../configuration/foundation.ts";
import { environmentCredentialProvider } from "../ports/credential-provider.ts";
import { wrappedBuiltIns } from "./integrations.ts";

/** Node's own modules that dd-trace would wrap even with `plugins: false`. */
const builtInInstrumentations = [
  "fetch",
  "process",
  "console",
  "child_process",
  "crypto",
  "dns",
  "fs",
  "http",
  "http2",
  "https",
  "net",
  "url",
  "vm",
];

/** Longest set of propagated tags that passes between dd-trace and us; the user's own limit is applied by us. */
export const internalTagsLength = 8_192;

/**
 * Variables that keep dd-trace to manual spans: nothing of the host is wrapped that no integration asks for and no request is made that the
 * application did not cause. A variable that the user has set stays as it is.
 */
const quietDefaults: Readonly<Record<string, string>> = {
  DD_INSTRUMENTATION_TELEMETRY_ENABLED: "false",
  DD_REMOTE_CONFIGURATION_ENABLED: "false",
  DD_CRASHTRACKING_ENABLED: "false",
  DD_TRACE_STARTUP_LOGS: "false",
  DD_EXPERIMENTAL_PROPAGATE_PROCESS_TAGS_ENABLED: "false",
};

/**
 * Runs `fn` with the variables in place that dd-trace reads while it is loaded and initialised, and puts the
 * environment back afterwards, so that child processes do not inherit them.
 */
export function withQuietEnvironment<T>(foundation: Foundation, fn: () => T): T {
  const { configuration } = foundation;
  const environment = process.env;
  const overrides: Record<string, string | undefined> = {
    DD_LLMOBS_ENABLED: String(configuration.llmobs.enabled),
    // dd-trace would put these on every span as they are, past the tag guard; they are passed on as an option.
    DD_TAGS: undefined,
    DD_TRACE_TAGS: undefined,
    DD_TRACE_GLOBAL_TAGS: undefined,
    OTEL_RESOURCE_ATTRIBUTES: undefined,
    // dd-trace writes the time of native events as a float, for which receivers refuse the whole payload.
    DD_TRACE_NATIVE_SPAN_EVENTS: "false",
    // The formats on the wire, their limits and what an incoming context leads to are ours (see ContextBridge).
    DD_TRACE_PROPAGATION_BEHAVIOR_EXTRACT: "continue",
    DD_TRACE_PROPAGATION_EXTRACT_FIRST: "false",
    DD_TRACE_X_DATADOG_TAGS_MAX_LENGTH: String(internalTagsLength),
  };
  const { commitSha, repositoryUrl } = configuration.git;
  if (commitSha !== undefined) overrides["DD_GIT_COMMIT_SHA"] = commitSha;
  if (repositoryUrl !== undefined) overrides["DD_GIT_REPOSITORY_URL"] = repositoryUrl;
  if (configuration.llmobs.enabled && configuration.llmobs.agentless) {
    overrides["DD_API_KEY"] = apiKeyFor(foundation);
  }
  const wrapped = wrappedBuiltIns(configuration.integrations);
  const disabled = builtInInstrumentations.filter((name) => !wrapped.has(name)).join(",");
  const defaults = { ...quietDefaults, DD_TRACE_DISABLED_INSTRUMENTATIONS: disabled };
  for (const [variable, value] of Object.entries(defaults)) {
    if (environment[variable] === undefined) overrides[variable] = value;
  }
  const before = Object.keys(overrides).map((name) => [name, environment[name]] as const);
  setVariables(Object.entries(overrides));
  try {
    return fn();
  } finally {
    setVariables(before);
  }
}

/**
 * dd-trace refuses to begin without a key. The link asks for the current one at every delivery, so that one which comes
 * later, or changes, is used.
 */
function apiKeyFor({
  credentials = environmentCredentialProvider(),
  diagnostics,
}: Foundation): string {
  const key = credentials.getCredential("DD_API_KEY");
  if (key !== undefined) return key;
  diagnostics.warnOnce(
    "api-key-missing",
    "LLM Observability is to be sent to Datadog directly and there is no API key, so its events are dropped. Set the variable DD_API_KEY or the option credentials.",
  );
  return "not-known-yet";
}

function setVariables(variables: readonly (readonly [string, string | undefined])[]): void {
  for (const [name, value] of variables) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
