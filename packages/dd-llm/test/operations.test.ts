import { describe, expect, test } from "vitest";
import type { LLMOptions, OperationSpan } from "../src/index.ts";
import { gpt4o, testClient } from "./support/clients.ts";

const full: LLMOptions = { content: { mode: "full" } };

describe("workflows and tasks", () => {
  test("a workflow gives a span, an annotation and metrics from one call", async () => {
    const { llm, sink, annotations } = testClient(full);
    let seen: OperationSpan | undefined;

    const answer = await llm.traceWorkflow(
      {
        name: "answer-ticket",
        metricTags: { team: "support" },
        metadata: { channel: "email" },
        userId: "u1",
      },
      async (span) => {
        seen = span.setInput({ ticket: 7 }).setOutput("done");
        return "done";
      },
    );

    expect(answer).toBe("done");
    expect(seen?.finished).toBe(true);
    expect(seen?.getTag("llm.operation")).toBe("workflow");
    expect(seen?.getTag("usr.id")).toBe("u1");
    expect(annotations).toEqual([
      {
        metadata: { channel: "email" },
        tags: { team: "support", user_id: "u1" },
        inputData: '{"ticket":7}',
        outputData: "done",
      },
    ]);
    const tags = { team: "support", operation: "workflow" };
    expect(sink.metrics).toEqual([
      { type: "increment", name: "llm.operation.count", value: 1, tags },
      { type: "distribution", name: "llm.operation.duration", value: expect.any(Number), tags },
    ]);
  });

  test("a task that throws ends with its error and lets it through", () => {
    const { llm, sink } = testClient();
    const error = Object.assign(new Error("no"), { status: 429 });
    let seen: OperationSpan | undefined;

    expect(() =>
      llm.traceTask({ name: "parse" }, (span) => {
        seen = span;
        throw error;
      }),
    ).toThrow(error);
    expect(seen?.getTag("error")).toBe(true);
    expect(sink.named("llm.operation.error")).toEqual([
      {
        type: "increment",
        name: "llm.operation.error",
        value: 1,
        tags: { operation: "task", error_type: "rate_limit" },
      },
    ]);
  });

  test("a model call inside is a child of the workflow", () => {
    const { llm } = testClient();

    llm.traceWorkflow({ name: "answer-ticket" }, (workflow) => {
      const call = llm.startLLMSpan("llm.request", gpt4o);
      expect(call.traceId).toBe(workflow.traceId);
      call.finish();
    });
  });

  test("a tool is named by what it works on, and has a side of its own", () => {
    const { llm } = testClient();

    const span = llm.startToolSpan("mcp.client.request", {
      resource: "search",
      spanKind: "client",
    });
    span.finish();

    expect(span.getTag("resource.name")).toBe("search");
    expect(span.getTag("span.kind")).toBe("client");
    expect(span.getTag("llm.operation")).toBe("tool");
    expect(llm.traceTool({ name: "search" }, () => 5)).toBe(5);
  });

  test("nothing of the content is kept unless asked for", () => {
    const { llm, annotations } = testClient();

    const span = llm.startTaskSpan("parse").setInput("secret text").setOutput("more");
    span.finish();

    expect(span.getTag("llm.prompt_length")).toBeUndefined();
    expect(JSON.stringify(annotations)).not.toContain("secret text");
  });

  test("a preview is cut, on the span and in LLM Observability", () => {
    const { llm, annotations } = testClient({ content: { mode: "preview", previewLength: 4 } });

    const span = llm.startWorkflowSpan("answer").setInput("long text");
    span.finish();

    expect(span.getTag("llm.prompt_preview")).toBe("long");
    expect(annotations[0]?.inputData).toBe("long...[truncated, 9 characters in all]");
  });

  test("what is no function is counted, and options that throw do no harm", () => {
    const { llm, faults } = testClient();
    const hostile = new Proxy(
      { name: "x" },
      {
        get: () => {
          throw new Error("trap");
        },
      },
    );

    expect(llm.traceTask({ name: "parse" }, undefined as never)).toBeUndefined();
    expect(faults("trace_without_function")).toBe(1);
    expect(llm.traceTask(hostile, () => 5)).toBe(5);
    expect(llm.traceEmbedding(hostile as never, () => 6)).toBe(6);
  });

  test("a change after the end is counted", () => {
    const { llm, faults } = testClient(full);
    const span = llm.startTaskSpan("parse");
    span.finish();

    span.setInput("late").setOutput("late");

    expect(faults("span_changed_after_finish")).toBe(2);
  });

  test("a metrics sink that throws costs its metrics only", () => {
    const { llm, annotations, faults } = testClient({
      metrics: {
        increment: () => {
          throw new Error("sink");
        },
        gauge: () => {},
        histogram: () => {},
        distribution: () => {},
      },
    });

    llm.startTaskSpan("parse").finish();

    expect(faults("metrics_sink_threw")).toBe(1);
    expect(annotations).toHaveLength(1);
  });
});

describe("retrieval", () => {
  test.for([
    ["texts", ["a", "b"], [{ text: "a" }, { text: "b" }]],
    [
      "documents with numeric ids",
      [{ text: "a", id: 3, score: 0.5, title: "T" }],
      [{ text: "a", name: "T", id: "3", score: 0.5 }],
    ],
    [
      "results of a rerank",
      { results: [{ document: "a", relevance_score: 0.9 }] },
      [{ text: "a", score: 0.9 }],
    ],
    ["anything else", [{ x: 1 }, 7, null], [{ text: '{"x":1}' }, { text: "7" }, { text: "null" }]],
    ["a score that is no number", [{ text: "a", score: "high" }], [{ text: "a" }]],
  ] as const)("%s become documents", ([, output, documents]) => {
    const { llm, annotations } = testClient(full);

    const span = llm.startRetrievalSpan("search").setInput("refund?").setOutput(output);
    span.finish();

    expect(annotations[0]).toMatchObject({ inputData: "refund?", outputData: documents });
    expect(span.getTag("llm.document_count")).toBe(documents.length);
  });

  test("the documents are counted where no content is kept", () => {
    const { llm, annotations } = testClient();

    const span = llm.startRetrievalSpan("search").setOutput(["a", "b"]);
    span.finish();

    expect(span.getTag("llm.document_count")).toBe(2);
    expect(annotations[0]?.outputData).toBeUndefined();
  });

  test("at most 500 documents are looked at", () => {
    const { llm } = testClient();

    const span = llm.startRetrievalSpan("search").setOutput(Array.from({ length: 600 }, () => "a"));

    expect(span.getTag("llm.document_count")).toBe(500);
  });
});

describe("embeddings and rerank", () => {
  test("they are model calls of their request type, whatever the options say", () => {
    const { llm } = testClient();
    const options = {
      provider: "openai",
      model: "text-embedding-3-small",
      requestType: "chat",
    } as const;

    const embedding = llm.startEmbeddingSpan("llm.embed", options);
    const rerank = llm.startRerankSpan("llm.rerank", options);

    expect(embedding.getTag("llm.request_type")).toBe("embed");
    expect(rerank.getTag("llm.request_type")).toBe("rerank");
    expect(llm.traceEmbedding(options, (span) => span.getTag("llm.request_type"))).toBe("embed");
    expect(llm.traceRerank(options, (span) => span.getTag("llm.request_type"))).toBe("rerank");
  });

  test("an embedding call is priced by its input", () => {
    const { llm } = testClient();

    const span = llm.startEmbeddingSpan("llm.embed", {
      provider: "openai",
      model: "text-embedding-3-small",
    });
    span.setUsage({ prompt_tokens: 1_000_000, total_tokens: 1_000_000 }).finish();

    expect(span.getTag("llm.cost.total_usd")).toBe(0.02);
  });

  test("the user of a call is on its span and in LLM Observability, not on metrics", () => {
    const { llm, annotations, sink } = testClient();

    const span = llm.startLLMSpan("llm.request", { ...gpt4o, userId: "u1" });
    span.finish();

    expect(span.getTag("usr.id")).toBe("u1");
    expect(annotations[0]?.tags).toEqual({ user_id: "u1" });
    expect(JSON.stringify(sink.metrics)).not.toContain("u1");
  });
});
