import type { EnvironmentVariables } from "../carriers/environment-carrier.ts";
import type { PropagationError } from "../errors/propagation-error.ts";
import type { PropagationStyle } from "./propagation-style.ts";

/** What becomes of a context that arrives. */
export type ExtractBehavior = "continue" | "restart" | "ignore";

/** Limits and span tags of W3C baggage. */
export interface BaggageOptions {
  /** Items read and written, 0 to 65536. @default `DD_TRACE_BAGGAGE_MAX_ITEMS`, else 64 */
  readonly maximumItems?: number;
  /** Bytes read and written, each item with its comma, 0 to 65536. @default `DD_TRACE_BAGGAGE_MAX_BYTES`, else 8192 */
  readonly maximumBytes?: number;
  /**
   * Keys whose items become tags `baggage.<key>`; `*` means all.
   *
   * @default `DD_TRACE_BAGGAGE_TAG_KEYS`, else `["user.id", "session.id", "account.id"]`
   */
  readonly tagKeys?: readonly string[];
}

/** Options of {@link createPropagator}: an argument beats the environment, which beats the default. */
export interface PropagatorOptions {
  /**
   * Formats read, the first that yields a context wins.
   *
   * @default `DD_TRACE_PROPAGATION_STYLE_EXTRACT`, else `DD_TRACE_PROPAGATION_STYLE`, else `OTEL_PROPAGATORS`,
   *   else `["datadog", "tracecontext", "baggage"]`
   */
  readonly extract?: readonly PropagationStyle[];
  /**
   * Formats written, whatever is read.
   *
   * @default `DD_TRACE_PROPAGATION_STYLE_INJECT`, else `DD_TRACE_PROPAGATION_STYLE`, else `OTEL_PROPAGATORS`,
   *   else `["datadog", "tracecontext", "baggage"]`
   */
  readonly inject?: readonly PropagationStyle[];
  /** Stop at the first format that yields a context. @default `DD_TRACE_PROPAGATION_EXTRACT_FIRST`, else `false` */
  readonly extractFirst?: boolean;
  /**
   * `"continue"` goes on with the trace; `"restart"` starts a new one that is linked to it and keeps its baggage;
   * `"ignore"` reads nothing.
   *
   * @default `DD_TRACE_PROPAGATION_BEHAVIOR_EXTRACT`, else `"continue"`
   */
  readonly behavior?: ExtractBehavior;
  /**
   * Characters of `x-datadog-tags` read and written, 0 to 65536; 0 turns propagated tags off.
   *
   * @default `DD_TRACE_X_DATADOG_TAGS_MAX_LENGTH`, else 512
   */
  readonly maximumTagsLength?: number;
  /** Limits and span tags of baggage. */
  readonly baggage?: BaggageOptions;
  /** How many different incoming contexts are remembered, 0 to 10,000. @default 128 */
  readonly cacheSize?: number;
  /** Called with every fault; what it throws is ignored. @default none */
  readonly onError?: (error: PropagationError) => void;
  /** Where the variables above are read. @default process.env */
  readonly env?: EnvironmentVariables;
}

/** The options with every default applied. */
export interface ResolvedOptions {
  readonly extract: readonly PropagationStyle[];
  readonly inject: readonly PropagationStyle[];
  readonly extractFirst: boolean;
  readonly behavior: ExtractBehavior;
  readonly maximumTagsLength: number;
  readonly baggageLimits: { readonly maximumItems: number; readonly maximumBytes: number };
  readonly baggageTagKeys: ReadonlySet<string>;
  readonly cacheSize: number;
}
