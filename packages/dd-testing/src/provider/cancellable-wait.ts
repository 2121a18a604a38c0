/** Waits for a promise or for the signal, whichever is first; true when the promise came first. */
export async function waitUnlessAborted(
  promise: PromiseLike<unknown>,
  signal: AbortSignal,
): Promise<boolean> {
  if (signal.aborted) {
    promise.then(undefined, () => {});
    return false;
  }
  let onAbort = (): void => {};
  const aborted = new Promise<false>((resolve) => {
    onAbort = () => resolve(false);
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([promise.then(() => true as const), aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** Sleeps without keeping the process alive; false when the signal ended the sleep. */
export async function sleepUnlessAborted(ms: number, signal: AbortSignal): Promise<boolean> {
  if (ms <= 0) return !signal.aborted;
  let timer: NodeJS.Timeout | undefined;
  const elapsed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
    timer.unref();
  });
  try {
    return await waitUnlessAborted(elapsed, signal);
  } finally {
    clearTimeout(timer);
  }
}
