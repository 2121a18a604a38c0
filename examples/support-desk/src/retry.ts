const attempts = 3;
const firstDelayMs = 50;

/** Calls `run` again when a provider is overloaded or limits the rate. */
export async function withRetry<T>(run: (attempt: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run(attempt);
    } catch (error) {
      if (attempt === attempts || !isTransient(error)) throw error;
      await new Promise((resolve) => {
        setTimeout(resolve, firstDelayMs * 2 ** (attempt - 1));
      });
    }
  }
}

function isTransient(error: unknown): boolean {
  const status = typeof error === "object" && error !== null ? Reflect.get(error, "status") : 0;
  return status === 429 || (typeof status === "number" && status >= 500);
}
