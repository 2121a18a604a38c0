import { readFile, writeFile } from "node:fs/promises";
import type { TestAgent } from "../agent/test-agent.ts";
import { type AgentCapture, formatCapture, parseCapture } from "./capture.ts";

/**
 * Writes what an agent received to a file, one record a line.
 *
 * @param path Replaced if it exists.
 * @throws the error of the file system (as a rejection).
 * @example
 * ```ts
 * import { loadCapture, saveCapture } from "@llmdevops/dd-testing";
 *
 * await saveCapture(agent, "checkout.capture.jsonl");
 * const { spans } = await loadCapture("checkout.capture.jsonl");
 * ```
 */
export async function saveCapture(agent: TestAgent, path: string): Promise<void> {
  const capture: AgentCapture = {
    spans: agent.spans(),
    metrics: agent.metrics(),
    otlpMetrics: agent.otlpMetrics(),
    events: agent.events(),
    serviceChecks: agent.serviceChecks(),
    llmobsSpans: agent.llmobsSpans(),
    evaluations: agent.evaluations(),
    logs: agent.logs(),
  };
  await writeFile(path, formatCapture(capture));
}

/**
 * Reads a file that {@link saveCapture} wrote; assertions take what it returns.
 *
 * @throws SyntaxError for another kind of file, or the error of the file system (as a rejection).
 */
export async function loadCapture(path: string): Promise<AgentCapture> {
  return parseCapture(await readFile(path, "utf8"));
}
