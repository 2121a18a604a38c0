import type { DeliveryHistory } from "./delivery-history.ts";
import type { PayloadRoute, QueuedPayload } from "./payload.ts";
import type { Spool, SpooledPayload } from "./spool.ts";
import type { SpoolEntry } from "./spool-file.ts";

/** What the queue tells the link. */
export interface SpoolListener {
  /** The disk did not take a payload, so it has to stay in memory. */
  onRefused(payload: QueuedPayload): void;
  /** A payload has been read and claimed. */
  onTaken(taken: SpooledPayload): void;
  /** Something has been written, read or found to be missing. */
  onChange(): void;
}

/** The way of payloads to the disk and back, without anybody waiting for it. */
export class SpoolQueue {
  readonly #spool: Spool;
  readonly #urlFor: (route: Pick<PayloadRoute, "path" | "agentless">) => string | undefined;
  readonly #listener: SpoolListener;
  readonly #storing = new Set<QueuedPayload>();
  #stored = 0;
  #taking = false;
  #ended = false;

  constructor(
    spool: Spool,
    urlFor: (route: Pick<PayloadRoute, "path" | "agentless">) => string | undefined,
    listener: SpoolListener,
  ) {
    this.#spool = spool;
    this.#urlFor = urlFor;
    this.#listener = listener;
  }

  /** Payloads on their way to the disk. */
  get storing(): Iterable<QueuedPayload> {
    return this.#storing;
  }

  /** Whether there may be a file to take, and none is being read. */
  get mayTake(): boolean {
    return !this.#taking && this.#spool.mayHaveFiles;
  }

  /** The lowest sequence that is on its way to the disk; 0 while a file of this link is there, else infinity. */
  oldest(): number {
    if (this.#stored > 0 && (this.#taking || this.#spool.mayHaveFiles)) return 0;
    let oldest = Number.POSITIVE_INFINITY;
    for (const { sequence } of this.#storing) oldest = Math.min(oldest, sequence);
    return oldest;
  }

  /** Writes a payload. */
  store(payload: QueuedPayload): void {
    this.#storing.add(payload);
    void this.#spool.write(payload).then((written) => {
      // At the end of the process it has been handed out already.
      if (!this.#storing.delete(payload)) return;
      if (written) this.#stored += 1;
      else this.#listener.onRefused(payload);
      this.#listener.onChange();
    });
  }

  /** Reads the oldest file. */
  take(): void {
    this.#taking = true;
    void this.#spool.take(this.#urlFor).then((taken) => {
      this.#taking = false;
      if (taken !== undefined && this.#ended) this.#spool.settle(taken.file, "again");
      else if (taken !== undefined) this.#listener.onTaken(taken);
      else if (!this.#spool.mayHaveFiles) this.#stored = 0;
      this.#listener.onChange();
    });
  }

  /** @see Spool.settle */
  settle(file: SpoolEntry, outcome: "sent" | "again", history?: DeliveryHistory): void {
    this.#spool.settle(file, outcome, history);
    if (outcome === "sent" && this.isOwn(file)) this.#stored -= 1;
  }

  /** @see Spool.isOwn */
  isOwn(file: SpoolEntry): boolean {
    return this.#spool.isOwn(file);
  }

  /** Hands out what is still on its way to the disk. */
  end(): QueuedPayload[] {
    this.#ended = true;
    const left = [...this.#storing];
    this.#storing.clear();
    return left;
  }

  /** Puts a payload on disk at the end of the process, or gives its file back; `false` when the disk refuses. */
  keepAtExit(payload: QueuedPayload): boolean {
    if (payload.spoolFile === undefined) return this.#spool.writeSync(payload);
    this.#spool.settle(payload.spoolFile, "again");
    return true;
  }

  /** Removes what an interrupted write may have left of a payload that was delivered at the end of the process. */
  forgetAtExit(payload: QueuedPayload): void {
    this.#spool.forgetSync(payload);
  }
}
