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

  constructor(stream: object, iterator: StreamIterator, observation: StreamObservation) {
    this.#stream = stream;
    this.#iterator = iterator;
    this.observation = observation;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(...args: [] | [unknown]): Promise<IteratorResult<unknown>> {
    if (!this.observation.follows(this)) return this.#iterator.next(...args);
    let result: IteratorResult<unknown>;
    try {
      result = await this.#iterator.next(...args);
    } catch (error) {
      this.#fail(error);
      throw error;
    }
    if (result.done !== true) this.observation.chunk(result.value);
    else endQuietly(this.observation, this.#stream);
    return result;
  }

  async return(value?: unknown): Promise<IteratorResult<unknown>> {
    // The official SDKs abort the request themselves when a loop is left; before that it was the application.
    const outcome = isStreamAborted(this.#stream) ? "aborted" : "cancelled";
    try {
      return (await this.#iterator.return?.(value)) ?? { done: true, value };
    } finally {
      if (this.observation.follows(this)) this.observation.end(outcome);
    }
  }

  async throw(error?: unknown): Promise<IteratorResult<unknown>> {
    try {
      if (this.#iterator.throw === undefined) throw error;
      const result = await this.#iterator.throw(error);
      if (result.done === true) this.#fail(error);
      else if (this.observation.follows(this)) this.observation.chunk(result.value);
      return result;
    } catch (thrown) {
      this.#fail(thrown);
      throw thrown;
    }
  }

  #fail(error: unknown): void {
    if (this.observation.follows(this)) endByError(this.observation, this.#stream, error);
  }
}
