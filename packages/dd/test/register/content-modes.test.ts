import type { Tracing } from "@llmdevops/dd-core";
import { createFoundation, silentLogger } from "@llmdevops/dd-core";
import type { ContentOptions } from "@llmdevops/dd-llm";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { guardIntegrationContent } from "../../src/process/integration-content.ts";

type Processor = (span: ObservedSpan) => ObservedSpan;
interface ObservedSpan {
  input: { role: string; content: string }[];
  output: { role: string; content: string }[];
  getTag(name: string): string | undefined;
}

beforeEach(() => vi.stubEnv("DD_LLMDEVOPS_CONTENT", undefined));
afterEach(() => vi.unstubAllEnvs());

/** What the policy leaves of a span with a question and an answer. */
function shown(options: ContentOptions | undefined, integration = "openai") {
  let processor: Processor | undefined;
  const foundation = createFoundation({
    service: "shop",
    integrations: ["openai"],
    logger: silentLogger,
  });
  const tracing = {
    ...foundation,
    llmobsSdk: {
      deregisterProcessor: () => {},
      registerProcessor: (given: Processor) => {
        processor = given;
      },
    },
  };
  // Only these of a tracing client are read, and dd-trace itself takes one processor for the whole process.
  guardIntegrationContent(tracing as unknown as Tracing, options);
  const span = processor?.({
    input: [{ role: "user", content: "question of ada@example.com" }],
    output: [{ role: "assistant", content: "answer" }],
    getTag: () => integration || undefined,
  });
  return [span?.input[0]?.content, span?.output[0]?.content];
}

test("only full and preview show anything, redacted", () => {
  expect(shown(undefined)).toEqual(["", ""]);
  expect(shown({ mode: "metadata" })).toEqual(["", ""]);
  expect(shown({ mode: "full" })).toEqual([expect.stringMatching(/^question of \[/), "answer"]);
  expect(shown({ mode: "preview", previewLength: 3 })).toEqual(["que", "ans"]);
});

test("the option beats the variable, and a misspelt variable shows nothing", () => {
  vi.stubEnv("DD_LLMDEVOPS_CONTENT", " Full ");
  expect(shown({})[1]).toBe("answer");
  expect(shown({ mode: "none" })[1]).toBe("");
  vi.stubEnv("DD_LLMDEVOPS_CONTENT", "ful");
  expect(shown({})).toEqual(["", ""]);
});

test("a part that is to be hidden is hidden, and no part shows more than the mode", () => {
  expect(shown({ mode: "full", parts: { response: "none" } })[1]).toBe("");
  expect(shown({ mode: "full", parts: { system: "metadata" } })[0]).toBe("");
  expect(shown({ mode: "full", kinds: { llm: "none" } })).toEqual(["", ""]);
  expect(shown({ mode: "none", parts: { prompt: "full" } })[0]).toBe("");
});

test("content that is kept of some calls only is kept of none", () => {
  expect(shown({ mode: "full", sampling: { rate: 1 } })).toEqual(["", ""]);
});

test("spans that are not an integration's have passed the policy already", () => {
  expect(shown({ mode: "none" }, "")).toEqual(["question of ada@example.com", "answer"]);
});
