import { Diagnostics, resolveConfiguration, silentLogger, TagGuard } from "@llmdevops/dd-core";
import { createRedactor } from "@llmdevops/dd-redaction";
import type { DatadogAPMClient } from "./client.ts";
import { composeClient } from "./create-client.ts";
import { processClient } from "./process/process-client.ts";

let inert: DatadogAPMClient | undefined;

/**
 * The client of this process: the one that was built last by {@link createClient} or, before any, by
 * `node --import @llmdevops/dd/register`. Also found from another copy of this package.
 *
 * @returns A client without effect where there is none, so that the same code runs with and without observability.
 * @example
 * ```ts
 * import { getClient } from "@llmdevops/dd";
 *
 * export async function answer(question: string): Promise<string> {
 *   return getClient().trace("question.answer", async (span) => {
 *     span.setTag("question.length", question.length);
 *     return "42";
 *   });
 * }
 * ```
 */
export function getClient(): DatadogAPMClient {
  const client = processClient();
  if (client !== undefined) return client;
  inert ??= inertClient();
  return inert;
}

/** It reads nothing of the environment, which may be the reason why there is no other client. */
function inertClient(): DatadogAPMClient {
  const options = { service: "unregistered", enabled: false, agent: { url: "http://127.0.0.1" } };
  const diagnostics = new Diagnostics(silentLogger, undefined);
  const guard = new TagGuard(createRedactor(), diagnostics);
  const configuration = resolveConfiguration(options, {});
  return composeClient(
    {
      ...options,
      dogstatsd: { host: "127.0.0.1", port: 8125 },
      metrics: { offWithTracing: true },
      selfTelemetryIntervalMs: 0,
    },
    { configuration, guard, diagnostics },
  ).client;
}
