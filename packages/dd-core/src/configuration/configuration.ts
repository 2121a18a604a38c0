import type { RedactorOptions } from "@llmdevops/dd-redaction";
import { InvalidSampleRateError, MissingServiceNameError } from "../errors/configuration-error.ts";
import type { Logger } from "../ports/logger.ts";
import { type AgentOptions, resolveAgentUrl } from "./agent-address.ts";
import { type Environment, SettingReader, type SettingReport } from "./setting.ts";
import { parseTagList } from "./tag-list.ts";

/** Which traces are kept. */
export interface SamplingOptions {
  /**
   * Share of new traces that is kept, from 0 to 1, decided by trace id; a parent's decision always wins, and
   * LLM and agent spans are always kept. Environment: `DD_TRACE_SAMPLE_RATE`.
   * @default 1, and 0.1 where `env` is `prod` or `production`
   */
  readonly rate?: number;
}

/** Whether and how LLM Observability spans are sent. */
export interface LLMObservabilityOptions {
  /** Environment: `DD_LLMOBS_ENABLED`. @default false */
  readonly enabled?: boolean;
  /** The application's name in LLM Observability. Environment: `DD_LLMOBS_ML_APP`. @default the service name */
  readonly mlApp?: string;
  /**
   * Sends LLM Observability events straight to Datadog rather than through the Agent.
   * Environment: `DD_LLMOBS_AGENTLESS_ENABLED`. @default false
   */
  readonly agentlessEnabled?: boolean;
}

/** Options shared by every factory of the family. */
export interface CoreOptions {
  /** The service's name. Environment: `DD_SERVICE`. Required in one of the two. */
  readonly service?: string;
  /** The deployment environment. Environment: `DD_ENV`. */
  readonly env?: string;
  /** The service's version. Environment: `DD_VERSION`. */
  readonly version?: string;
  /** Tags on every span. Environment: `DD_TAGS`. @default {} */
  readonly tags?: Readonly<Record<string, string>>;
  /** Environment: `DD_TRACE_ENABLED`. @default true */
  readonly enabled?: boolean;
  readonly agent?: AgentOptions;
  readonly sampling?: SamplingOptions;
  readonly llmobs?: LLMObservabilityOptions;
  /** What is redacted before anything leaves the process; see `@llmdevops/dd-redaction`. */
  readonly redaction?: RedactorOptions;
  /** How long `flush()` and `shutdown()` may take (ms). @default 10000 */
  readonly flushTimeoutMs?: number;
  /** Where diagnostics go. @default warnings and errors to standard error */
  readonly logger?: Logger;
  /** Called for every fault after start-up; what it throws is ignored. */
  readonly onError?: (error: Error) => void;
}

/** The settings in use, frozen. */
export interface Configuration {
  readonly service: string;
  readonly env: string | undefined;
  readonly version: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly enabled: boolean;
  readonly agentUrl: string;
  readonly sampleRate: number;
  readonly llmobs: {
    readonly enabled: boolean;
    readonly mlApp: string;
    readonly agentless: boolean;
  };
  readonly flushTimeoutMs: number;
  /** Every setting with its value and where it came from, by option path. */
  readonly settings: Readonly<Record<string, SettingReport>>;
}

const productionName = /^prod(uction)?$/i;

/**
 * Resolves options and environment into one frozen configuration; an option beats the environment, which
 * beats the default.
 *
 * @throws {ConfigurationError} When a setting is missing or cannot be used.
 */
export function resolveConfiguration(
  options: CoreOptions,
  environment: Environment = process.env,
): Configuration {
  const settings = new SettingReader(environment);
  const environmentTags = parseTagList(environment["DD_TAGS"]);
  const service =
    settings.text("service", options.service, "DD_SERVICE") ?? environmentTags["service"];
  if (service === undefined) {
    throw new MissingServiceNameError(
      "No service name: set the option service or the variable DD_SERVICE, for example DD_SERVICE=checkout.",
    );
  }
  const env = settings.text("env", options.env, "DD_ENV") ?? environmentTags["env"];
  const version =
    settings.text("version", options.version, "DD_VERSION") ?? environmentTags["version"];
  const { service: _service, env: _env, version: _version, ...otherTags } = environmentTags;
  const enabledLLMObs = settings.flag(
    "llmobs.enabled",
    options.llmobs?.enabled,
    "DD_LLMOBS_ENABLED",
    false,
  );
  const mlApp = settings.text("llmobs.mlApp", options.llmobs?.mlApp, "DD_LLMOBS_ML_APP") ?? service;
  const agentless = settings.flag(
    "llmobs.agentlessEnabled",
    options.llmobs?.agentlessEnabled,
    "DD_LLMOBS_AGENTLESS_ENABLED",
    false,
  );
  return Object.freeze({
    service,
    env,
    version,
    tags: Object.freeze({ ...otherTags, ...options.tags }),
    enabled: settings.flag("enabled", options.enabled, "DD_TRACE_ENABLED", true),
    agentUrl: resolveAgentUrl(options.agent, environment, settings),
    sampleRate: resolveSampleRate(options.sampling?.rate, env, settings),
    llmobs: Object.freeze({ enabled: enabledLLMObs, mlApp, agentless }),
    flushTimeoutMs: Math.max(0, options.flushTimeoutMs ?? 10_000),
    settings: Object.freeze(settings.reports()),
  });
}

function resolveSampleRate(
  option: number | undefined,
  env: string | undefined,
  settings: SettingReader,
): number {
  const fallback = env !== undefined && productionName.test(env) ? 0.1 : 1;
  const rate = settings.number("sampling.rate", option, "DD_TRACE_SAMPLE_RATE", fallback);
  if (!(rate >= 0 && rate <= 1)) {
    throw new InvalidSampleRateError(
      `The sample rate must be a number from 0 to 1, not ${rate}. Set the option sampling.rate or the variable DD_TRACE_SAMPLE_RATE.`,
    );
  }
  return rate;
}
