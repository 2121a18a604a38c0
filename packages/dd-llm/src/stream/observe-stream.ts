import { ObservedIterator, type StreamIterator } from "./observed-iterator.ts";
import { StreamObservation, type StreamObserver } from "./stream-observation.ts";

/** Ends the observation of a stream that was dropped without having been read to an end. */
const abandoned = new FinalizationRegistry<StreamObservation>((observation) =>
  observation.end("cancelled"),
);

/**
 * Observes an async iterable in place: the object stays the same, as do its chunks, their order and its
 * back-pressure, and leaving the loop early reaches the original iterator, which aborts the request just as without us.
 *
 * Nothing is read, so a stream that nobody consumes ends when it is garbage-collected, as `cancelled`.
 *
 * @returns Whether the stream can be observed: not when it is no async iterable, or is frozen.
 */
export function observeStream(stream: unknown, observer: StreamObserver): boolean {
  const observation = new StreamObservation(observer);
  try {
    if (typeof stream !== "object" || stream === null) return false;
    const iterate: unknown = Reflect.get(stream, Symbol.asyncIterator);
    if (typeof iterate !== "function" || !Object.isExtensible(stream)) return false;
    replaceIteration(stream, observation);
    if (isIterator(stream)) replaceSteps(stream, observation);
    abandoned.register(stream, observation);
    return true;
  } catch {
    // A proxy or a getter refused.
    return false;
  }
}

/** A generator is read by its own `next`, whether a loop calls it or the application does. */
function replaceSteps(stream: StreamIterator, observation: StreamObservation): void {
  const observed = new ObservedIterator(
    stream,
    {
      next: stream.next.bind(stream),
      ...(stream.return === undefined ? {} : { return: stream.return.bind(stream) }),
      ...(stream.throw === undefined ? {} : { throw: stream.throw.bind(stream) }),
    },
    observation,
  );
  define(stream, "next", observed.next.bind(observed));
  if (stream.return !== undefined) define(stream, "return", observed.return.bind(observed));
  if (stream.throw !== undefined) define(stream, "throw", observed.throw.bind(observed));
}

function replaceIteration(stream: object, observation: StreamObservation): void {
  for (const key of iterationKeys(stream)) {
    const iterate: unknown = Reflect.get(stream, key);
    if (typeof iterate !== "function") continue;
    define(stream, key, (...args: unknown[]) => {
      const iterator: StreamIterator = Reflect.apply(iterate, stream, args);
      const isObserved =
        iterator === stream ||
        (iterator instanceof ObservedIterator && iterator.observation === observation);
      return isObserved ? iterator : new ObservedIterator(stream, iterator, observation);
    });
  }
}

/** OpenAI's `Stream.tee()` reads through its own `iterator`, past the symbol; the symbol reads through both. */
function iterationKeys(stream: object): (string | symbol)[] {
  const isOpenAIStream = Object.hasOwn(stream, "iterator") && "tee" in stream;
  return isOpenAIStream ? ["iterator", Symbol.asyncIterator] : [Symbol.asyncIterator];
}

function isIterator(stream: object): stream is StreamIterator {
  return typeof Reflect.get(stream, "next") === "function";
}

function define(target: object, key: string | symbol, value: unknown): void {
  Object.defineProperty(target, key, {
    value,
    configurable: true,
    writable: true,
    enumerable: false,
  });
}
