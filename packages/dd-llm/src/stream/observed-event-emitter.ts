import { endByError, endQuietly } from "./stream-abort.ts";
import type { StreamObservation } from "./stream-observation.ts";

/** What is needed of an `EventEmitter`. */
export interface EventEmitterLike {
  /** Tells of an event; replaced while the stream is observed. */
  emit(event: string | symbol, ...args: never[]): unknown;
}

/** The events by which an emitter tells of a stream. */
export interface StreamEvents {
  /** Brings a chunk, as its first argument. @default ["data", "chunk"] */
  readonly chunk?: readonly string[];
  /** The stream is complete. @default ["end", "done"] */
  readonly end?: readonly string[];
  /** The stream has failed; its first argument is the error. @default ["error"] */
  readonly error?: readonly string[];
  /** The stream was stopped. @default ["abort", "close"]; a `close` after the end changes nothing */
  readonly stop?: readonly string[];
}

/** Whether a value emits events. */
export function isEventEmitter(value: object): value is EventEmitterLike {
  return (
    typeof Reflect.get(value, "emit") === "function" &&
    typeof Reflect.get(value, "on") === "function"
  );
}

/** Whether a value is a stream of `node:stream`, whose iteration emits its chunks, too. */
export function isNodeStream(value: object): boolean {
  return isEventEmitter(value) && typeof Reflect.get(value, "pipe") === "function";
}

/**
 * Observes what an emitter emits, in place. No listener is added, so a stream does not begin to flow, and an error
 * that nobody listens to is still thrown.
 */
export function observeEventEmitter(
  emitter: EventEmitterLike,
  observation: StreamObservation,
  events: StreamEvents = {},
): void {
  const emit: EventEmitterLike["emit"] = emitter.emit.bind(emitter);
  const chunk = new Set<unknown>(events.chunk ?? ["data", "chunk"]);
  const end = new Set<unknown>(events.end ?? ["end", "done"]);
  const error = new Set<unknown>(events.error ?? ["error"]);
  const stop = new Set<unknown>(events.stop ?? ["abort", "close"]);
  const value = (event: string | symbol, ...args: never[]): unknown => {
    if (chunk.has(event)) observation.chunk(args[0]);
    else if (end.has(event)) endQuietly(observation, emitter);
    else if (error.has(event) && isDestruction(args[0])) observation.end("cancelled");
    else if (error.has(event)) endByError(observation, emitter, args[0]);
    else if (stop.has(event)) observation.end(event === "abort" ? "aborted" : "cancelled");
    return emit(event, ...args);
  };
  Object.defineProperty(emitter, "emit", { value, configurable: true, writable: true });
}

/** Node's word for a stream that is destroyed before its end, as by leaving a loop; a signal would be its cause. */
function isDestruction(error: unknown): boolean {
  return (
    error instanceof Error &&
    error.cause === undefined &&
    Reflect.get(error, "code") === "ABORT_ERR"
  );
}
