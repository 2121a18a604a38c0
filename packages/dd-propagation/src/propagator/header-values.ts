import { carrierOf } from "../carriers/as-carrier.ts";
import { headerText } from "../carriers/header-text.ts";
import { isPlainRecord } from "../carriers/plain-record.ts";
import * as names from "../codecs/header-names.ts";
import type { PropagationStyle } from "./propagation-style.ts";

const namesOfStyle: Readonly<Record<PropagationStyle, readonly string[]>> = {
  tracecontext: [names.traceparentHeader, names.tracestateHeader],
  datadog: [
    names.datadogTraceIdHeader,
    names.datadogParentIdHeader,
    names.datadogSamplingPriorityHeader,
    names.datadogOriginHeader,
    names.datadogTagsHeader,
    names.sqsdHeader,
  ],
  b3: [names.b3Header],
  b3multi: [
    names.b3TraceIdHeader,
    names.b3SpanIdHeader,
    names.b3ParentSpanIdHeader,
    names.b3SampledHeader,
    names.b3FlagsHeader,
  ],
  baggage: [names.baggageHeader],
  none: [],
};

/** The headers that styles read and write. */
export function headerNamesOf(styles: readonly PropagationStyle[]): string[] {
  return styles.flatMap((style) => namesOfStyle[style]);
}

/** Header values in the order of the names of their reader. */
export type HeaderValues = (string | undefined)[];

/** Reads a fixed set of headers from any shape of carrier. */
export class HeaderReader {
  readonly #names: readonly string[];
  readonly #indexOfName: ReadonlyMap<string, number>;
  readonly #lengths: ReadonlySet<number>;

  constructor(headerNames: readonly string[]) {
    this.#names = headerNames;
    this.#indexOfName = new Map(headerNames.map((name, index) => [name, index]));
    this.#lengths = new Set(headerNames.map((name) => name.length));
  }

  /** @throws whatever the carrier throws. */
  read(carrier: unknown): HeaderValues {
    return isPlainRecord(carrier) ? this.#readRecord(carrier) : this.#readCarrier(carrier);
  }

  /** Looks a value up by its header name. */
  valueOf(values: HeaderValues, name: string): string | undefined {
    const index = this.#indexOfName.get(name);
    return index === undefined ? undefined : values[index];
  }

  #readCarrier(input: unknown): HeaderValues {
    const carrier = carrierOf(input);
    return this.#names.map((name) => {
      const value = carrier.get(name);
      return typeof value === "string" ? value : undefined;
    });
  }

  /** One pass over the keys instead of one per name: this is the way of every HTTP request. */
  #readRecord(record: Readonly<Record<string, unknown>>): HeaderValues {
    const values: HeaderValues = new Array(this.#names.length).fill(undefined);
    for (const key of Object.keys(record)) {
      if (!this.#lengths.has(key.length)) continue;
      const index = this.#indexOfName.get(key) ?? this.#indexOfName.get(key.toLowerCase());
      if (index === undefined) continue;
      const text = headerText(record[key]);
      if (text === undefined) continue;
      const present = values[index];
      // The same header under two cases is two fields of it.
      values[index] = present === undefined ? text : `${present},${text}`;
    }
    return values;
  }
}
