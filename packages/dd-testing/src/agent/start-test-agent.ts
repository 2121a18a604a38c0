import { ActiveFault } from "./active-fault.ts";
import { resolveAgentOptions, type TestAgentOptions } from "./agent-options.ts";
import { AgentRecords } from "./agent-records.ts";
import { DogstatsdServer } from "./dogstatsd/dogstatsd-server.ts";
import { EmbeddedAgent } from "./embedded-agent.ts";
import { HttpServer } from "./http/http-server.ts";
import type { TestAgent } from "./test-agent.ts";

/**
 * Starts a Datadog Agent inside this process, on loopback, and returns it once its ports are open.
 *
 * It reads what dd-trace and DogStatsD clients really send, applies the Agent's rules to it, and keeps
 * what arrived for a test to look at. Nothing is forwarded anywhere.
 *
 * @param options See {@link TestAgentOptions}; every one has a default.
 * @throws TypeError or RangeError (as a rejection) for a bad option.
 * @throws Error with code `EADDRINUSE` when a given port is taken.
 *
 * @example
 * ```ts
 * import { spawn } from "node:child_process";
 * import { startTestAgent } from "@llmdevops/dd-testing";
 *
 * const agent = await startTestAgent();
 * spawn(process.execPath, ["app.js"], { env: { ...process.env, ...agent.env } });
 * await agent.waitFor({ spans: 2, metrics: (metric) => metric.name === "llm.request.count" });
 * await agent.stop();
 * ```
 */
export async function startTestAgent(options: TestAgentOptions = {}): Promise<TestAgent> {
  const resolved = resolveAgentOptions(options);
  const records = new AgentRecords(resolved);
  const fault = new ActiveFault();
  const dogstatsd = new DogstatsdServer(records, {
    port: resolved.dogstatsdPort,
    socketPath: resolved.dogstatsdSocketPath,
    bufferBytes: resolved.dogstatsdBufferBytes,
    unref: resolved.unref,
  });
  const http = new HttpServer({ options: resolved, records, dogstatsd, fault });
  await http.open();
  try {
    await dogstatsd.open();
  } catch (error) {
    await http.close();
    throw error;
  }
  return new EmbeddedAgent({ records, fault, dogstatsd, http });
}
