import { expect, test } from "vitest";
import { resolveLinkOptions } from "../../src/agent-link/resolve-link-options.ts";
import { ConfigurationError } from "../../src/errors/configuration-error.ts";

test("the link has a default for everything", () => {
  expect(resolveLinkOptions()).toEqual({
    maxSpans: 50_000,
    maxBytes: 25_000_000,
    spoolDirectory: undefined,
    maxSpoolBytes: 67_108_864,
    maxSpoolAgeMs: 86_400_000,
    connectTimeoutMs: 5_000,
    responseTimeoutMs: 10_000,
    backoff: { baseMs: 1_000, capMs: 10_000 },
    breaker: { failures: 5, openMs: 30_000 },
    healthIntervalMs: 30_000,
    flushOnExit: true,
    exitTimeoutMs: 2_000,
  });
});

test.each([
  [{ maxSpans: 0 }, {}, "buffer.maxSpans"],
  [{ maxSpans: 1.5 }, {}, "buffer.maxSpans"],
  [{ maxBytes: Number.NaN }, {}, "buffer.maxBytes"],
  [{ spoolDirectory: "" }, {}, "buffer.spoolDirectory"],
  [{ spoolDirectory: 7 as never }, {}, "buffer.spoolDirectory"],
  [{ maxSpoolBytes: -1 }, {}, "buffer.maxSpoolBytes"],
  [{}, { connectTimeoutMs: 0 }, "delivery.connectTimeoutMs"],
  [{}, { breakerFailures: "5" as never }, "delivery.breakerFailures"],
  [{}, { exitTimeoutMs: 2 ** 31 }, "delivery.exitTimeoutMs"],
])("%o and %o are refused, naming %s", (buffer, delivery, name) => {
  const create = () => resolveLinkOptions(buffer, delivery);

  expect(create).toThrow(ConfigurationError);
  expect(create).toThrow(name);
});
