import type { CheckOptions, DatadogChecksValues } from "hot-shots";
import type { MetricSettings } from "./metric-settings.ts";

type SendValue = (
  name: string,
  value: number,
  settings: MetricSettings & { readonly tags: string[] },
) => void;

type WhenDone = (error?: Error | null) => void;

/**
 * What takes values that have been checked and guarded: a hot-shots client, or something that keeps them in memory.
 * A set's value may be text.
 */
export interface MetricsTransport {
  readonly increment: SendValue;
  readonly gauge: SendValue;
  readonly histogram: SendValue;
  readonly distribution: SendValue;
  readonly timing: SendValue;
  readonly set: SendValue;
  /** Takes a finished message without tags, which is an event. */
  send(message: string, tags: readonly string[]): void;
  check(name: string, status: DatadogChecksValues, options: CheckOptions, tags: string[]): void;
  flush(done: WhenDone): void;
  close(done: WhenDone): void;
}
