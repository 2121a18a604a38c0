// Fails on purpose: its message is in the README of dd-testing.
import { test } from "node:test";
import { assertSpan, createMockClient } from "@llmdevops/dd-testing";
import { answerTicket } from "../src/answer.js";

test("a tag is misspelt", async () => {
  const client = createMockClient();
  await answerTicket(client, { id: 1 });

  assertSpan(client, { name: "llm.request", tags: { "llm.modle": /^claude-/ } });
});
