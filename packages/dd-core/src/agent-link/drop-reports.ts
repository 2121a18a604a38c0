import { ExportError } from "../errors/export-error.ts";
import type { PayloadKind } from "./payload.ts";

const intervalMs = 60_000;
const maximumCauses = 64;

interface Cause {
  /** When it was last said (ms on the link's clock). */
  saidAt: number;
  /** Items since then. */
  items: number;
}

/**
 * Adds up what is dropped by kind and reason, to be said at once when a cause is new, and then at most once a minute: an
 * outage drops something with every payload, and a line for each would bury all others.
 */
export class DropReports {
  readonly #now: () => number;
  readonly #causes = new Map<string, Cause>();

  /** @param now A clock that is never set back (ms). */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Notes dropped items. @returns What is to be said of them and those before; `undefined` while there is nothing. */
  note(kind: PayloadKind, reason: string, items: number): ExportError | undefined {
    const now = this.#now();
    const key = `${kind} ${reason}`;
    const cause = this.#causes.get(key);
    if (cause === undefined) {
      if (this.#causes.size >= maximumCauses) return undefined;
      this.#causes.set(key, { saidAt: now, items: 0 });
      return new ExportError(
        `${items} items of ${kind} could not be kept or delivered: ${reason}.`,
      );
    }
    cause.items += items;
    const seconds = Math.round((now - cause.saidAt) / 1_000);
    if (now - cause.saidAt < intervalMs) return undefined;
    const dropped = cause.items;
    cause.saidAt = now;
    cause.items = 0;
    return new ExportError(
      `${dropped} items of ${kind} could not be kept or delivered in the last ${seconds} s: ${reason}.`,
    );
  }
}
