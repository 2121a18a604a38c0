import { expect, test } from "vitest";
import { createLLM, type LLMSpanOptions, type ModelAlias } from "../src/index.ts";
import { realTracing, testClient } from "./support/clients.ts";

const usage = { inputTokens: 1_000_000, outputTokens: 0 };

function costOf(modelAliases: Record<string, ModelAlias>, call: LLMSpanOptions, response?: object) {
  const { llm } = testClient({ modelAliases });
  const span = llm.startLLMSpan("llm.request", call).setUsage(usage);
  if (response !== undefined) span.recordResponse(response);
  span.finish();
  return span;
}

test("a deployment is priced as the model that it stands for, under its own name", () => {
  const aliases = { "prod-chat": { model: "gpt-4o" } };

  const span = costOf(aliases, { provider: "openai", model: "prod-chat" });

  expect(span.getTag("llm.cost.total_usd")).toBe(2.5);
  expect(span.getTag("llm.model")).toBe("prod-chat");
});

test("an alias may name a provider that the list knows, for a gateway that it does not", () => {
  const call = { provider: "house-gateway", model: "fast" };

  expect(costOf({}, call).getTag("llm.cost.total_usd")).toBeUndefined();
  expect(
    costOf({ fast: { provider: "openai", model: "gpt-4o-mini" } }, call).getTag(
      "llm.cost.total_usd",
    ),
  ).toBe(0.15);
});

test("the name that the answer has is an alias too, and names of object methods are none", () => {
  const aliases = { inner: { model: "gpt-4o" } };
  const response = { choices: [], model: "inner" };

  expect(
    costOf(aliases, { provider: "openai", model: "unknown" }, response).getTag(
      "llm.cost.total_usd",
    ),
  ).toBe(2.5);
  expect(
    costOf(aliases, { provider: "openai", model: "constructor" }).getTag("llm.cost.total_usd"),
  ).toBeUndefined();
});

test.for([
  [{ a: {} }],
  [{ a: { model: "" } }],
  [{ a: "gpt-4o" }],
  [{ a: null }],
  [{ a: { model: "m", provider: 3 } }],
  ["x"],
] as const)("%j is refused when the client is built", ([modelAliases]) => {
  expect(() => createLLM({ tracing: realTracing(), modelAliases: modelAliases as never })).toThrow(
    /modelAliases/,
  );
});
