import { headerText } from "./header-text.ts";
import type { TraceContextCarrier } from "./trace-context-carrier.ts";

/** A plain object of headers; names are matched in any case, and writes go to the object itself. */
export class RecordCarrier implements TraceContextCarrier {
  readonly #record: Record<string, unknown>;

  constructor(record: Record<string, unknown>) {
    this.#record = record;
  }

  get(name: string): string | undefined {
    const key = this.#keyOf(name);
    return key === undefined ? undefined : headerText(this.#record[key]);
  }

  set(name: string, value: string): void {
    // An object that already has the header under another case must not end up with two.
    this.#record[this.#keyOf(name) ?? name] = value;
  }

  keys(): string[] {
    return Object.keys(this.#record);
  }

  delete(name: string): void {
    const key = this.#keyOf(name);
    if (key !== undefined) delete this.#record[key];
  }

  #keyOf(name: string): string | undefined {
    if (Object.hasOwn(this.#record, name)) return name;
    const wanted = name.toLowerCase();
    for (const key of Object.keys(this.#record)) {
      if (key.length === name.length && key.toLowerCase() === wanted) return key;
    }
    return undefined;
  }
}
