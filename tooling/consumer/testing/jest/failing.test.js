// Fails on purpose: its message is in the README of dd-testing.
import { createMockClient } from "@llmdevops/dd-testing";
import { answerTicket } from "../src/answer.js";

test("a metric has another tag", async () => {
  const client = createMockClient();
  await answerTicket(client, { id: 1 });

  expect(client).toHaveMetric({ name: "tickets.answered", tags: { channel: "chat" } });
});
