/**
 * Registers the matchers with jest: list it under `setupFilesAfterEnv`, or import it in a test. It throws where jest's
 * global `expect` is missing, as it is with `injectGlobals: false`: call `expect.extend(telemetryMatchers)` there.
 *
 * @module
 */
import { type TelemetryMatchers, telemetryMatchers } from "./matchers/telemetry-matchers.ts";

interface Extensible {
  extend(matchers: object): void;
}

const { expect } = globalThis as { readonly expect?: Extensible };
if (expect === undefined) {
  throw new Error(
    "@llmdevops/dd-testing/jest needs jest's global expect: list it under setupFilesAfterEnv, or call expect.extend(telemetryMatchers).",
  );
}
expect.extend(telemetryMatchers);

declare global {
  namespace jest {
    interface Matchers<R> extends TelemetryMatchers<R> {}
  }
}
