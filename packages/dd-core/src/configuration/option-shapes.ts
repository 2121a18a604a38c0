import { ConfigurationError } from "../errors/configuration-error.ts";
import type { CoreOptions } from "./core-options.ts";

const sections = [
  "agent",
  "sampling",
  "llmobs",
  "git",
  "redaction",
  "tags",
  "logger",
  "buffer",
  "delivery",
] as const;
const loggerMethods = ["error", "warn", "info", "debug"] as const;

/**
 * Makes sure that options written without a type checker have the right shape, so that nothing fails later.
 *
 * @throws {ConfigurationError} When one is of the wrong kind.
 */
export function checkOptionShapes(options: CoreOptions): void {
  if (!isRecord(options)) throw new ConfigurationError("The options must be an object.");
  for (const section of sections) {
    const value: unknown = options[section];
    if (value !== undefined && !isRecord(value)) {
      throw new ConfigurationError(
        `The option ${section} must be an object; leave it out for its default.`,
      );
    }
  }
  const onError: unknown = options.onError;
  if (onError !== undefined && typeof onError !== "function") {
    throw new ConfigurationError("The option onError must be a function; leave it out for none.");
  }
  for (const [name, method] of [
    ["audit", "write"],
    ["credentials", "getCredential"],
  ] as const) {
    const given: unknown = options[name];
    if (given !== undefined && typeof Reflect.get(Object(given), method) !== "function") {
      throw new ConfigurationError(`The option ${name} needs the method ${method}().`);
    }
  }
  const { logger } = options;
  const missing = logger && loggerMethods.find((method) => typeof logger[method] !== "function");
  if (missing !== undefined) {
    throw new ConfigurationError(`The option logger needs the method ${missing}().`);
  }
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
