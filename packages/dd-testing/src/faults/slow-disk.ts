import files from "node:fs";
import filePromises, { type FileHandle } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const byPath = [
  "appendFile",
  "copyFile",
  "mkdir",
  "open",
  "readFile",
  "readdir",
  "rename",
  "rm",
  "stat",
  "truncate",
  "unlink",
  "writeFile",
] as const;
const byDescriptor = ["fsync", "ftruncate", "read", "readv", "write", "writev"] as const;
const ofHandle = [
  "appendFile",
  "datasync",
  "read",
  "readFile",
  "readv",
  "sync",
  "truncate",
  "write",
  "writeFile",
  "writev",
] as const;

type AnyFunction = (this: unknown, ...parameters: unknown[]) => unknown;

/** Replaces methods, remembers them, and leaves the ones alone that this Node does not have. */
class Replacements {
  readonly #undo: (() => void)[] = [];

  replace(owner: object, name: string, make: (original: AnyFunction) => AnyFunction): void {
    const original: unknown = Reflect.get(owner, name);
    if (typeof original !== "function") return;
    const replacement = make(original as AnyFunction);
    // What util.promisify and others look for on the function.
    Object.defineProperties(replacement, Object.getOwnPropertyDescriptors(original));
    Reflect.set(owner, name, replacement);
    this.#undo.push(() => Reflect.set(owner, name, original));
  }

  restore(): void {
    for (const undo of this.#undo.reverse()) undo();
  }
}

/** Some functions of `node:fs` call others of it; one call is delayed once. */
function withoutNesting(original: AnyFunction, later: AnyFunction): AnyFunction {
  return function call(this: unknown, ...parameters: unknown[]): unknown {
    if (isInside) return original.apply(this, parameters);
    return later.apply(this, parameters);
  };
}

let isInside = false;

function inside(original: AnyFunction, self: unknown, parameters: unknown[]): unknown {
  isInside = true;
  try {
    return original.apply(self, parameters);
  } finally {
    isInside = false;
  }
}

async function handlePrototype(): Promise<object> {
  const handle: FileHandle = await filePromises.open(fileURLToPath(import.meta.url));
  await handle.close();
  return Object.getPrototypeOf(handle) as object;
}

/**
 * Makes the functions of `node:fs` and `node:fs/promises` slower for the whole process, also those
 * imported before: with promises, with callbacks, those that block, and the methods of file handles.
 *
 * @param delayMs Added to each call.
 * @returns The way back.
 */
export async function slowDisk(delayMs: number): Promise<() => void> {
  const replacements = new Replacements();
  const promised = (original: AnyFunction): AnyFunction =>
    async function call(this: unknown, ...parameters: unknown[]): Promise<unknown> {
      await delay(delayMs, undefined, { ref: false });
      return original.apply(this, parameters);
    };
  const calledBack = (original: AnyFunction): AnyFunction =>
    withoutNesting(original, function call(this: unknown, ...parameters: unknown[]): void {
      setTimeout(() => inside(original, this, parameters), delayMs);
    });
  const blocking = (original: AnyFunction): AnyFunction =>
    withoutNesting(original, function call(this: unknown, ...parameters: unknown[]): unknown {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, delayMs);
      return inside(original, this, parameters);
    });
  const prototype = await handlePrototype();
  for (const name of byPath) replacements.replace(filePromises, name, promised);
  for (const name of ofHandle) replacements.replace(prototype, name, promised);
  for (const name of [...byPath, ...byDescriptor]) {
    replacements.replace(files, name, calledBack);
    replacements.replace(files, `${name}Sync`, blocking);
  }
  syncBuiltinESMExports();
  return () => {
    replacements.restore();
    syncBuiltinESMExports();
  };
}
