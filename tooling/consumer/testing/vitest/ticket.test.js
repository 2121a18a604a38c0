import { createMockClient } from "@llmdevops/dd-testing";
import "@llmdevops/dd-testing/vitest";
import { expect, test } from "vitest";
import { answerTicket } from "../src/answer.js";

test("a ticket is answered with one tool and one model call", async () => {
  const client = createMockClient();
  await answerTicket(client, { id: 1 });

  expect(client).toBeTraceShape(`
    agent.run
      tool.find_order
      llm.request
  `);
  expect(client).toHaveMetric({ name: "tickets.answered", tags: { channel: "email" } });
  expect(client).toHaveCost({ atMostUsd: 0.01 });
  expect(client).toHaveNoSecrets();
});
