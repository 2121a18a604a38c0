import { headerText } from "./header-text.ts";
import type { TraceContextCarrier } from "./trace-context-carrier.ts";

/** A `Map` of headers; names are matched in any case, and writes go to the map itself. */
export class MapCarrier implements TraceContextCarrier {
  readonly #map: Map<unknown, unknown>;

  constructor(map: Map<unknown, unknown>) {
    this.#map = map;
  }

  get(name: string): string | undefined {
    return headerText(this.#map.get(this.#keyOf(name)));
  }

  set(name: string, value: string): void {
    this.#map.set(this.#keyOf(name), value);
  }

  keys(): string[] {
    return Array.from(this.#map.keys()).filter((key) => typeof key === "string");
  }

  delete(name: string): void {
    this.#map.delete(this.#keyOf(name));
  }

  #keyOf(name: string): string {
    if (this.#map.has(name)) return name;
    const wanted = name.toLowerCase();
    return this.keys().find((key) => key.toLowerCase() === wanted) ?? name;
  }
}
