import filePromises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { setTimeout as delay } from "node:timers/promises";

const slowed = [
  "appendFile",
  "mkdir",
  "open",
  "readFile",
  "readdir",
  "rename",
  "rm",
  "unlink",
  "writeFile",
] as const;

/**
 * Makes the functions of `node:fs/promises` slower for the whole process, also those imported before.
 *
 * @param delayMs Added to each call.
 * @returns The way back.
 */
export function slowDisk(delayMs: number): () => void {
  const originals = new Map<string, unknown>();
  for (const name of slowed) {
    const original = filePromises[name] as (...parameters: unknown[]) => Promise<unknown>;
    originals.set(name, original);
    Reflect.set(filePromises, name, async (...parameters: unknown[]) => {
      await delay(delayMs, undefined, { ref: false });
      return original(...parameters);
    });
  }
  syncBuiltinESMExports();
  return () => {
    for (const [name, original] of originals) Reflect.set(filePromises, name, original);
    syncBuiltinESMExports();
  };
}
