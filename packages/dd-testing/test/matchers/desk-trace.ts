import { createMockClient, createTestClock, type MockDatadogAPMClient } from "../../src/index.ts";

/** A client with one finished run of an agent: a tool that failed, then a model call. */
export async function recordDeskTrace(): Promise<MockDatadogAPMClient> {
  const clock = createTestClock();
  const client = createMockClient({ service: "desk", env: "test", clock });
  await client.traceAgent({ agentName: "planner" }, async (agent) => {
    clock.advance(5);
    await client
      .traceToolCall(agent, "search", { query: "refunds" }, async () => {
        clock.advance(20);
        throw new RangeError("index is gone");
      })
      .catch(() => {});
    await client.traceLLM({ provider: "anthropic", model: "claude-sonnet-4-6" }, async (span) => {
      clock.advance(100);
      span.setUsage({ input_tokens: 1_000, output_tokens: 100 });
    });
  });
  return client;
}
