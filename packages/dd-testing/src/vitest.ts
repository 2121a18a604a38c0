/**
 * Registers the matchers with vitest: list it under `setupFiles`, or import it in a test.
 *
 * @module
 */
import { expect } from "vitest";
import { type TelemetryMatchers, telemetryMatchers } from "./matchers/telemetry-matchers.ts";

expect.extend(telemetryMatchers);

declare module "vitest" {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown>
    extends TelemetryMatchers<R> {}
}
