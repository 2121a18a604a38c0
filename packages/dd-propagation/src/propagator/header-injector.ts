import { carrierOf } from "../carriers/as-carrier.ts";
import { isPlainRecord } from "../carriers/plain-record.ts";
import { encodeB3Multi, encodeB3Single } from "../codecs/b3-codec.ts";
import { encodeBaggage } from "../codecs/baggage-codec.ts";
import { encodeDatadog } from "../codecs/datadog-codec.ts";
import { baggageHeader, type HeaderField, sqsdHeader } from "../codecs/header-names.ts";
import type { Report } from "../codecs/report.ts";
import { encodeTraceContext } from "../codecs/tracecontext-codec.ts";
import { KnownContext } from "../context/known-context.ts";
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
    if (KnownContext.is(context)) return this.#headersOfKnown(context);
    const known = this.#encoded.get(context);
    if (known !== undefined) return known;
    const before = this.#reported;
    const valid = hasTraceId(context) ? validContext(context, this.#report) : undefined;
    const headers = this.#encodeAll(context, valid);
    // Only what cannot change may be remembered, and what has faults is counted each time.
    if (this.#reported === before && isFrozen(context)) this.#encoded.set(context, headers);
    return headers;
  }

  #headersOfKnown(context: KnownContext): readonly HeaderField[] {
    const known = context.headersOf(this);
    if (known !== undefined) return known;
    const before = this.#reported;
    const headers = this.#encodeAll(context, context.valid());
    if (this.#reported === before) context.remember(this, headers);
    return headers;
  }

  #encodeAll(context: SpanContext, valid: ValidContext | undefined): readonly HeaderField[] {
    const headers: HeaderField[] = [];
    for (const style of this.#options.inject) {
      if (style === "baggage") this.#encodeBaggage(context.baggage, headers);
      else if (valid !== undefined) this.#encode(style, valid, headers);
    }
    return headers;
  }

  #encode(style: PropagationStyle, valid: ValidContext, headers: HeaderField[]): void {
    const { maximumTagsLength } = this.#options;
    if (style === "datadog") encodeDatadog(valid, headers, maximumTagsLength, this.#report);
    else if (style === "tracecontext") encodeTraceContext(valid, headers, this.#report);
    else if (style === "b3") encodeB3Single(valid, headers);
    else if (style === "b3multi") encodeB3Multi(valid, headers);
  }

  #encodeBaggage(baggage: SpanContext["baggage"], headers: HeaderField[]): void {
    if (baggage === undefined) return;
    const value = encodeBaggage(baggage, this.#options.baggageLimits, this.#report);
    if (value !== undefined) headers.push([baggageHeader, value]);
  }
}

/** Tells whether a context and what it holds can no longer change. */
function isFrozen(context: SpanContext): boolean {
  const parts = [context, context.tags, context.baggage, context.traceState];
  return parts.every((part) => Object.isFrozen(part));
}
