import { hasSubscribers } from "node:diagnostics_channel";
import type { Logger } from "@llmdevops/dd-core";
import { processWide } from "./process-wide.ts";

/** How dd-trace's own integration of an SDK is recognised and named. */
export interface TracerIntegration {
  /** Its name for `tracer.use`. */
  readonly name: string;
  /** A diagnostics channel that it listens to once it is active. */
  readonly channel: string;
  /** The function that was called, for the message. */
  readonly instrument: string;
  /** The line that turns it off. @default tracer.use("<name>", false); */
  readonly disable?: string;
}

const warned = processWide("duplicate-capture", () => new Set<string>());

/**
 * Says once that dd-trace records the same calls, and how to turn one of the two off. Its integrations listen to
 * diagnostics channels, which tells that they are active without asking the tracer.
 */
export function warnOfDuplicateCapture(
  { name, channel, instrument, disable = `tracer.use("${name}", false);` }: TracerIntegration,
  logger: Pick<Logger, "warn">,
): void {
  if (warned.has(name) || !hasSubscribers(channel)) return;
  warned.add(name);
  try {
    logger.warn(
      `dd-trace's own integration "${name}" is active, so every call is recorded twice. Turn it off with: ` +
        `${disable} – or leave out ${instrument}().`,
    );
  } catch {
    // A logger that throws must not fail the call.
  }
}
