import type { TraceContextCarrier } from "../carriers/trace-context-carrier.ts";
import { encodeB3Multi, encodeB3Single } from "../codecs/b3-codec.ts";
import { encodeBaggage } from "../codecs/baggage-codec.ts";
import { encodeDatadog } from "../codecs/datadog-codec.ts";
import { baggageHeader, type HeaderField, sqsdHeader } from "../codecs/header-names.ts";
import type { Report } from "../codecs/report.ts";
import { encodeTraceContext } from "../codecs/tracecontext-codec.ts";
import { hasTraceId, type SpanContext } from "../context/span-context.ts";
import { validContext } from "../context/valid-context.ts";
import { headerNamesOf } from "./header-values.ts";
import type { PropagationStyle } from "./propagation-style.ts";
import type { ResolvedOptions } from "./propagator-options.ts";

/** Writes contexts in the formats of the options. */
export class HeaderInjector {
  /** The headers that may be written. */
  readonly fields: readonly string[];
  readonly #options: ResolvedOptions;
  readonly #report: Report;
  #reported = 0;
  readonly #encoded = new WeakMap<SpanContext, readonly HeaderField[]>();

  constructor(options: ResolvedOptions, report: Report) {
    this.#options = options;
    this.#report = (header, reason) => {
      this.#reported += 1;
      report(header, reason);
    };
    this.fields = Object.freeze(
      headerNamesOf(options.inject).filter((name) => name !== sqsdHeader),
    );
  }

  /** @throws whatever the carrier throws. */
  inject(context: SpanContext, carrier: TraceContextCarrier): void {
    const headers = this.#headersOf(context);
    if (hasTraceId(context) && carrier.delete !== undefined) {
      for (const name of this.fields) {
        // Baggage that the context has none of may be the caller's own.
        if (name === baggageHeader || headers.some(([written]) => written === name)) continue;
        carrier.delete(name);
      }
    }
    for (const [name, value] of headers) carrier.set(name, value);
  }

  #headersOf(context: SpanContext): readonly HeaderField[] {
    const known = this.#encoded.get(context);
    if (known !== undefined) return known;
    const before = this.#reported;
    const valid = validContext(context, this.#report);
    const headers = this.#options.inject.flatMap((style) => this.#encode(style, valid));
    // Only what cannot change may be remembered, and what has faults is counted each time.
    if (this.#reported === before && isFrozen(context)) this.#encoded.set(context, headers);
    return headers;
  }

  #encode(style: PropagationStyle, context: SpanContext): HeaderField[] {
    const { maximumTagsLength, baggageLimits } = this.#options;
    switch (style) {
      case "datadog":
        return encodeDatadog(context, maximumTagsLength, this.#report);
      case "tracecontext":
        return encodeTraceContext(context, this.#report);
      case "b3":
        return encodeB3Single(context);
      case "b3multi":
        return encodeB3Multi(context);
      case "baggage": {
        const { baggage } = context;
        const value = baggage && encodeBaggage(baggage, baggageLimits, this.#report);
        return value === undefined ? [] : [[baggageHeader, value]];
      }
      default:
        return [];
    }
  }
}

/** Tells whether a context and what it holds can no longer change. */
function isFrozen(context: SpanContext): boolean {
  const parts = [context, context.tags, context.baggage, context.traceState];
  return parts.every((part) => Object.isFrozen(part));
}
