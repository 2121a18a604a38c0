import { createRequire } from "node:module";

const requireHere = createRequire(import.meta.url);

/** A module inside dd-trace that it does not export; `undefined` where this version has none of that name. */
export function internalModule(path: string): unknown {
  try {
    return createRequire(requireHere.resolve("dd-trace"))(`./packages/${path}`);
  } catch {
    return undefined;
  }
}
