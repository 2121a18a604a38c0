import { test } from "node:test";
import { assertCost, assertSpan, assertTraceShape, createMockClient } from "@llmdevops/dd-testing";
import { answerTicket } from "../src/answer.js";

test("a ticket costs less than a cent", async () => {
  const client = createMockClient();
  await answerTicket(client, { id: 1 });

  assertSpan(client, { name: "llm.request", tags: { "llm.model": /^claude-/ } });
  assertTraceShape(client, "agent.run\n  ...\n  llm.request");
  assertCost(client, 0.0045);
});
