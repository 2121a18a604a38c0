import { classifyLLMError } from "../errors/error-class.ts";
import type { StreamObservation } from "./stream-observation.ts";

/** Signals of streams whose own object does not show one. */
const signals = new WeakMap<object, AbortSignal>();

/** Streams whose SDK reports its own time-out as an abort. */
const disguising = new WeakSet<object>();

/** Tells that an abort of the stream that no signal of the application stands for is a time-out of its SDK. */
export function rememberDisguisedTimeout(stream: object): void {
  disguising.add(stream);
}

/** Tells by which signal the application stops a stream. */
export function rememberStreamSignal(stream: object, signal: AbortSignal): void {
  signals.set(stream, signal);
}

/** Whether that signal has stopped the stream; sockets that it tears down fail in words of their own. */
function isStoppedBySignal(stream: object): boolean {
  return signals.get(stream)?.aborted === true;
}

/**
 * Whether a stream was stopped by its signal, or by the `controller` that the official SDKs show. After an error that
 * controller says nothing: the SDKs use it to clean up.
 */
export function isStreamAborted(stream: object): boolean {
  try {
    const controller: unknown = Reflect.get(stream, "controller");
    const own = (controller as { signal?: AbortSignal } | undefined)?.signal;
    return isStoppedBySignal(stream) || own?.aborted === true;
  } catch {
    return false;
  }
}

/** Why a call was stopped, when it was by `AbortSignal.timeout`, which is no decision of the application. */
export function timeoutOf(signal: AbortSignal | undefined): DOMException | undefined {
  const reason: unknown = signal?.reason;
  return reason instanceof DOMException && reason.name === "TimeoutError" ? reason : undefined;
}

function streamTimeout(stream: object): DOMException | undefined {
  return timeoutOf(signals.get(stream));
}

function disguisedTimeout(stream: object): DOMException | undefined {
  const isOwn = disguising.has(stream) && !isStreamAborted(stream);
  return isOwn ? new DOMException("The request timed out.", "TimeoutError") : undefined;
}

/** Ends an observation as its stream ended without an error: an abort is silent in the official SDKs. */
export function endQuietly(observation: StreamObservation, stream: object): void {
  const timeout = streamTimeout(stream);
  if (timeout !== undefined) observation.end("failed", timeout);
  else observation.end(isStreamAborted(stream) ? "aborted" : "completed");
}

/** Ends an observation by the error of its stream. */
export function endByError(observation: StreamObservation, stream: object, error: unknown): void {
  const isCancelled = classifyLLMError(error) === "cancelled";
  const timeout = streamTimeout(stream) ?? (isCancelled ? disguisedTimeout(stream) : undefined);
  const isAbort = isStoppedBySignal(stream) || isCancelled;
  if (timeout !== undefined) observation.end("failed", timeout);
  else observation.end(isAbort ? "aborted" : "failed", error);
}
