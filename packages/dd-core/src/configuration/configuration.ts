import type { ResolvedLinkOptions } from "../agent-link/link-options.ts";
import { resolveLinkOptions } from "../agent-link/resolve-link-options.ts";
import { InvalidSampleRateError, MissingServiceNameError } from "../errors/configuration-error.ts";
import type { SamplingRule } from "../sampling/sampling-rules.ts";
import { resolveAgentUrl } from "./agent-address.ts";
import { coreOptionNames } from "./core-option-names.ts";
import type { CoreOptions } from "./core-options.ts";
import { readEnvironmentTags } from "./environment-tags.ts";
import { type GitMetadata, resolveGitMetadata } from "./git-metadata.ts";
import { resolveIntegrations } from "./integration-names.ts";
import { unknownVariables } from "./known-variables.ts";
import { noteApiKey, notedTags, noteForeignSettings, noteLinkSettings } from "./noted-settings.ts";
import { checkOptionShapes } from "./option-shapes.ts";
import { type ReadOptions, readOptions } from "./read-options.ts";
import { refused } from "./refusal.ts";
import { resolveSampling } from "./resolve-sampling.ts";
import { resolveSite } from "./resolve-site.ts";
import { type Environment, SettingReader, type SettingReport } from "./setting.ts";
import { lineOf } from "./unknown-options.ts";

/** The settings in use, frozen. */
export interface Configuration {
  /** Name of the service on all spans, logs and metrics. Environment: `DD_SERVICE`. */
  readonly service: string;
  /** Environment such as `production`; `undefined` when none is set. Environment: `DD_ENV`. */
  readonly env: string | undefined;
  /** Version of the service; `undefined` when none is set. Environment: `DD_VERSION`. */
  readonly version: string | undefined;
  /** Tags on every span. Environment: `DD_TAGS`. */
  readonly tags: Readonly<Record<string, string>>;
  /** Whether spans are recorded at all. Environment: `DD_TRACE_ENABLED`. */
  readonly enabled: boolean;
  /** Address of the Agent's trace receiver, `http:`, `https:` or `unix:`. */
  readonly agentUrl: string;
  /** Datadog's site, for what is sent there directly. */
  readonly site: string;
  /** The source code that runs, as far as it has been said. */
  readonly git: GitMetadata;
  /** Share of traces that is kept, 0 to 1. Environment: `DD_TRACE_SAMPLE_RATE`. */
  readonly sampleRate: number;
  /** The other options of `sampling` with their defaults. */
  readonly sampling: {
    /** Rates for traces that match a pattern, the first match counts. */
    readonly rules: readonly SamplingRule[];
    /** Single spans that are kept although their trace is not. */
    readonly spanRules: readonly SamplingRule[];
    /** New traces a second that the rate is lowered to; `undefined` keeps the rate as it is. */
    readonly targetTracesPerSecond: number | undefined;
    /** Whether a trace with a failed span is kept whatever the rate. */
    readonly keepErrors: boolean;
  };
  /** The settings of LLM Observability. */
  readonly llmobs: {
    /** Whether LLM Observability is on. Environment: `DD_LLMOBS_ENABLED`. @default false */
    readonly enabled: boolean;
    /** Application that its spans belong to. Environment: `DD_LLMOBS_ML_APP`. @default the service */
    readonly mlApp: string;
    /**
     * Whether its spans go straight to Datadog. Environment: `DD_LLMOBS_AGENTLESS_ENABLED`. @default false
     */
    readonly agentless: boolean;
  };
  /** The integrations of dd-trace that have been asked for. */
  readonly integrations: readonly string[];
  /** Whether log records get the ids of their trace. Environment: `DD_LOGS_INJECTION`. */
  readonly logInjection: boolean;
  /** Whether the default logger writes all levels (`DD_TRACE_DEBUG`, which dd-trace reads too). */
  readonly debug: boolean;
  /** How long `flush` may take (ms). */
  readonly flushTimeoutMs: number;
  /** How long `shutdown` may take (ms). */
  readonly shutdownTimeoutMs: number;
  /** The options `buffer` and `delivery` with their defaults. */
  readonly link: ResolvedLinkOptions;
  /** Every setting with its value and where it came from, by option path. */
  readonly settings: Readonly<Record<string, SettingReport>>;
}

const productionName = /^prod(uction)?$/i;
/** The longest delay that Node's timers keep (https://nodejs.org/api/timers.html#settimeoutcallback-delay-args). */
const longestTimeoutMs = 2_147_483_647;
/**
 * With the 2 s that the end of the process may take, it fits the 10 s that Docker leaves between SIGTERM and SIGKILL
 * (https://docs.docker.com/reference/cli/docker/container/stop/).
 */
const defaultShutdownMs = 5_000;

/**
 * Resolves options and environment into one frozen configuration; an option beats the environment, which
 * beats the default.
 *
 * @param given See {@link CoreOptions}; what is unknown is left out.
 * @param environment The variables to read. @default process.env
 * @throws {ConfigurationError} When a setting is missing or cannot be used.
 */
export function resolveConfiguration(
  given: CoreOptions,
  environment: Environment = process.env,
): Configuration {
  return resolveSettings(readOptions<CoreOptions>(given, coreOptionNames), environment);
}

/** The same of options that have been read already. */
export function resolveSettings(
  { options, unknown }: ReadOptions<CoreOptions>,
  environment: Environment,
): Configuration {
  checkOptionShapes(options);
  const settings = new SettingReader(environment);
  const { tags: listed, fallbacks } = readEnvironmentTags(environment);
  const identity = (name: "service" | "env" | "version", variable: string) =>
    settings.text(name, options[name], variable, fallbacks(name));
  const service = identity("service", "DD_SERVICE");
  if (service === undefined) {
    // A name that was misspelt is the likeliest reason.
    const hint = lineOf([...unknown, ...unknownVariables(environment)]);
    throw new MissingServiceNameError(
      `No service name was given. Set the option service or the variable DD_SERVICE, for example DD_SERVICE=checkout.${hint === "" ? "" : ` ${hint}`}`,
    );
  }
  const env = identity("env", "DD_ENV");
  const { llmobs } = options;
  const link = resolveLinkOptions(options.buffer, options.delivery);
  noteLinkSettings(settings, link, options);
  noteForeignSettings(settings);
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
    git: resolveGitMetadata(options.git, environment, settings),
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
    ...timeLimits(options, settings),
    link,
    settings: Object.freeze(settings.reports()),
  });
}

/** How long a flush and a shutdown may take. */
function timeLimits(
  options: CoreOptions,
  settings: SettingReader,
): Pick<Configuration, "flushTimeoutMs" | "shutdownTimeoutMs"> {
  const limit = (name: "flushTimeoutMs" | "shutdownTimeoutMs", fallback: number) =>
    settings.number(name, {
      option: options[name],
      fallback,
      accepts: (value) => value >= 0 && value <= longestTimeoutMs,
      expected: `a number of milliseconds from 0 to ${longestTimeoutMs}`,
    });
  const flushTimeoutMs = limit("flushTimeoutMs", 10_000);
  const shutdownTimeoutMs = limit("shutdownTimeoutMs", Math.min(defaultShutdownMs, flushTimeoutMs));
  return { flushTimeoutMs, shutdownTimeoutMs };
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
      throw refused({
        option: `tags.${key}`,
        variable: "DD_TAGS",
        expected: "text",
        given: value,
      });
    }
    tags[key] = String(value);
  }
  return Object.freeze(tags);
}
