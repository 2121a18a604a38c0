import { baggageHeader, type HeaderField } from "../codecs/header-names.ts";

/** Writes headers to plain objects. */
export class RecordWriter {
  readonly #names: ReadonlySet<string>;
  readonly #lengths: ReadonlySet<number>;

  /** @param headerNames The lower-case names of all headers that are ever written. */
  constructor(headerNames: readonly string[]) {
    this.#names = new Set(headerNames);
    this.#lengths = new Set(headerNames.map((name) => name.length));
  }

  /**
   * Writes headers in place of those present, whatever their case.
   *
   * @param takesOut Whether headers that are not written are taken out, except for baggage.
   * @throws whatever a setter of the object, or a frozen object, throws.
   */
  write(record: Record<string, unknown>, headers: readonly HeaderField[], takesOut: boolean): void {
    for (const key of Object.keys(record)) {
      if (!this.#lengths.has(key.length)) continue;
      const name = key.toLowerCase();
      if (!this.#names.has(name)) continue;
      const isWritten = headers.some(([written]) => written === name);
      const isStale = isWritten ? key !== name : takesOut && name !== baggageHeader;
      if (isStale) delete record[key];
    }
    for (const [name, value] of headers) record[name] = value;
  }
}
