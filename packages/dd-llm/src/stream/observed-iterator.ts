import { endByError, endQuietly, isStreamAborted } from "./stream-abort.ts";
import type { StreamObservation } from "./stream-observation.ts";

/** What a stream is read by; `return` and `throw` may be missing. */
export interface StreamIterator {
  next(...args: [] | [unknown]): Promise<IteratorResult<unknown>>;
  return?(value?: unknown): Promise<IteratorResult<unknown>>;
  throw?(error?: unknown): Promise<IteratorResult<unknown>>;
}

/** Passes everything on to the iterator of a stream and tells the observation of it. */
export class ObservedIterator implements AsyncIterableIterator<unknown> {
  readonly observation: StreamObservation;
  /** Keeps the stream alive while it is read: an abandoned one is noticed by its collection. */
  readonly #stream: object;
  readonly #iterator: StreamIterator;
  #follows: boolean | undefined;

  constructor(stream: object, iterator: StreamIterator, observation: StreamObservation) {
    this.#stream = stream;
    this.#iterator = iterator;
    this.observation = observation;
  }

  readonly #onStep = (step: IteratorResult<unknown>): IteratorResult<unknown> => {
    if (step.done !== true) this.observation.chunk(step.value);
    else endQuietly(this.observation, this.#stream);
    return step;
  };

  readonly #onError = (error: unknown): never => {
    this.#fail(error);
    throw error;
  };

  #isFollowed(): boolean {
    this.#follows ??= this.observation.follows(Symbol("iteration"));
    return this.#follows;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(...args: [] | [unknown]): Promise<IteratorResult<unknown>> {
    if (!this.#isFollowed()) return this.#iterator.next(...args);
    let step: Promise<IteratorResult<unknown>>;
    try {
      step = args.length === 0 ? this.#iterator.next() : this.#iterator.next(args[0]);
    } catch (error) {
      this.#fail(error);
      throw error;
    }
    // One promise more than without us, and no closure, at each of maybe thousands of chunks.
    return Promise.resolve(step).then(this.#onStep, this.#onError);
  }

  async return(value?: unknown): Promise<IteratorResult<unknown>> {
    // The official SDKs abort the request themselves when a loop is left; before that it was the application.
    const outcome = isStreamAborted(this.#stream) ? "aborted" : "cancelled";
    try {
      return (await this.#iterator.return?.(value)) ?? { done: true, value };
    } finally {
      if (this.#isFollowed()) this.observation.end(outcome);
    }
  }

  async throw(error?: unknown): Promise<IteratorResult<unknown>> {
    try {
      if (this.#iterator.throw === undefined) throw error;
      const result = await this.#iterator.throw(error);
      if (result.done === true) this.#fail(error);
      else if (this.#isFollowed()) this.observation.chunk(result.value);
      return result;
    } catch (thrown) {
      this.#fail(thrown);
      throw thrown;
    }
  }

  #fail(error: unknown): void {
    if (this.#isFollowed()) endByError(this.observation, this.#stream, error);
  }
}
