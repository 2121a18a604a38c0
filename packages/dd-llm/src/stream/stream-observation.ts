import type { StreamOutcome } from "./stream-outcome.ts";

/** Told of everything that happens to an observed stream. */
export interface StreamObserver {
  onChunk(chunk: unknown): void;
  /** Called once. */
  onEnd(outcome: StreamOutcome, error?: unknown): void;
}

/**
 * One observation of a stream: it follows the first iteration that reads, ends once, and keeps a fault of the
 * observer away from the stream.
 */
export class StreamObservation {
  #observer: StreamObserver | undefined;
  /** Weak, since an observation outlives its stream until that is collected. */
  #followed: WeakRef<object> | undefined;

  constructor(observer: StreamObserver) {
    this.#observer = observer;
  }

  /** Whether this iteration is the one that is followed; the first to ask is. */
  follows(iteration: object): boolean {
    this.#followed ??= new WeakRef(iteration);
    return this.#followed.deref() === iteration;
  }

  chunk(chunk: unknown): void {
    try {
      this.#observer?.onChunk(chunk);
    } catch {
      // The stream belongs to the application.
    }
  }

  end(outcome: StreamOutcome, error?: unknown): void {
    const observer = this.#observer;
    // Let go of everything that was recorded, however long the stream itself lives on.
    this.#observer = undefined;
    try {
      observer?.onEnd(outcome, error);
    } catch {
      // The stream belongs to the application.
    }
  }
}
