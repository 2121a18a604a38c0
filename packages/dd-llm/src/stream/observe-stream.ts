import {
  isEventEmitter,
  isNodeStream,
  observeEventEmitter,
  type StreamEvents,
} from "./observed-event-emitter.ts";
import { ObservedIterator, type StreamIterator } from "./observed-iterator.ts";
import { isReadableStream, observeReadableStream } from "./observed-readable-stream.ts";
import { rememberStreamSignal } from "./stream-abort.ts";
import { StreamObservation, type StreamObserver } from "./stream-observation.ts";

/** How a stream is read that does not say so itself. */
export interface StreamOptions {
  /** What the application stops the stream with. @default the stream's own `controller`, where it has one */
  readonly signal?: AbortSignal | undefined;
  /** The events of an emitter. @default data or chunk, end or done, error, abort or close */
  readonly events?: StreamEvents | undefined;
}

/**
 * Observes an async iterable, a `ReadableStream` or an emitter in place: the object stays the same, as do its chunks, their order and its
 * back-pressure, and leaving the loop early reaches the original iterator, which aborts the request just as without us.
 *
 * Nothing is read, so a stream that nobody consumes ends when it is garbage-collected, as `cancelled`.
 *
 * @returns Whether the stream can be observed: not when it is none of these, or is frozen.
 */
export function observeStream(
  stream: unknown,
  observer: StreamObserver,
  { signal, events }: StreamOptions = {},
): boolean {
  const observation = new StreamObservation(observer);
  try {
    if (typeof stream !== "object" || stream === null || !Object.isExtensible(stream)) return false;
    if (!attach(stream, observation, events)) return false;
    if (signal !== undefined) rememberStreamSignal(stream, signal);
    observation.watch(stream);
    return true;
  } catch {
    // A proxy or a getter refused.
    return false;
  }
}

function attach(stream: object, observation: StreamObservation, events?: StreamEvents): boolean {
  const isIterable = typeof Reflect.get(stream, Symbol.asyncIterator) === "function";
  const isEmitter = isEventEmitter(stream);
  if (isEmitter && (!isIterable || isNodeStream(stream) || events !== undefined)) {
    observeEventEmitter(stream, observation, events);
    return true;
  }
  const isReadable = isReadableStream(stream);
  if (isReadable) observeReadableStream(stream, observation);
  if (isIterable) replaceIteration(stream, observation);
  if (isIterable && isIterator(stream)) replaceSteps(stream, observation);
  return isIterable || isReadable;
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
  if (isOpenAIStream) return ["iterator", Symbol.asyncIterator];
  return isReadableStream(stream) ? ["values", Symbol.asyncIterator] : [Symbol.asyncIterator];
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
