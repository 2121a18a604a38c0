import type { TraceContextCarrier } from "./trace-context-carrier.ts";

/** The part of the standard `Headers` that is needed; any implementation of it will do. */
export interface FetchHeaders {
  get(name: string): string | null;
  set(name: string, value: string): void;
  append(name: string, value: string): void;
  delete(name: string): void;
  keys(): Iterable<string>;
}

/** A carrier over `Headers`. */
export function fetchHeadersCarrier(headers: FetchHeaders): TraceContextCarrier {
  return {
    get: (name) => headers.get(name) ?? undefined,
    set: (name, value) => headers.set(name, value),
    delete: (name) => headers.delete(name),
    keys: () => headers.keys(),
  };
}

/** Tells `Headers` by its methods. */
export function isFetchHeaders(value: object): value is FetchHeaders {
  return ["get", "set", "append", "delete", "keys"].every(
    (method) => typeof Reflect.get(value, method) === "function",
  );
}
