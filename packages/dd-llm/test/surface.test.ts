import { expect, expectTypeOf, test } from "vitest";
import * as surface from "../src/index.ts";

test("the package exports what it documents", () => {
  expect(Object.keys(surface).sort()).toEqual([
    "aiSdkTelemetry",
    "classifyLLMError",
    "createLLM",
    "createLangChainHandler",
    "createOpenAIAgentsProcessor",
    "instrumentAnthropic",
    "instrumentBedrock",
    "instrumentClaudeAgent",
    "instrumentGoogleGenAI",
    "instrumentMcpClient",
    "instrumentMcpServer",
    "instrumentOpenAI",
    "llmOptionNames",
    "normalizeUsage",
    "uninstrument",
  ]);
});

test("traceLLM gives back the type of its function, observe that of its stream", () => {
  expectTypeOf<surface.LLM["traceLLM"]>().parameter(0).toEqualTypeOf<surface.TraceLLMOptions>();
  const run = (llm: surface.LLM, stream: ReadableStream<string>) => {
    expectTypeOf(llm.traceLLM({ provider: "p", model: "m" }, async () => 5)).toEqualTypeOf<
      Promise<number>
    >();
    expectTypeOf(
      llm.startLLMSpan("s", { provider: "p", model: "m" }).observe(stream),
    ).toEqualTypeOf<ReadableStream<string>>();
  };
  expectTypeOf(run).toBeFunction();
});
