import { classifyLLMError } from "../errors/error-class.ts";
import type { StreamOutcome } from "./stream-recorder.ts";

/** Told of everything that happens to an observed stream; must not throw. */
export interface StreamObserver {
  onChunk(chunk: unknown): void;
  /** Called once. */
  onEnd(outcome: StreamOutcome, error?: unknown): void;
}

/**
 * Observes an async iterable and returns the very same object: chunks, order, timing and back-pressure are
 * untouched, and leaving the loop early reaches the original iterator, which aborts the request just as without us.
 */
export function observeStream<S extends AsyncIterable<unknown>>(
  stream: S,
  observer: StreamObserver,
): S {
  const iterate = stream[Symbol.asyncIterator];
  const observed = () => new ObservedIterator(stream, iterate.call(stream), observer);
  try {
    Object.defineProperty(stream, Symbol.asyncIterator, {
      value: observed,
      configurable: true,
      writable: true,
      enumerable: false,
    });
    return stream;
  } catch {
    // A frozen object: all that can be observed is a view of it.
    return new Proxy(stream, {
      get: (target, key, receiver) =>
        key === Symbol.asyncIterator ? observed : Reflect.get(target, key, receiver),
    });
  }
}

class ObservedIterator implements AsyncIterableIterator<unknown> {
  readonly #stream: object;
  readonly #iterator: AsyncIterator<unknown>;
  readonly #observer: StreamObserver;
  #ended = false;

  constructor(stream: object, iterator: AsyncIterator<unknown>, observer: StreamObserver) {
    this.#stream = stream;
    this.#iterator = iterator;
    this.#observer = observer;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(...args: [] | [unknown]): Promise<IteratorResult<unknown>> {
    let result: IteratorResult<unknown>;
    try {
      result = await this.#iterator.next(...args);
    } catch (error) {
      this.#end(isAbort(error) ? "aborted" : "failed", error);
      throw error;
    }
    // The official SDKs end an aborted stream without an error.
    if (result.done === true) this.#end(isSignalAborted(this.#stream) ? "aborted" : "completed");
    else this.#observer.onChunk(result.value);
    return result;
  }

  async return(value?: unknown): Promise<IteratorResult<unknown>> {
    try {
      return (await this.#iterator.return?.(value)) ?? { done: true, value };
    } finally {
      this.#end("cancelled");
    }
  }

  async throw(error?: unknown): Promise<IteratorResult<unknown>> {
    this.#end("failed", error);
    if (this.#iterator.throw === undefined) throw error;
    return this.#iterator.throw(error);
  }

  #end(outcome: StreamOutcome, error?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#observer.onEnd(outcome, error);
  }
}

function isAbort(error: unknown): boolean {
  return classifyLLMError(error) === "cancelled";
}

function isSignalAborted(stream: object): boolean {
  const controller: unknown = Reflect.get(stream, "controller");
  return controller instanceof AbortController && controller.signal.aborted;
}
