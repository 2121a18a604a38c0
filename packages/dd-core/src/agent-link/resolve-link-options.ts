import { ConfigurationError } from "../errors/configuration-error.ts";
import type { BufferOptions, DeliveryOptions, ResolvedLinkOptions } from "./link-options.ts";

const day = 86_400_000;
const longestTimer = 2 ** 31 - 1;

/**
 * Fills in the defaults of the Agent link.
 *
 * @throws {ConfigurationError} When a number is out of range or the spool directory is no text.
 */
export function resolveLinkOptions(
  buffer: BufferOptions = {},
  delivery: DeliveryOptions = {},
): ResolvedLinkOptions {
  const { spoolDirectory } = buffer;
  if (spoolDirectory !== undefined && (typeof spoolDirectory !== "string" || !spoolDirectory)) {
    throw new ConfigurationError(
      "The option buffer.spoolDirectory must be the path of a directory; leave it out to keep nothing on disk.",
    );
  }
  return Object.freeze({
    maxSpans: whole("buffer.maxSpans", buffer.maxSpans, 50_000, Number.MAX_SAFE_INTEGER),
    maxBytes: whole("buffer.maxBytes", buffer.maxBytes, 25_000_000, Number.MAX_SAFE_INTEGER),
    spoolDirectory,
    maxSpoolBytes: whole("buffer.maxSpoolBytes", buffer.maxSpoolBytes, 64 * 1024 * 1024, 2 ** 40),
    maxSpoolAgeMs: whole("buffer.maxSpoolAgeMs", buffer.maxSpoolAgeMs, day, 365 * day),
    connectTimeoutMs: time("connectTimeoutMs", delivery.connectTimeoutMs, 5000),
    responseTimeoutMs: time("responseTimeoutMs", delivery.responseTimeoutMs, 10_000),
    backoff: {
      baseMs: time("retryBaseMs", delivery.retryBaseMs, 1000),
      capMs: time("retryCapMs", delivery.retryCapMs, 10_000),
    },
    breaker: {
      failures: whole("delivery.breakerFailures", delivery.breakerFailures, 5, 1_000_000),
      openMs: time("breakerOpenMs", delivery.breakerOpenMs, 30_000),
    },
    healthIntervalMs: time("healthIntervalMs", delivery.healthIntervalMs, 30_000),
    flushOnExit: delivery.flushOnExit !== false,
    exitTimeoutMs: time("exitTimeoutMs", delivery.exitTimeoutMs, 2000),
  });
}

function time(name: string, value: number | undefined, fallback: number): number {
  return whole(`delivery.${name}`, value, fallback, longestTimer);
}

function whole(name: string, value: number | undefined, fallback: number, highest: number): number {
  if (value === undefined) return fallback;
  if (Number.isInteger(value) && value >= 1 && value <= highest) return value;
  throw new ConfigurationError(
    `The option ${name} must be a whole number from 1 to ${highest}, not ${String(value)}.`,
  );
}
