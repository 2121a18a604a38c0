import type { RedactorOptions } from "@llmdevops/dd-redaction";
import { redactorOptionNames } from "@llmdevops/dd-redaction";
import type { BufferOptions, DeliveryOptions } from "../agent-link/link-options.ts";
import type { AgentOptions } from "./agent-address.ts";
import type { CoreOptions, LLMObservabilityOptions, SamplingOptions } from "./core-options.ts";
import type { GitOptions } from "./git-metadata.ts";
import type { OptionNames } from "./option-names.ts";

const agent: OptionNames<AgentOptions> = {
  url: "DD_TRACE_AGENT_URL",
  host: "DD_AGENT_HOST",
  port: "DD_TRACE_AGENT_PORT",
  socketPath: "DD_TRACE_AGENT_URL",
};

const git: OptionNames<GitOptions> = {
  commitSha: "DD_GIT_COMMIT_SHA",
  repositoryUrl: "DD_GIT_REPOSITORY_URL",
};

// What rules hold, their reader checks for options and variables alike.
const sampling: OptionNames<SamplingOptions> = {
  rate: "DD_TRACE_SAMPLE_RATE",
  rules: ["list", "plain", "DD_TRACE_SAMPLING_RULES"],
  spanRules: ["list", "plain", "DD_SPAN_SAMPLING_RULES"],
  targetTracesPerSecond: true,
  keepErrors: true,
};

const llmobs: OptionNames<LLMObservabilityOptions> = {
  enabled: "DD_LLMOBS_ENABLED",
  mlApp: "DD_LLMOBS_ML_APP",
  agentlessEnabled: "DD_LLMOBS_AGENTLESS_ENABLED",
};

const buffer: OptionNames<BufferOptions> = {
  maxSpans: true,
  maxBytes: true,
  spoolDirectory: true,
  maxSpoolBytes: true,
  maxSpoolAgeMs: true,
};

const delivery: OptionNames<DeliveryOptions> = {
  connectTimeoutMs: true,
  responseTimeoutMs: true,
  retryBaseMs: true,
  retryCapMs: true,
  breakerFailures: true,
  breakerOpenMs: true,
  healthIntervalMs: true,
  flushOnExit: true,
  exitTimeoutMs: true,
};

const redaction: OptionNames<RedactorOptions> = redactorOptionNames;

/** All options of {@link CoreOptions} by name, for the packages whose options include them. */
export const coreOptionNames: OptionNames<CoreOptions> = {
  service: "DD_SERVICE",
  env: "DD_ENV",
  version: "DD_VERSION",
  tags: ["record", true, "DD_TAGS"],
  enabled: "DD_TRACE_ENABLED",
  agent,
  site: "DD_SITE",
  git,
  sampling,
  llmobs,
  redaction,
  integrations: ["list", true, "DD_LLMDEVOPS_INTEGRATIONS"],
  buffer,
  delivery,
  logInjection: "DD_LOGS_INJECTION",
  flushTimeoutMs: true,
  shutdownTimeoutMs: true,
  credentials: true,
  audit: true,
  logger: true,
  onError: true,
};
