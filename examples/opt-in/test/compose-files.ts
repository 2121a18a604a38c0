import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** A value of a compose file. */
export type ComposeValue =
  | string
  | number
  | boolean
  | null
  | readonly ComposeValue[]
  | { readonly [key: string]: ComposeValue };

/** Sequences that the later file replaces instead of adding to them. */
const replaced = new Set(["command", "entrypoint", "test"]);

/** Reads a file beside the example's README. */
export function readText(name: string): string {
  return readFileSync(new URL(`../${name}`, import.meta.url), "utf8");
}

/** Reads compose files as `docker compose -f … -f …` does: mappings are merged, sequences go on. */
export function readCompose(...names: readonly string[]): ComposeValue {
  return names
    .map((name): ComposeValue => parse(readText(name)))
    .reduce((merged, next) => merge(merged, next));
}

/** https://github.com/compose-spec/compose-spec/blob/main/13-merge.md */
function merge(before: ComposeValue, after: ComposeValue, key = ""): ComposeValue {
  if (Array.isArray(before) && Array.isArray(after)) {
    return replaced.has(key) ? after : [...before, ...after];
  }
  if (!isMapping(before) || !isMapping(after)) return after;
  const merged: Record<string, ComposeValue> = { ...before };
  for (const [name, value] of Object.entries(after)) {
    const existing = merged[name];
    merged[name] = existing === undefined ? value : merge(existing, value, name);
  }
  return merged;
}

/** Follows keys into a value. */
export function valueAt(value: ComposeValue, ...path: readonly string[]): ComposeValue | undefined {
  let current: ComposeValue | undefined = value;
  for (const key of path) {
    if (current === undefined || !isMapping(current)) return undefined;
    current = current[key];
  }
  return current;
}

function isMapping(value: ComposeValue): value is { readonly [key: string]: ComposeValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
