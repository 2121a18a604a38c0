import type { Report } from "../codecs/report.ts";
import type { SpanContext } from "../context/span-context.ts";
import { ConfigurationError } from "../errors/configuration-error.ts";
import {
  type InvalidReason,
  InvalidTraceContextError,
} from "../errors/invalid-trace-context-error.ts";
import type { PropagationError } from "../errors/propagation-error.ts";
import { PropagationFailedError } from "../errors/propagation-failed-error.ts";
import { extractContext } from "./extraction.ts";
import { ExtractionCache } from "./extraction-cache.ts";
import { HeaderInjector } from "./header-injector.ts";
import { HeaderReader, headerNamesOf } from "./header-values.ts";
import type { PropagatorOptions, ResolvedOptions } from "./propagator-options.ts";
import { readOptions } from "./read-options.ts";
import { refuse } from "./refusal.ts";
import { resolveOptions } from "./resolve-options.ts";

/** How often each fault happened, by header and reason, for example `{ "tracestate:malformed": 2 }`. */
export type FaultCounts = Readonly<Record<string, number>>;

/** Reads contexts from carriers and writes them, in the formats it was made for. */
export interface Propagator {
  /**
   * Reads the context that a carrier holds; never throws.
   *
   * @param carrier Anything {@link asCarrier} understands.
   * @returns A frozen context, or `null` when there is none or none that is valid. A context for which
   *   {@link hasTraceId} is `false` only brings a decision, baggage or links to a new trace.
   */
  extract(carrier: unknown): SpanContext | null;
  /**
   * Writes a context to a carrier; never throws.
   *
   * Headers of the same formats that the carrier already has are replaced, or taken out when the context has
   * no value for them; a `baggage` header of the caller stays when the context has no baggage.
   *
   * @param carrier Anything {@link asCarrier} understands.
   * @returns The carrier that was given.
   */
  inject<Carrier>(context: SpanContext, carrier: Carrier): Carrier;
  /** The lower-case names of all headers that may be written. */
  fields(): readonly string[];
  /** How often headers were refused and carriers failed since the propagator was made. */
  faults(): FaultCounts;
}

/**
 * Makes a propagator.
 *
 * @param given See {@link PropagatorOptions}; what is unknown has no effect: it goes to `onError` or, without that, to
 *   `process.emitWarning`.
 * @throws ConfigurationError when an option is wrong. Nothing throws afterwards: faults go to `onError`, are
 *   counted, and leave the valid part in use.
 * @example
 * ```ts
 * import { createPropagator } from "@llmdevops/dd-propagation";
 *
 * const propagator = createPropagator({ extract: ["datadog", "tracecontext"], inject: ["tracecontext"] });
 * const parent = propagator.extract(request.headers);
 * ```
 */
export function createPropagator(given: PropagatorOptions = {}): Propagator {
  const { options, unknown } = readOptions(given);
  const { onError } = options;
  if (onError !== undefined && typeof onError !== "function") {
    refuse("onError", "a function", onError);
  }
  const faults = new Map<string, number>();
  const notify = (key: string, error: PropagationError): void => {
    faults.set(key, (faults.get(key) ?? 0) + 1);
    try {
      onError?.(error);
    } catch {
      // A handler that throws must not take the request with it.
    }
  };
  const resolved = resolveOptions(options, (message) =>
    notify("environment:unsupported", new PropagationFailedError("extract", message)),
  );
  if (unknown !== undefined) {
    notify("options:unknown", new ConfigurationError(unknown));
    // Where nobody listens it would otherwise stay unseen; the package has no logger.
    if (onError === undefined) globalThis.process?.emitWarning?.(unknown, "PropagationWarning");
  }
  return new HeaderPropagator(resolved, faults, notify);
}

type Notify = (key: string, error: PropagationError) => void;

class HeaderPropagator implements Propagator {
  readonly #options: ResolvedOptions;
  readonly #faults: ReadonlyMap<string, number>;
  readonly #notify: Notify;
  readonly #reader: HeaderReader;
  readonly #cache: ExtractionCache;
  readonly #injector: HeaderInjector;
  #reported = 0;

  constructor(options: ResolvedOptions, faults: ReadonlyMap<string, number>, notify: Notify) {
    this.#options = options;
    this.#faults = faults;
    this.#notify = notify;
    this.#reader = new HeaderReader(headerNamesOf(options.extract));
    this.#cache = new ExtractionCache(options.cacheSize);
    this.#injector = new HeaderInjector(options, this.#report);
  }

  extract(carrier: unknown): SpanContext | null {
    try {
      const values = this.#reader.read(carrier);
      const known = this.#cache.get(values);
      if (known !== undefined) return known;
      const before = this.#reported;
      const read = (name: string): string | undefined => this.#reader.valueOf(values, name);
      const context = extractContext(read, this.#options, this.#report);
      // A context with faults is read again each time, so that each time they are counted.
      if (context !== null && this.#reported === before) this.#cache.set(values, context);
      return context;
    } catch (error) {
      this.#fail("extract", "The carrier could not be read", error);
      return null;
    }
  }

  inject<Carrier>(context: SpanContext, carrier: Carrier): Carrier {
    try {
      const refusal = this.#injector.inject(context, carrier);
      if (refusal !== undefined) {
        this.#fail("inject", `The carrier takes no context: ${refusal}`);
      }
    } catch (error) {
      this.#fail("inject", "The carrier could not be written", error);
    }
    return carrier;
  }

  fields(): readonly string[] {
    return this.#injector.fields;
  }

  faults(): FaultCounts {
    return Object.fromEntries(this.#faults);
  }

  readonly #report: Report = (header: string, reason: InvalidReason): void => {
    this.#reported += 1;
    this.#notify(`${header}:${reason}`, new InvalidTraceContextError(header, reason));
  };

  #fail(operation: "extract" | "inject", message: string, cause?: unknown): void {
    this.#notify(`carrier:${operation}`, new PropagationFailedError(operation, message, cause));
  }
}
