import { createRequire } from "node:module";
import { moduleAddress } from "../module-address.ts";

const requireHere = createRequire(moduleAddress);

/** The few that are asked for, since looking a module up costs more than a payload. */
const known = new Map<string, unknown>();

/** A module inside dd-trace that it does not export; `undefined` where this version has none of that name. */
export function internalModule(path: string): unknown {
  if (known.has(path)) return known.get(path);
  let found: unknown;
  try {
    found = createRequire(requireHere.resolve("dd-trace"))(`./packages/${path}`);
  } catch {
    // Not in this version; the caller does without.
  }
  known.set(path, found);
  return found;
}
