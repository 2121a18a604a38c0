import { classifyLLMError } from "../errors/error-class.ts";
import type { StreamObservation } from "./stream-observation.ts";

/** Signals of streams whose own object does not show one. */
const signals = new WeakMap<object, AbortSignal>();

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

/** Why a stream was stopped, when it was by `AbortSignal.timeout`, which is no decision of the application. */
function streamTimeout(stream: object): DOMException | undefined {
  const reason: unknown = signals.get(stream)?.reason;
  return reason instanceof DOMException && reason.name === "TimeoutError" ? reason : undefined;
}

/** Ends an observation as its stream ended without an error: an abort is silent in the official SDKs. */
export function endQuietly(observation: StreamObservation, stream: object): void {
  const timeout = streamTimeout(stream);
  if (timeout !== undefined) observation.end("failed", timeout);
  else observation.end(isStreamAborted(stream) ? "aborted" : "completed");
}

/** Ends an observation by the error of its stream. */
export function endByError(observation: StreamObservation, stream: object, error: unknown): void {
  const timeout = streamTimeout(stream);
  const isAbort = isStoppedBySignal(stream) || classifyLLMError(error) === "cancelled";
  if (timeout !== undefined) observation.end("failed", timeout);
  else observation.end(isAbort ? "aborted" : "failed", error);
}
