import { setTimeout as delay } from "node:timers/promises";

const pauseMs = 50;

/**
 * Opens a server again on the port it had.
 *
 * While it was closed, another process may have been given that port for a moment, so it tries every
 * 50 ms.
 *
 * @param attempts How often to try.
 * @throws Error with the system's code when the port stays taken.
 */
export async function reopen(
  server: { open(): Promise<void> },
  attempts: number = 40,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await server.open();
      return;
    } catch (error) {
      if (attempt === attempts) throw error;
      await delay(pauseMs);
    }
  }
}
