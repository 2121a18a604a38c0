import type { DogStatsDOptions } from "@llmdevops/dd-metrics";
import type { DatadogAPMClient } from "../client.ts";

let isDone = false;

/**
 * Checks the first client of the process where `DD_LLMDEVOPS_CHECK` asks for it. What checks is loaded only then, so that
 * no other start pays for it.
 */
export function checkAtStart(
  client: DatadogAPMClient,
  dogstatsd: DogStatsDOptions | undefined,
): void {
  if (isDone || !/^(true|1)$/i.test(process.env["DD_LLMDEVOPS_CHECK"]?.trim() ?? "")) return;
  isDone = true;
  import("../check/report-at-start.ts").then(
    ({ reportAtStart }) => reportAtStart(client, dogstatsd),
    () => {},
  );
}
