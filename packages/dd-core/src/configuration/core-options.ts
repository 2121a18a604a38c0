import type { RedactorOptions } from "@llmdevops/dd-redaction";
import type { BufferOptions, DeliveryOptions } from "../agent-link/link-options.ts";
import type { AuditSink } from "../audit/audit-log.ts";
import type { CredentialProvider } from "../ports/credential-provider.ts";
import type { Logger } from "../ports/logger.ts";
import type { SamplingRule } from "../sampling/sampling-rules.ts";
import type { AgentOptions } from "./agent-address.ts";
import type { GitOptions } from "./git-metadata.ts";

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
   * Rates for certain traces, at most 256; the first rule that matches beats {@link rate}. Environment:
   * `DD_TRACE_SAMPLING_RULES`, JSON. @default []
   */
  readonly rules?: readonly SamplingRule[];
  /**
   * Single spans that are kept although their trace is dropped, at most 256 rules. Environment:
   * `DD_SPAN_SAMPLING_RULES`, JSON.
   * @default []
   */
  readonly spanRules?: readonly SamplingRule[];
  /**
   * Lowers {@link rate} so that about this many new traces, above 0, are kept in a second; what is kept for its
   * content comes on top. It has no effect on a dd-trace that somebody else has initialised. @default no target
   */
  readonly targetTracesPerSecond?: number;
  /** Keeps every trace in which a span of this process has failed. @default true */
  readonly keepErrors?: boolean;
}

/** Whether and how LLM Observability spans are sent. */
export interface LLMObservabilityOptions {
  /** Whether LLM Observability is on. Environment: `DD_LLMOBS_ENABLED`. @default false */
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
  /** Where the Datadog Agent is. */
  readonly agent?: AgentOptions;
  /**
   * Datadog's site, for what is sent there directly. Environment: `DD_SITE`. @default "datadoghq.com"
   */
  readonly site?: string;
  /** Which source code runs. */
  readonly git?: GitOptions;
  /** Which traces are kept. */
  readonly sampling?: SamplingOptions;
  /** LLM Observability; off unless it is enabled. */
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
  /** How long `flush()` may take (ms), 0 to 2147483647. @default 10000 */
  readonly flushTimeoutMs?: number;
  /**
   * How long `shutdown()` may take in all (ms), 0 to 2147483647. Together with `delivery.exitTimeoutMs` it should be
   * less than what the platform leaves between SIGTERM and SIGKILL: 10 s in Docker, 30 s in Kubernetes.
   * @default 5000, or `flushTimeoutMs` where that is less
   */
  readonly shutdownTimeoutMs?: number;
  /** Where the API key comes from, for what is sent to Datadog directly. @default the environment */
  readonly credentials?: CredentialProvider;
  /** Takes the audit log, one line of JSON at a time. @default none is written */
  readonly audit?: AuditSink;
  /** Where diagnostics go. @default warnings and errors to standard error; with `DD_TRACE_DEBUG`, all levels */
  readonly logger?: Logger;
  /** Called for every fault after start-up; what it throws is ignored. */
  readonly onError?: (error: Error) => void;
}
