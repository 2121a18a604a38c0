import { ConfigurationError } from "@llmdevops/dd-core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keepsContent } from "../src/content/content-sampling.ts";
import type { ContentOptions, LLMSpanOptions } from "../src/index.ts";
import { gpt4o, testClient } from "./support/clients.ts";

const conversation = {
  messages: [
    { role: "system", content: "the system prompt" },
    { role: "user", content: "the question" },
    {
      role: "assistant",
      tool_calls: [{ id: "t", function: { name: "search", arguments: '{"q":"the argument"}' } }],
    },
    { role: "tool", tool_call_id: "t", content: "the result" },
  ],
};

function shown(content: ContentOptions, options: Partial<LLMSpanOptions> = {}) {
  const { llm, annotations } = testClient({ content });
  const span = llm.startLLMSpan("llm.request", { ...gpt4o, ...options });
  span
    .setInput(conversation)
    .setOutput("the answer")
    .setUsage({ inputTokens: 1000, outputTokens: 10 });
  span.finish();
  const tags = ["prompt", "response"].map((side) => span.getTag(`llm.${side}_preview`));
  return { everything: JSON.stringify([annotations, tags]), span, annotation: annotations[0] };
}

const secrets = ["the system prompt", "the question", "the argument", "the result", "the answer"];

test.for([
  [{ system: "none" }, ["the system prompt"]],
  [{ system: "metadata" }, ["the system prompt"]],
  [{ tools: "none" }, ["the argument", "the result"]],
  [{ tools: "metadata" }, ["the argument", "the result"]],
  [{ prompt: "none" }, ["the system prompt", "the question", "the argument", "the result"]],
  [{ response: "metadata" }, ["the answer"]],
] as const)("with the parts %o these are hidden: %o", ([parts, hidden]) => {
  const { everything } = shown({ mode: "full", parts });

  for (const text of secrets) {
    expect(everything.includes(text), text).toBe(!(hidden as readonly string[]).includes(text));
  }
});

test("a part never shows more than the mode", () => {
  const { everything } = shown({ mode: "none", parts: { prompt: "full", response: "full" } });

  for (const text of secrets) expect(everything).not.toContain(text);
});

test("the names of tools stay where their arguments are hidden", () => {
  const { everything } = shown({ mode: "full", parts: { tools: "metadata" } });

  expect(everything).toContain('"name":"search"');
  expect(everything).toContain("[10 characters]");
});

test("a secret at the cut of a system prompt is redacted before it is cut", () => {
  const { llm, annotations } = testClient({
    content: { mode: "full", parts: { system: "preview" }, previewLength: 12 },
  });
  const span = llm.startLLMSpan("llm.request", gpt4o);
  span.setInput([
    { role: "system", content: "key sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789" },
  ]);
  span.finish();

  expect(JSON.stringify(annotations)).not.toContain("sk-ant");
});

describe("kinds and calls", () => {
  test("a kind has its own mode", () => {
    const { llm, annotations } = testClient({ content: { mode: "none", kinds: { task: "full" } } });

    llm.startTaskSpan("parse").setInput("shown").finish();
    llm.startWorkflowSpan("answer").setInput("hidden").finish();
    llm.startLLMSpan("llm.request", gpt4o).setInput("hidden").finish();

    expect(JSON.stringify(annotations)).toContain("shown");
    expect(JSON.stringify(annotations)).not.toContain("hidden");
  });

  test("a call beats its kind and the client", () => {
    expect(
      shown({ mode: "full", kinds: { llm: "full" } }, { content: "none" }).everything,
    ).not.toContain("the question");
    expect(shown({ mode: "none" }, { content: "full" }).everything).toContain("the question");
  });

  test("an unknown mode of a call exposes nothing", () => {
    expect(shown({ mode: "full" }, { content: "everything" as never }).everything).not.toContain(
      "the question",
    );
  });

  test("a span of an operation has its own mode too", () => {
    const { llm, annotations } = testClient({ content: { mode: "full" } });

    llm.startTaskSpan("parse", { content: "none" }).setInput("hidden").setOutput("hidden").finish();

    expect(JSON.stringify(annotations)).not.toContain("hidden");
  });
});

describe("sampling", () => {
  const never: ContentOptions = { mode: "full", sampling: { rate: 0 } };

  test("the content of a call that is not kept has a length and a hash, nothing else", () => {
    const { everything, span } = shown(never);

    for (const text of secrets) expect(everything).not.toContain(text);
    expect(span.getTag("llm.prompt_length")).toBeGreaterThan(0);
    expect(span.getTag("llm.input_tokens")).toBe(1000);
  });

  test.for([
    ["expensive", { sampling: { rate: 0, expensiveUsd: 0.001 } }],
    ["slow", { sampling: { rate: 0, slowMs: 0 } }],
    ["every", { sampling: { rate: 1 } }],
  ] as const)("%s calls are kept", ([, options]) => {
    expect(shown({ mode: "full", ...options }).everything).toContain("the question");
  });

  test("failed calls are kept, of models and of operations", () => {
    const { llm, annotations } = testClient({ content: never });

    llm.startLLMSpan("llm.request", gpt4o).setInput("first").setError(new Error("no")).finish();
    llm.startTaskSpan("parse").setInput("second").setError(new Error("no")).finish();
    llm.startTaskSpan("parse").setInput("third").finish();

    expect(
      annotations.map(({ inputData }) => JSON.stringify(inputData)?.includes("first") ?? false),
    ).toEqual([true, false, false]);
    expect(annotations[1]?.inputData).toBe("second");
    expect(annotations[2]?.inputData).toBeUndefined();
  });

  test("it keeps about the part of the traces that is asked for, and the same ones each time", () => {
    const call = (traceId: string) => ({
      traceId,
      hasFailed: false,
      durationMs: 0,
      costUsd: undefined,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), (tenths) => {
        const sampling = { rate: tenths / 10 };
        const kept = Array.from({ length: 2_000 }, (_, id) =>
          keepsContent(sampling, call(String(id + 1))),
        );
        expect(kept.filter(Boolean).length / 2_000).toBeCloseTo(tenths / 10, 1);
        expect(keepsContent(sampling, call("7"))).toBe(kept[6]);
      }),
    );
  });
});

test.for([
  [{ kinds: { llm: "all" } }],
  [{ kinds: { model: "full" } }],
  [{ parts: { answer: "none" } }],
  [{ sampling: { rate: 2 } }],
  [{ sampling: { rate: 0.5, slowMs: -1 } }],
  [{ sampling: { rate: 0.5, expensiveUsd: Number.NaN } }],
])("%o is refused", ([content]) => {
  expect(() => testClient({ content: content as never })).toThrow(ConfigurationError);
});
