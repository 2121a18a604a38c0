import { endByError, endQuietly } from "./stream-abort.ts";
import type { StreamObservation } from "./stream-observation.ts";

/** What is needed of a `ReadableStream`, of this or of another implementation. */
export interface ReadableStreamLike {
  /** Locks the stream to one reader; observed. */
  getReader(...args: unknown[]): ReadableStreamReaderLike;
  /** Pipes the stream into a pair of streams; observed. */
  pipeThrough(...args: unknown[]): unknown;
  /** Pipes the stream into another one; observed. */
  pipeTo(...args: unknown[]): unknown;
  /** Splits the stream into two branches; both are observed. */
  tee(...args: unknown[]): unknown;
  /** Gives the stream up; observed. */
  cancel(reason?: unknown): Promise<void>;
}

/** What is needed of the reader of such a stream. */
export interface ReadableStreamReaderLike {
  /** Resolves when the stream has ended, rejects when it has failed. */
  readonly closed: Promise<unknown>;
  /** Takes the next chunk; observed. */
  read(...args: unknown[]): Promise<{
    /** Whether the stream has ended. */
    readonly done: boolean;
    /** The chunk; absent at the end. */
    readonly value?: unknown;
  }>;
  /** Gives the stream up; observed. */
  cancel(reason?: unknown): Promise<void>;
  /** Lets go of the stream, which stays open. */
  releaseLock(): void;
}

/** Whether a value is a `ReadableStream`, by its methods. */
export function isReadableStream(value: object): value is ReadableStreamLike {
  return ["getReader", "pipeThrough", "pipeTo", "tee"].every(
    (name) => typeof Reflect.get(value, name) === "function",
  );
}

/**
 * Observes how a `ReadableStream` is read, in place: by a reader, by a pipe or by its branches; its iteration is
 * observed elsewhere. Nothing is read ahead: a pipe gets each chunk when it asks for one. What reads a stream inside
 * the runtime (`new Response(stream)`) is not seen. The branches of a byte stream are no byte streams.
 */
export function observeReadableStream(
  stream: ReadableStreamLike,
  observation: StreamObservation,
): void {
  const getReader = stream.getReader.bind(stream);
  const cancel = stream.cancel.bind(stream);
  // One after the other may read, so all readers are one iteration.
  const iteration = Symbol("readers");
  const observe = (reader: ReadableStreamReaderLike) =>
    observation.follows(iteration) ? observeReader(stream, reader, observation) : reader;
  const observedCopy = () => copyOf(observe(getReader()));
  const methods: Readonly<Record<string, (...args: unknown[]) => unknown>> = {
    getReader: (...args) => observe(getReader(...args)),
    pipeThrough: (...args) =>
      Reflect.apply(ReadableStream.prototype.pipeThrough, observedCopy(), args),
    pipeTo: (...args) => Reflect.apply(ReadableStream.prototype.pipeTo, observedCopy(), args),
    tee: () => observedCopy().tee(),
    cancel: (reason) => {
      const cancelled = cancel(reason);
      return cancelled.then((value) => {
        observation.end("cancelled");
        return value;
      });
    },
  };
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(stream, name, { value, configurable: true, writable: true });
  }
}

function observeReader(
  stream: object,
  reader: ReadableStreamReaderLike,
  observation: StreamObservation,
): ReadableStreamReaderLike {
  const read = reader.read.bind(reader);
  const cancel = reader.cancel.bind(reader);
  // An error is known at once, also when nobody reads on; a reader that lets go of the stream is no error of it.
  reader.closed.catch((error: unknown) => {
    const isRelease = error instanceof TypeError && /releas/i.test(error.message);
    if (!isRelease) endByError(observation, stream, error);
  });
  const methods: Readonly<Record<string, (...args: unknown[]) => unknown>> = {
    read: async (...args) => {
      const step = await read(...args);
      if (step.done) endQuietly(observation, stream);
      else observation.chunk(step.value);
      return step;
    },
    cancel: (reason) => {
      observation.end("cancelled");
      return cancel(reason);
    },
  };
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(reader, name, { value, configurable: true, writable: true });
  }
  return reader;
}

/** The same chunks, each fetched when it is asked for. */
function copyOf(reader: ReadableStreamReaderLike): ReadableStream<unknown> {
  return new ReadableStream<unknown>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (!done) {
          controller.enqueue(value);
          return;
        }
        reader.releaseLock();
        controller.close();
      },
      cancel: (reason) => reader.cancel(reason).finally(() => reader.releaseLock()),
    },
    { highWaterMark: 0 },
  );
}
