import { safeRead } from "../guard/safe-read.ts";
import type { CoreOptions } from "./core-options.ts";
import { refused } from "./refusal.ts";

/** What must be callable of each option that is more than data. */
const methods = {
  audit: ["write"],
  credentials: ["getCredential"],
  logger: ["error", "warn", "info", "debug"],
} as const satisfies Partial<Record<keyof CoreOptions, readonly string[]>>;

/**
 * Makes sure that what the application gives to be called can be called, so that nothing fails later.
 *
 * @throws {ConfigurationError} When it cannot.
 */
export function checkOptionShapes(options: CoreOptions): void {
  const { onError } = options;
  if (onError !== undefined && typeof onError !== "function") {
    throw refused({ option: "onError", expected: "a function", given: onError });
  }
  for (const option of ["audit", "credentials", "logger"] as const) {
    const given: unknown = options[option];
    if (given === undefined) continue;
    const missing = methods[option].find((method) => !hasMethod(given, method));
    if (missing === undefined) continue;
    throw refused({ option, expected: `an object that has the method ${missing}()`, given });
  }
}

/** Whether something can be called under a name; what cannot be read cannot be called. */
export function hasMethod(value: unknown, name: string): boolean {
  return typeof safeRead(value, name) === "function";
}
