import { carrierOf } from "../carriers/as-carrier.ts";
import { isPlainRecord } from "../carriers/plain-record.ts";
import { encodeB3Multi, encodeB3Single } from "../codecs/b3-codec.ts";
import { encodeBaggage } from "../codecs/baggage-codec.ts";
import { encodeDatadog } from "../codecs/datadog-codec.ts";
import { baggageHeader, type HeaderField, sqsdHeader } from "../codecs/header-names.ts";
import type { Report } from "../codecs/report.ts";
import { encodeTraceContext } from "../codecs/tracecontext-codec.ts";
import { hasTraceId, type SpanContext } from "../context/span-context.ts";
import { type ValidContext, validContext } from "../context/valid-context.ts";
import { headerNamesOf } from "./header-values.ts";
import type { PropagationStyle } from "./propagation-style.ts";
import type { ResolvedOptions } from "./propagator-options.ts";
import { RecordWriter } from "./record-writer.ts";

/** Writes contexts in the formats of the options. */
export class HeaderInjector {
  /** The headers that may be written. */
  readonly fields: readonly string[];
  readonly #options: ResolvedOptions;
  readonly #report: Report;
  readonly #records: RecordWriter;
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
    this.#records = new RecordWriter(this.fields);
  }

  /**
   * Writes a context to any shape of carrier.
   *
   * @returns Why the carrier took nothing, if it did not.
   * @throws whatever the carrier throws.
   */
  inject(context: SpanContext, input: unknown): string | undefined {
    const headers = this.#headersOf(context);
    if (isPlainRecord(input)) {
      this.#records.write(input, headers, hasTraceId(context));
      return undefined;
    }
    const carrier = carrierOf(input);
    if (hasTraceId(context) && carrier.delete !== undefined) {
      for (const name of this.fields) {
        // Baggage that the context has none of may be the caller's own.
        if (name === baggageHeader || headers.some(([written]) => written === name)) continue;
        carrier.delete(name);
      }
    }
    for (const [name, value] of headers) carrier.set(name, value);
    return carrier.refusal;
  }

  #headersOf(context: SpanContext): readonly HeaderField[] {
    const known = this.#encoded.get(context);
    if (known !== undefined) return known;
    const before = this.#reported;
    const valid = hasTraceId(context) ? validContext(context, this.#report) : undefined;
    const headers: HeaderField[] = [];
    for (const style of this.#options.inject) {
      if (style === "baggage") headers.push(...this.#encodeBaggage(context.baggage));
      else if (valid !== undefined) headers.push(...this.#encode(style, valid));
    }
    // Only what cannot change may be remembered, and what has faults is counted each time.
    if (this.#reported === before && isFrozen(context)) this.#encoded.set(context, headers);
    return headers;
  }

  #encode(style: PropagationStyle, valid: ValidContext): HeaderField[] {
    switch (style) {
      case "datadog":
        return encodeDatadog(valid, this.#options.maximumTagsLength, this.#report);
      case "tracecontext":
        return encodeTraceContext(valid, this.#report);
      case "b3":
        return encodeB3Single(valid);
      case "b3multi":
        return encodeB3Multi(valid);
      default:
        return [];
    }
  }

  #encodeBaggage(baggage: SpanContext["baggage"]): HeaderField[] {
    if (baggage === undefined) return [];
    const value = encodeBaggage(baggage, this.#options.baggageLimits, this.#report);
    return value === undefined ? [] : [[baggageHeader, value]];
  }
}

/** Tells whether a context and what it holds can no longer change. */
function isFrozen(context: SpanContext): boolean {
  const parts = [context, context.tags, context.baggage, context.traceState];
  return parts.every((part) => Object.isFrozen(part));
}
