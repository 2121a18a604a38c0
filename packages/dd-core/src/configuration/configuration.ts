import type { RedactorOptions } from "@llmdevops/dd-redaction";
import type {
  BufferOptions,
  DeliveryOptions,
  ResolvedLinkOptions,
} from "../agent-link/link-options.ts";
import { resolveLinkOptions } from "../agent-link/resolve-link-options.ts";
import type { AuditSink } from "../audit/audit-log.ts";
import {
  ConfigurationError,
  InvalidSampleRateError,
  MissingServiceNameError,
} from "../errors/configuration-error.ts";
import type { CredentialProvider } from "../ports/credential-provider.ts";
import type { Logger } from "../ports/logger.ts";
import { readSamplingRules, type SamplingRule } from "../sampling/sampling-rules.ts";
import { type AgentOptions, resolveAgentUrl } from "./agent-address.ts";
import { readEnvironmentTags } from "./environment-tags.ts";
import { resolveIntegrations } from "./integration-names.ts";
import { noteApiKey, notedTags, noteForeignSettings, noteLinkSettings } from "./noted-settings.ts";
import { checkOptionShapes } from "./option-shapes.ts";
import { type Environment, SettingReader, type SettingReport, shown } from "./setting.ts";

/** Which traces are kept. */
export interface SamplingOptions {
  /**
   * Share of new traces that is kept, from 0 to 1, decided by trace id; a parent's decision always wins, and
   * LLM and agent spans are always kept. There is no limit per second unless `DD_TRACE_RATE_LIMIT` sets one.
   * Environment: `DD_TRACE_SAMPLE_RATE`.
   * @default 1, and 0.1 where `env` is `prod` or `production`
   */
  readonly rate?: number;
  /**
   * Rates for certain traces; the first rule that matches beats {@link rate}. Environment:
   * `DD_TRACE_SAMPLING_RULES`, JSON. @default []
   */
  readonly rules?: readonly SamplingRule[];
  /**
   * Single spans that are kept although their trace is dropped. Environment: `DD_SPAN_SAMPLING_RULES`, JSON.
   * @default []
   */
  readonly spanRules?: readonly SamplingRule[];
  /**
   * Lowers {@link rate} so that about this many new traces are kept in a second; what is kept for its content comes
   * on top. It has no effect on a dd-trace that somebody else has initialised. @default no target
   */
  readonly targetTracesPerSecond?: number;
  /** Keeps every trace in which a span of this process has failed. @default true */
  readonly keepErrors?: boolean;
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
  /**
   * The service's name. Environment: `DD_SERVICE`, or `service` in `DD_TAGS`. Required in one of them.
   */
  readonly service?: string;
  /** The deployment environment. Environment: `DD_ENV`, or `env` in `DD_TAGS`. */
  readonly env?: string;
  /** The service's version. Environment: `DD_VERSION`, or `version` in `DD_TAGS`. */
  readonly version?: string;
  /**
   * Tags on every span, merged over `DD_TAGS`. `service`, `env` and `version` have options of their own and are
   * ignored here. @default {}
   */
  readonly tags?: Readonly<Record<string, string>>;
  /** Whether spans are recorded at all. Environment: `DD_TRACE_ENABLED`. @default true */
  readonly enabled?: boolean;
  readonly agent?: AgentOptions;
  /**
   * Datadog's site, for what is sent there directly. Environment: `DD_SITE`. @default "datadoghq.com"
   */
  readonly site?: string;
  readonly sampling?: SamplingOptions;
  readonly llmobs?: LLMObservabilityOptions;
  /** What is redacted before anything leaves the process; see `@llmdevops/dd-redaction`. */
  readonly redaction?: RedactorOptions;
  /**
   * The integrations of dd-trace that are on, by dd-trace's names, such as `["http", "fastify", "pg"]`; all others stay
   * off. They take effect in the client that initialises dd-trace, for modules that are loaded after it: use
   * `node --import @llmdevops/dd/register` to be first. Environment: `DD_LLMDEVOPS_INTEGRATIONS`, comma-separated.
   * @default []
   */
  readonly integrations?: readonly string[];
  /** How much telemetry may wait while the Agent does not take it. */
  readonly buffer?: BufferOptions;
  /** How the delivery to the Agent behaves when it fails, and when the process ends. */
  readonly delivery?: DeliveryOptions;
  /** Whether log records get the correlation fields. Environment: `DD_LOGS_INJECTION`. @default true */
  readonly logInjection?: boolean;
  /** How long `flush()` and `shutdown()` may take (ms), 0 to 2147483647. @default 10000 */
  readonly flushTimeoutMs?: number;
  /** Where the API key comes from, for what is sent to Datadog directly. @default the environment */
  readonly credentials?: CredentialProvider;
  /** Takes the audit log, one line of JSON at a time. @default none is written */
  readonly audit?: AuditSink;
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
  /** Datadog's site, for what is sent there directly. */
  readonly site: string;
  readonly sampleRate: number;
  /** The other options of `sampling` with their defaults. */
  readonly sampling: {
    readonly rules: readonly SamplingRule[];
    readonly spanRules: readonly SamplingRule[];
    readonly targetTracesPerSecond: number | undefined;
    readonly keepErrors: boolean;
  };
  readonly llmobs: {
    readonly enabled: boolean;
    readonly mlApp: string;
    readonly agentless: boolean;
  };
  /** The integrations of dd-trace that have been asked for. */
  readonly integrations: readonly string[];
  readonly logInjection: boolean;
  /** Whether the default logger writes all levels (`DD_TRACE_DEBUG`, which dd-trace reads too). */
  readonly debug: boolean;
  readonly flushTimeoutMs: number;
  /** The options `buffer` and `delivery` with their defaults. */
  readonly link: ResolvedLinkOptions;
  /** Every setting with its value and where it came from, by option path. */
  readonly settings: Readonly<Record<string, SettingReport>>;
}

const defaultSite = "datadoghq.com";
const productionName = /^prod(uction)?$/i;
/** The longest delay that Node's timers keep (https://nodejs.org/api/timers.html#settimeoutcallback-delay-args). */
const longestTimeoutMs = 2_147_483_647;

/**
 * Resolves options and environment into one frozen configuration; an option beats the environment, which
 * beats the default.
 *
 * @param environment The variables to read. @default process.env
 * @throws {ConfigurationError} When a setting is missing or cannot be used.
 */
export function resolveConfiguration(
  options: CoreOptions,
  environment: Environment = process.env,
): Configuration {
  checkOptionShapes(options);
  const settings = new SettingReader(environment);
  const { tags: listed, fallbacks } = readEnvironmentTags(environment);
  const identity = (name: "service" | "env" | "version", variable: string) =>
    settings.text(name, options[name], variable, fallbacks(name));
  const service = identity("service", "DD_SERVICE");
  if (service === undefined) {
    throw new MissingServiceNameError(
      "No service name: set the option service or the variable DD_SERVICE, for example DD_SERVICE=checkout.",
    );
  }
  const env = identity("env", "DD_ENV");
  const { llmobs } = options;
  const link = resolveLinkOptions(options.buffer, options.delivery);
  noteLinkSettings(settings, link, options);
  noteForeignSettings(settings, environment);
  noteApiKey(settings, environment, options.credentials !== undefined);
  return Object.freeze({
    service,
    env,
    version: identity("version", "DD_VERSION"),
    tags: notedTags(settings, commonTags(listed, options.tags), options.tags),
    enabled: settings.flag("enabled", options.enabled, "DD_TRACE_ENABLED", true),
    agentUrl: resolveAgentUrl(options.agent, environment, settings),
    site: resolveSite(options.site, settings),
    sampleRate: settings.number("sampling.rate", {
      option: options.sampling?.rate,
      variable: "DD_TRACE_SAMPLE_RATE",
      fallback: env !== undefined && productionName.test(env) ? 0.1 : 1,
      accepts: (rate) => rate >= 0 && rate <= 1,
      expected: "a number from 0 to 1",
      refuse: (message) => new InvalidSampleRateError(message),
    }),
    sampling: resolveSampling(options.sampling, environment, settings),
    llmobs: Object.freeze({
      enabled: settings.flag("llmobs.enabled", llmobs?.enabled, "DD_LLMOBS_ENABLED", false),
      mlApp: settings.text("llmobs.mlApp", llmobs?.mlApp, "DD_LLMOBS_ML_APP") ?? service,
      agentless: settings.flag(
        "llmobs.agentlessEnabled",
        llmobs?.agentlessEnabled,
        "DD_LLMOBS_AGENTLESS_ENABLED",
        false,
      ),
    }),
    integrations: resolveIntegrations(options.integrations, environment, settings),
    logInjection: settings.flag("logInjection", options.logInjection, "DD_LOGS_INJECTION", true),
    debug: settings.flag("debug", undefined, "DD_TRACE_DEBUG", false),
    flushTimeoutMs: settings.number("flushTimeoutMs", {
      option: options.flushTimeoutMs,
      fallback: 10_000,
      accepts: (value) => value >= 0 && value <= longestTimeoutMs,
      expected: `a number of milliseconds from 0 to ${longestTimeoutMs}`,
    }),
    link,
    settings: Object.freeze(settings.reports()),
  });
}

/** A host name and nothing more: the API key is sent to hosts below it. */
function resolveSite(option: unknown, settings: SettingReader): string {
  const given = settings.text("site", option, "DD_SITE");
  if (given === undefined) {
    settings.derive("site", defaultSite, "default", "DD_SITE");
    return defaultSite;
  }
  if (!/^[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?$/i.test(given)) {
    throw new ConfigurationError(
      `The setting site must be one of Datadog's sites, for example datadoghq.eu, not ${shown(given)}. Set the option site or the variable DD_SITE.`,
    );
  }
  return given.toLowerCase();
}

function resolveSampling(
  options: SamplingOptions | undefined,
  environment: Environment,
  settings: SettingReader,
): Configuration["sampling"] {
  const rules = (name: "rules" | "spanRules", variable: string) => {
    const path = `sampling.${name}`;
    const text = environment[variable]?.trim() || undefined;
    const option = options?.[name];
    const read = readSamplingRules(path, option, variable, text);
    const source =
      option === undefined ? (text === undefined ? "default" : "environment") : "option";
    settings.derive(path, read.length, source, variable);
    return read;
  };
  const target = settings.number("sampling.targetTracesPerSecond", {
    option: options?.targetTracesPerSecond,
    fallback: Number.POSITIVE_INFINITY,
    accepts: (value) => value > 0,
    expected: "a positive number of traces",
  });
  if (!Number.isFinite(target)) {
    settings.derive("sampling.targetTracesPerSecond", undefined, "default");
  }
  return Object.freeze({
    rules: rules("rules", "DD_TRACE_SAMPLING_RULES"),
    spanRules: rules("spanRules", "DD_SPAN_SAMPLING_RULES"),
    targetTracesPerSecond: Number.isFinite(target) ? target : undefined,
    keepErrors: settings.flag("sampling.keepErrors", options?.keepErrors, undefined, true),
  });
}

/** Tags of the environment and of the option, without those that have an option of their own. */
function commonTags(
  listed: Readonly<Record<string, string>>,
  option: CoreOptions["tags"],
): Readonly<Record<string, string>> {
  const merged: Record<string, unknown> = { ...listed, ...option };
  const tags: Record<string, string> = {};
  for (const [key, value] of Object.entries(merged)) {
    if (key === "service" || key === "env" || key === "version" || key === "__proto__") continue;
    if (!["string", "number", "boolean"].includes(typeof value)) {
      throw new ConfigurationError(
        `The setting tags must hold text only, not ${shown(value)} under ${JSON.stringify(key.slice(0, 60))}. Set the option tags or the variable DD_TAGS.`,
      );
    }
    tags[key] = String(value);
  }
  return Object.freeze(tags);
}
