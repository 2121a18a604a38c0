import { expect, test } from "vitest";
import type { LLMSpan, OperationSpan } from "../src/index.ts";
import { uninstrument } from "../src/index.ts";
import { gpt4o, testClient } from "./support/clients.ts";

const refuse = (): never => {
  throw new Error("planned");
};
const { proxy: revoked, revoke } = Proxy.revocable<unknown[]>([], {});
revoke();
const unreadable = [
  ["a revoked proxy", revoked],
  [
    "a proxy that throws",
    new Proxy({}, { get: refuse, has: refuse, getOwnPropertyDescriptor: refuse }),
  ],
  ["null", null],
  ["a text", "text"],
] as const;

test.each(unreadable)("%s in the place of a span is counted and not thrown", (_, value) => {
  const { llm, faults } = testClient();
  const span = value as unknown as LLMSpan;

  llm.recordTokenUsage(span, { input_tokens: 1 });
  llm.recordLatency(span, 5);

  expect(faults("not_an_llm_span")).toBe(2);
});

test.each(unreadable)("%s as options of an error leaves the error", (_, value) => {
  const { llm } = testClient();
  const spans: (LLMSpan | OperationSpan)[] = [
    llm.startLLMSpan("call", gpt4o),
    llm.startTaskSpan("task"),
  ];

  for (const span of spans) {
    span.setError(new Error("broken"), value as never);

    expect(span.getTag("error.message")).toBe("broken");
    span.finish();
  }
});

test.each(unreadable)("%s as options of a stream leaves the stream observed", async (_, value) => {
  const { llm } = testClient();
  const span = llm.startLLMSpan("call", gpt4o);
  async function* chunks(): AsyncGenerator<string> {
    yield "one";
  }

  for await (const chunk of span.observe(chunks(), value as never)) expect(chunk).toBe("one");

  expect(span.finished).toBe(true);
});

test.each(unreadable)("%s as an answer ends the call as any other", (_, value) => {
  const { llm } = testClient({ content: { mode: "full" } });
  const span = llm.startLLMSpan("call", gpt4o);

  span.setInput(value).setOutput(value).recordResponse(value).finish();

  expect(span.finished).toBe(true);
});

test.each(unreadable)("%s in the place of a client is given back", (_, value) => {
  expect(uninstrument(value as unknown as object) === value).toBe(true);
});
