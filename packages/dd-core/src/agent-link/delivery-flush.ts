interface Waiter {
  readonly mark: number;
  readonly isPatient: boolean;
  readonly finish: (settled: boolean) => void;
}

/** Those who wait until everything up to a point is settled. */
export class DeliveryFlush {
  readonly #onActive: (active: boolean) => void;
  readonly #waiters = new Set<Waiter>();

  /** @param onActive Told when somebody begins to wait, and when nobody does any more. */
  constructor(onActive: (active: boolean) => void) {
    this.#onActive = onActive;
  }

  /** Whether somebody waits. */
  get active(): boolean {
    return this.#waiters.size > 0;
  }

  /**
   * Waits until nothing up to `mark` is pending, or the time is up.
   *
   * @param oldestPending The lowest sequence that is not settled yet, or infinity.
   * @param isPatient Whether to wait on where nobody listens at the Agent's address.
   */
  wait(
    mark: number,
    timeoutMs: number,
    oldestPending: () => number,
    isPatient: boolean,
  ): Promise<boolean> {
    if (oldestPending() > mark) return Promise.resolve(true);
    return new Promise((resolve) => {
      // Not unref'd: whoever awaits a flush at the end of a program wants the process to wait with them.
      const timer = setTimeout(() => waiter.finish(false), timeoutMs);
      const waiter: Waiter = {
        mark,
        isPatient,
        finish: (settled) => {
          clearTimeout(timer);
          this.#waiters.delete(waiter);
          resolve(settled);
          if (this.#waiters.size === 0) this.#onActive(false);
        },
      };
      this.#waiters.add(waiter);
      if (this.#waiters.size === 1) this.#onActive(true);
    });
  }

  /** Tells whoever has waited for less than `oldestPending`. */
  settled(oldestPending: number): void {
    for (const waiter of [...this.#waiters]) {
      if (oldestPending > waiter.mark) waiter.finish(true);
    }
  }

  /** Tells whoever does not want to wait for an Agent that is not there. */
  agentAbsent(): void {
    for (const waiter of [...this.#waiters]) {
      if (!waiter.isPatient) waiter.finish(false);
    }
  }
}
