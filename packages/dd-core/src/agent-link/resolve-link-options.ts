import { refused } from "../configuration/refusal.ts";
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
    const expected = "the path of a directory";
    throw refused({ option: "buffer.spoolDirectory", expected, given: spoolDirectory });
  }
  const { flushOnExit = true } = delivery;
  if (typeof flushOnExit !== "boolean") {
    throw refused({
      option: "delivery.flushOnExit",
      expected: "true or false",
      given: flushOnExit,
    });
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
    flushOnExit,
    exitTimeoutMs: time("exitTimeoutMs", delivery.exitTimeoutMs, 2000),
  });
}

function time(name: string, value: number | undefined, fallback: number): number {
  return whole(`delivery.${name}`, value, fallback, longestTimer);
}

function whole(name: string, value: number | undefined, fallback: number, highest: number): number {
  if (value === undefined) return fallback;
  if (Number.isInteger(value) && value >= 1 && value <= highest) return value;
  const expected = `a whole number from 1 to ${highest}`;
  throw refused({ option: name, expected, given: value });
}
