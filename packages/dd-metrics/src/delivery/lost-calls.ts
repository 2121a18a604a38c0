import type { Diagnostics } from "@llmdevops/dd-core";

/** Counts values that are lost, by reason: here for one client, and in the diagnostics it shares with others. */
export class LostCalls {
  readonly #diagnostics: Diagnostics;
  readonly #byReason: Record<string, number> = {};

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
  }

  get byReason(): Readonly<Record<string, number>> {
    return { ...this.#byReason };
  }

  add(reason: string, calls: number): void {
    this.#byReason[reason] = (this.#byReason[reason] ?? 0) + calls;
    this.#diagnostics.count(reason, calls);
  }
}
