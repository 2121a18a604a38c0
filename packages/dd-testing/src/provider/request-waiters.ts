import type { RecordedProviderRequest } from "./recorded-request.ts";

/** How long to wait. */
export interface WaitForRequestOptions {
  /** Milliseconds before the wait is given up, from 1 to 2147483647. @default 5000 */
  readonly timeoutMs?: number;
}

/** A timer of Node that is set to more fires at once. */
const longestTimeoutMs = 2 ** 31 - 1;

type Predicate = (request: RecordedProviderRequest) => boolean;

interface Waiter {
  readonly predicate: Predicate;
  readonly resolve: (request: RecordedProviderRequest) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

/** Lets a test wait until the server has recorded something. */
export class RequestWaiters {
  readonly #waiting = new Set<Waiter>();
  readonly #records: () => RecordedProviderRequest[];

  constructor(records: () => RecordedProviderRequest[]) {
    this.#records = records;
  }

  wait(
    predicate: Predicate,
    options: WaitForRequestOptions = {},
  ): Promise<RecordedProviderRequest> {
    const timeoutMs = options.timeoutMs ?? 5000;
    if (!(timeoutMs >= 1 && timeoutMs <= longestTimeoutMs)) {
      return Promise.reject(new RangeError(`timeoutMs must be from 1 to ${longestTimeoutMs}.`));
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(waiter);
        const seen = this.#records().length;
        reject(new Error(`No matching request in ${timeoutMs} ms; ${seen} requests recorded.`));
      }, timeoutMs);
      timer.unref();
      const waiter: Waiter = { predicate, resolve, reject, timer };
      this.#waiting.add(waiter);
      this.check();
    });
  }

  /** Looks at the records again for everyone who waits. */
  check(): void {
    if (this.#waiting.size === 0) return;
    const records = this.#records();
    for (const waiter of this.#waiting) {
      try {
        const found = records.find(waiter.predicate);
        if (found === undefined) continue;
        waiter.resolve(found);
      } catch (error) {
        waiter.reject(error);
      }
      this.#waiting.delete(waiter);
      clearTimeout(waiter.timer);
    }
  }

  /** Rejects everyone who waits. */
  cancel(): void {
    for (const waiter of this.#waiting) {
      clearTimeout(waiter.timer);
      waiter.reject(new Error("The provider server was stopped."));
    }
    this.#waiting.clear();
  }
}
