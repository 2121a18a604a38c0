/** How an operation with a callback ended. */
export type Ending = { readonly timedOut: boolean; readonly error: Error | undefined };

/**
 * Waits for an operation that calls back, at most for a time; never rejects.
 *
 * @param timeoutMs How long to wait (ms).
 */
export function withinTimeLimit(
  timeoutMs: number,
  start: (done: (error?: Error | null) => void) => void,
): Promise<Ending> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ timedOut: true, error: undefined }), timeoutMs);
    timer.unref();
    const done = (error?: Error | null): void => {
      clearTimeout(timer);
      resolve({ timedOut: false, error: error ?? undefined });
    };
    try {
      start(done);
    } catch (cause) {
      done(cause instanceof Error ? cause : new Error(String(cause)));
    }
  });
}
