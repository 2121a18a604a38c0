import type { StreamOutcome } from "./stream-outcome.ts";

/** Told of everything that happens to an observed stream. */
export interface StreamObserver {
  onChunk(chunk: unknown): void;
  /** Called once. */
  onEnd(outcome: StreamOutcome, error?: unknown): void;
}

/** Ends the observation of a stream that was dropped without having been read to an end. */
const abandoned = new FinalizationRegistry<StreamObservation>((observation) =>
  observation.end("cancelled"),
);

/**
 * One observation of a stream: it follows the first iteration that reads, ends once, and keeps a fault of the
 * observer away from the stream.
 */
export class StreamObservation {
  #observer: StreamObserver | undefined;
  #followed: symbol | undefined;

  constructor(observer: StreamObserver) {
    this.#observer = observer;
  }

  /** Ends the observation as `cancelled` when the stream is collected before its end. */
  watch(stream: object): void {
    abandoned.register(stream, this, this);
  }

  /**
   * Whether this iteration is the one that is followed; the first to ask is.
   *
   * @param iteration Stands for it, and does not keep it: an observation outlives its stream until that is collected.
   */
  follows(iteration: symbol): boolean {
    this.#followed ??= iteration;
    return this.#followed === iteration;
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
    if (observer === undefined) return;
    // What is registered outlives every collection but a full one, with all that can be reached from it.
    abandoned.unregister(this);
    try {
      observer.onEnd(outcome, error);
    } catch {
      // The stream belongs to the application.
    }
  }
}
