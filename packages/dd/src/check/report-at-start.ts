import { writeSync } from "node:fs";
import type { DogStatsDOptions } from "@llmdevops/dd-metrics";
import type { DatadogAPMClient } from "../client.ts";
import { printCheck } from "./print-check.ts";
import { askNetwork, type CheckSubject, type NetworkFacts, reportOf } from "./run-check.ts";

const standardError = 2;
/**
 * Writes the check of a client to standard error, as soon as the Agent has answered or the process ends; nothing waits
 * for it.
 */
export function reportAtStart(
  client: DatadogAPMClient,
  dogstatsd: DogStatsDOptions | undefined,
): void {
  const { settings } = client.configuration();
  const subject: CheckSubject = {
    settings,
    dogstatsd,
    environment: process.env,
    folder: process.cwd(),
  };
  let isSaid = false;
  const say = (facts: NetworkFacts) => {
    if (isSaid) return;
    isSaid = true;
    try {
      writeSync(standardError, `${printCheck(reportOf(subject, facts), false)}\n`);
    } catch {
      // Standard error is closed; the application must not notice.
    }
  };
  process.once("exit", () => say({ agent: undefined, dogstatsd: undefined }));
  askNetwork(subject).then(say, () => {});
}
