import { onTestFinished } from "vitest";
import type { TestAgentOptions } from "../../src/agent/agent-options.ts";
import { startTestAgent } from "../../src/agent/start-test-agent.ts";
import type { TestAgent } from "../../src/agent/test-agent.ts";

/** An agent that stops when the test that asked for it ends. */
export async function withAgent(options?: TestAgentOptions): Promise<TestAgent> {
  const agent = await startTestAgent(options);
  onTestFinished(() => agent.stop());
  return agent;
}
