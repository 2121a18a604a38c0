// Fails on purpose: its message is in the README of dd-testing.
import { createMockClient } from "@llmdevops/dd-testing";
import "@llmdevops/dd-testing/vitest";
import { expect, test } from "vitest";
import { answerTicket } from "../src/answer.js";

test("the trace has another shape", async () => {
  const client = createMockClient();
  await answerTicket(client, { id: 1 });

  expect(client).toBeTraceShape("agent.run\n  tool.find_order\n  llm.reply");
});
