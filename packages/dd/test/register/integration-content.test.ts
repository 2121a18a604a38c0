import { inspect } from "node:util";
import {
  type ProviderServer,
  startProviderServer,
  startTestAgent,
  type TestAgent,
} from "@llmdevops/dd-testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { runRegistered } from "./run-registered.ts";

const question = "What may ada@example.com return?";
const answer = "All that grace@example.com has bought.";

let agent: TestAgent;
let provider: ProviderServer;
beforeAll(async () => {
  [agent, provider] = await Promise.all([startTestAgent(), startProviderServer()]);
});
beforeEach(() => agent.clear());
afterAll(() => Promise.all([agent.stop(), provider.stop()]));

/** Calls the model through dd-trace's own integration; returns all that has arrived, as text. */
async function callModel(content: string | undefined): Promise<string> {
  provider.respond({ provider: "openai" }, { text: answer });
  const { output, code } = await runRegistered("model-application.mjs", {
    arguments: [provider.baseUrls.openai, question],
    environment: {
      ...agent.env,
      DD_SERVICE: "shop",
      DD_LLMOBS_ENABLED: "1",
      DD_LLMDEVOPS_INTEGRATIONS: "openai",
      ...(content === undefined ? {} : { DD_LLMDEVOPS_CONTENT: content }),
    },
  });
  expect({ output, code }).toEqual({ output: answer, code: 0 });
  await agent.waitFor({ spans: 1, llmobsSpans: 1 });
  expect(agent.llmobsSpans()).toMatchObject([{ kind: "llm", name: "OpenAI.createChatCompletion" }]);
  return inspect([agent.spans(), agent.llmobsSpans()], { depth: null, maxStringLength: null });
}

test.each([undefined, "none", "metadata", "misspelt"])(
  "an integration of a model SDK sends no prompt and no response where content is %s",
  async (content) => {
    const arrived = await callModel(content);

    expect(arrived).not.toContain("return?");
    expect(arrived).not.toContain("has bought");
  },
);

test.each(["preview", "full"])(
  "an integration of a model SDK sends both without personal data where content is %s",
  async (content) => {
    const arrived = await callModel(content);

    expect(arrived).toContain("What may [");
    expect(arrived).toContain("has bought");
    expect(arrived).not.toContain("@example.com");
  },
);
