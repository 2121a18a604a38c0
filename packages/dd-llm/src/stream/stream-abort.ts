/** Signals of streams whose own object does not show one. */
const signals = new WeakMap<object, AbortSignal>();

/** Tells by which signal the application stops a stream. */
export function rememberStreamSignal(stream: object, signal: AbortSignal): void {
  signals.set(stream, signal);
}

/** The signal that stops a stream: the one that was told, or that of its `controller`, as the official SDKs have it. */
export function streamSignal(stream: object): AbortSignal | undefined {
  try {
    const controller: unknown = Reflect.get(stream, "controller");
    return signals.get(stream) ?? (controller as { signal?: AbortSignal } | undefined)?.signal;
  } catch {
    return undefined;
  }
}
