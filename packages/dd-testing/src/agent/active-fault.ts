import type { FailOptions, Fault } from "./fail-mode.ts";

/** A fault to apply to one request. */
export interface TakenFault {
  readonly fault: Fault;
  /** Aborted when the fault is replaced, healed or the agent stops. */
  readonly healed: AbortSignal;
}

/** The fault that is switched on, and for how many more requests. */
export class ActiveFault {
  #fault: Fault | undefined;
  #paths: readonly string[] | undefined;
  #remaining = 0;
  #healing = new AbortController();

  /** Switches a fault on; `undefined` heals. Requests that still wait for the old one go on at once. */
  set(fault: Fault | undefined, options: FailOptions = {}): void {
    this.#healing.abort();
    this.#healing = new AbortController();
    this.#fault = fault;
    this.#paths = options.paths;
    this.#remaining = options.times ?? Number.POSITIVE_INFINITY;
  }

  /** The fault for a request to this path, which counts as one of its times. */
  take(path: string): TakenFault | undefined {
    if (this.#fault === undefined || this.#remaining <= 0) return undefined;
    if (this.#paths !== undefined && !this.#paths.some((prefix) => path.startsWith(prefix))) {
      return undefined;
    }
    this.#remaining -= 1;
    return { fault: this.#fault, healed: this.#healing.signal };
  }
}
