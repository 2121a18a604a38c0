import { headerText, isRecord } from "./header-text.ts";
import type { TraceContextCarrier } from "./trace-context-carrier.ts";

/** What a {@link HeaderCarrier} can start from: an object, or pairs of name and value such as `Headers` and `Map`. */
export type HeaderCarrierInit =
  | Readonly<Record<string, unknown>>
  | Iterable<readonly [name: string, value: unknown]>;

/**
 * A set of headers of its own, with case-insensitive names.
 *
 * @example
 * ```ts
 * const carrier = new HeaderCarrier();
 * propagator.inject(context, carrier);
 * await fetch(url, { headers: carrier.toObject() });
 * ```
 */
export class HeaderCarrier implements TraceContextCarrier {
  readonly #fields = new Map<string, { name: string; value: string }>();

  /**
   * Makes a carrier of its own; the headers given are copied.
   *
   * @param init Headers to start with; what is no text or cannot be read is left out. @default none
   */
  constructor(init: HeaderCarrierInit = {}) {
    if (!isRecord(init)) return;
    try {
      const pairs = Symbol.iterator in init ? init : Object.entries(init);
      for (const [name, value] of pairs as Iterable<readonly [string, unknown]>) {
        const text = headerText(value);
        if (typeof name === "string" && text !== undefined) this.set(name, text);
      }
    } catch {
      // A getter, a proxy or an iterator refused: what was read before stays.
    }
  }

  get(name: string): string | undefined {
    return this.#fields.get(name.toLowerCase())?.value;
  }

  set(name: string, value: string): void {
    this.#fields.set(name.toLowerCase(), { name, value });
  }

  delete(name: string): void {
    this.#fields.delete(name.toLowerCase());
  }

  /** The names as they were written. */
  keys(): string[] {
    return Array.from(this.#fields.values(), ({ name }) => name);
  }

  /** A plain object of the headers, for `fetch` and `http.request`. */
  toObject(): Record<string, string> {
    return Object.fromEntries(
      Array.from(this.#fields.values(), ({ name, value }) => [name, value]),
    );
  }
}
