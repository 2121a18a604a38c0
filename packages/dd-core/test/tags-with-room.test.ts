import { setFlagsFromString } from "node:v8";
import tracer from "dd-trace";
import { afterAll, describe, expect, test } from "vitest";
import type { Span } from "../src/index.ts";
import { TracedSpan } from "../src/span/traced-span.ts";
import { startRealTracing } from "./support/real-tracing.ts";

const { tracing, intake } = await startRealTracing();
afterAll(() => intake.stop());

setFlagsFromString("--allow-natives-syntax");
// A function of its own, since the syntax is known from here on only.
const isDictionary = new Function("object", "return !%HasFastProperties(object)") as (
  object: object,
) => boolean;

function tagsOf(span: Span): Record<string, unknown> {
  const context = TracedSpan.of(span)?.backendSpan.context() as unknown as { getTags(): object };
  return context.getTags() as Record<string, unknown>;
}

function tags(count: number, name = "ticket"): Record<string, string> {
  const entries = Array.from({ length: count }, (_, index) => [`${name}.${index}`, "x"] as const);
  return Object.fromEntries(entries);
}

const observed = { kind: "tool" } as const;

describe("a span that stands for something in LLM Observability", () => {
  test("keeps 32 tags in an object of a known shape, from the first such span on", () => {
    for (let count = 0; count < 12; count += 1) {
      const span = tracing.startSpan("work", { llmobs: observed, tags: tags(8) });
      span.setTags(tags(12, "answer"));
      for (let index = 0; index < 12; index += 1) span.setTag(`cost.${index}`, index);
      expect(isDictionary(tagsOf(span))).toBe(false);
      span.finish();
    }
  });

  test("would keep them in a dictionary as dd-trace makes its tags", () => {
    const span = tracer.startSpan("work", { tags: tags(8) });
    span.addTags({ ...tags(12, "answer"), ...tags(12, "cost") });
    const context = span.context() as unknown as { getTags(): object };
    expect(isDictionary(context.getTags())).toBe(true);
    span.finish();
  });

  test("has the tags that dd-trace gives to every span, and no others", () => {
    const plain = tagsOf(tracing.startSpan("work", { tags: tags(3) }));
    const roomy = tagsOf(tracing.startSpan("work", { llmobs: observed, tags: tags(3) }));
    expect(Object.entries(roomy)).toEqual(Object.entries(plain));
  });

  test.each([
    ["a service", { service: "desk" }],
    ["a tag service", { tags: { service: "desk", version: "7" } }],
    ["a resource and a type", { resource: "tickets", type: "worker" }],
  ])("starts with %s as any other span does", (_, options) => {
    const plain = tagsOf(tracing.startSpan("work", options));
    const roomy = tagsOf(tracing.startSpan("work", { ...options, llmobs: observed }));
    expect(Object.entries(roomy)).toEqual(Object.entries(plain));
  });

  test("is kept where its tags say so", () => {
    const span = tracing.startSpan("work", { llmobs: observed, keep: true });
    expect(tracing.samplingDecision(span)).toMatchObject({ isKept: true });
  });
});
