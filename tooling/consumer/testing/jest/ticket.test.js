import { createMockClient } from "@llmdevops/dd-testing";
import { answerTicket } from "../src/answer.js";

test("a ticket is counted by channel, and looks up the order first", async () => {
  const client = createMockClient();
  await answerTicket(client, { id: 1 });

  expect(client).toHaveMetric({ name: "tickets.answered", value: 1, tags: { channel: "email" } });
  expect(client).toHaveChildSpan("agent.run", "tool.find_order");
  expect(client.getSpans()).toHaveTag("llm.provider", "anthropic");
});
