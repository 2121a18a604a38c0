import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { LLMObservabilityAnnotation, LLMObservabilityKind, Span } from "../src/index.ts";
import { hostileValues, nameOf } from "./support/hostile-values.ts";
import { accept } from "./support/intake.ts";
import { startRealTracing } from "./support/real-tracing.ts";

const { tracing, intake, counted } = await startRealTracing({
  llmobs: { enabled: true, mlApp: "desk" },
});
afterAll(() => intake.stop());
beforeEach(async () => {
  await tracing.flush();
  intake.received.length = 0;
});

interface SentEvent {
  readonly span_id: string;
  readonly parent_id: string;
  readonly name: string;
  readonly session_id?: string;
  readonly status: string;
  readonly tags: readonly string[];
  readonly metrics: Readonly<Record<string, number>>;
  readonly meta: Readonly<Record<string, unknown>>;
}

async function sentEvents(): Promise<SentEvent[]> {
  expect(await tracing.flush()).toMatchObject({ complete: true });
  return intake.received
    .filter(({ path }) => path.endsWith("/api/v2/llmobs"))
    .flatMap(({ body }) => JSON.parse(body.toString()) as { spans: SentEvent[] }[])
    .flatMap(({ spans }) => spans);
}

function annotated(
  kind: LLMObservabilityKind,
  annotation: unknown,
): { readonly counts: Record<string, number>; readonly span: Span } {
  const span = tracing.startSpan("observed", { childOf: null, llmobs: { kind } });
  const counts = counted(() => tracing.annotate(span, annotation as LLMObservabilityAnnotation));
  span.finish();
  return { counts, span };
}

describe("an observed span", () => {
  test("arrives with its kind, names, session and application, guarded, before the flush is over", async () => {
    tracing
      .startSpan("llm.chat", {
        llmobs: {
          kind: "llm",
          name: "answer ada@example.com",
          modelName: "claude",
          modelProvider: "Anthropic",
          sessionId: "of ada@example.com",
          mlApp: "other",
        },
      })
      .finish();

    const [event] = await sentEvents();
    expect(event).toMatchObject({
      name: "answer [EMAIL_REDACTED]",
      session_id: "of [EMAIL_REDACTED]",
      meta: { "span.kind": "llm", model_name: "claude", model_provider: "anthropic" },
    });
    expect(event?.tags).toContain("ml_app:other");
  });

  test("is named like the span, and belongs to the configured application, by default", async () => {
    tracing.startSpan("desk.answer", { llmobs: { kind: "workflow" } }).finish();

    const [event] = await sentEvents();
    expect(event).toMatchObject({ name: "desk.answer" });
    expect(event?.tags).toContain("ml_app:desk");
  });

  test("is the child of its nearest observed ancestor, past spans that are not observed", async () => {
    const agent = tracing.startSpan("agent", { llmobs: { kind: "agent" } });
    const between = tracing.startSpan("between", { childOf: agent });
    const tool = tracing.startSpan("tool", { childOf: between, llmobs: { kind: "tool" } });
    for (const span of [tool, between, agent]) span.finish();

    const events = await sentEvents();
    expect(events.map(({ name }) => name).toSorted()).toEqual(["agent", "tool"]);
    expect(events.find(({ name }) => name === "tool")?.parent_id).toBe(agent.spanId);
    expect(events.find(({ name }) => name === "agent")?.parent_id).toBe("undefined");
  });

  test("does not become the active span by being started", () => {
    const span = tracing.startSpan("agent", { llmobs: { kind: "agent" } });

    expect(tracing.getCurrentSpan()).toBeUndefined();
    span.finish();
  });

  test("hands its parent on to another process", () => {
    const agent = tracing.startSpan("agent", { llmobs: { kind: "agent" } });
    const headers = tracing.injectContext({} as Record<string, string>, agent);

    expect(headers["x-datadog-tags"]).toContain(`_dd.p.llmobs_parent_id=${agent.spanId}`);
    agent.finish();
  });

  test("that failed says so without what was redacted", async () => {
    tracing
      .startSpan("failing", { llmobs: { kind: "task" } })
      .setError(new RangeError("for ada@example.com"))
      .finish();

    const [event] = await sentEvents();
    expect(event).toMatchObject({
      status: "error",
      meta: { "error.type": "RangeError", "error.message": "for [EMAIL_REDACTED]" },
    });
  });

  test.each(["LLM", "", undefined, null, 5, {}])(
    "of the unknown kind %j is a plain span, and counted",
    async (kind) => {
      let span: Span | undefined;
      const counts = counted(() => {
        span = tracing.startSpan("plain", { llmobs: { kind: kind as "llm" } });
      });
      span?.finish();

      expect(counts).toEqual({ llmobs_kind_unknown: 1 });
      expect(span?.spanId).not.toBe("0");
      expect(await sentEvents()).toEqual([]);
    },
  );

  test("with fields that are no text arrives all the same", async () => {
    tracing
      .startSpan("odd", {
        llmobs: { kind: "llm", modelName: 5, modelProvider: { a: 1 }, sessionId: null } as never,
      })
      .finish();

    const [event] = await sentEvents();
    expect(event?.meta).toMatchObject({ model_name: "5" });
  });
});

describe("an annotation", () => {
  test("arrives in every field, redacted", async () => {
    const { counts } = annotated("llm", {
      inputData: [{ role: "user", content: "I am ada@example.com" }],
      outputData: [{ role: "assistant", content: "Hello" }],
      metadata: { temperature: 0.5, password: "hunter2", id: 12n },
      metrics: { inputTokens: 3, outputTokens: 4, ignored: undefined },
      tags: { team: "ada@example.com" },
    });

    expect(counts).toEqual({});
    const [event] = await sentEvents();
    expect(event?.meta).toMatchObject({
      input: { messages: [{ role: "user", content: "I am [EMAIL_REDACTED]" }] },
      output: { messages: [{ role: "assistant", content: "Hello" }] },
      metadata: { temperature: 0.5, password: "[REDACTED]", id: "12" },
    });
    expect(event?.metrics).toMatchObject({ input_tokens: 3, output_tokens: 4 });
    expect(event?.tags).toContain("team:[EMAIL_REDACTED]");
    expect(JSON.stringify(event)).not.toMatch(/hunter2|ada@example/);
  });

  test("of text arrives for the other kinds", async () => {
    annotated("tool", { inputData: { order: 7 }, outputData: "found" });

    const [event] = await sentEvents();
    expect(event?.meta).toMatchObject({
      input: { value: '{"order":7}' },
      output: { value: "found" },
    });
  });

  test("whose messages dd-trace refuses is sent as text, and the other fields with it", async () => {
    const { counts } = annotated("llm", {
      inputData: [{ role: 5, content: { a: 1 } }],
      outputData: [{ role: "assistant", content: "fine" }],
      metrics: { inputTokens: 3 },
    });

    expect(counts).toEqual({ llmobs_data_sent_as_text: 1 });
    const [event] = await sentEvents();
    expect(JSON.stringify(event?.meta["input"])).toContain("role");
    expect(event?.meta).toMatchObject({ output: { messages: [{ content: "fine" }] } });
    expect(event?.metrics).toMatchObject({ input_tokens: 3 });
  });

  test("with metrics that are no finite numbers loses only those, and counts them", async () => {
    const { counts } = annotated("llm", {
      metrics: { inputTokens: 3, a: Number.NaN, b: "5", c: null, d: Number.POSITIVE_INFINITY },
    });

    expect(counts).toEqual({ llmobs_metric_refused: 4 });
    const [event] = await sentEvents();
    expect(event?.metrics).toEqual({ input_tokens: 3 });
  });

  test.each(["text", 5, ["list"], true])(
    "with the metadata %j, which is no object, is counted",
    (metadata) => {
      expect(annotated("task", { metadata }).counts).toEqual({ llmobs_field_refused: 1 });
    },
  );

  test("of absent fields does nothing", () => {
    const empty = { inputData: null, outputData: undefined, metadata: null, metrics: {}, tags: {} };

    expect(annotated("task", empty).counts).toEqual({});
    expect(annotated("task", {}).counts).toEqual({});
  });

  test("after the end of the span is refused and counted", () => {
    const span = tracing.startSpan("ended", { llmobs: { kind: "task" } });
    span.finish();

    expect(counted(() => tracing.annotate(span, { inputData: "late" }))).toEqual({
      span_changed_after_finish: 1,
    });
  });

  test("in the hook before the end still arrives", async () => {
    tracing
      .startSpan("hooked", {
        llmobs: { kind: "task" },
        onFinish: (span) => tracing.annotate(span, { outputData: "last words" }),
      })
      .finish();

    const [event] = await sentEvents();
    expect(event?.meta).toMatchObject({ output: { value: "last words" } });
  });

  test("of a span that is not observed is refused field by field and counted", () => {
    const span = tracing.startSpan("plain");

    expect(
      counted(() =>
        tracing.annotate(span, {
          inputData: "a",
          metadata: { b: 1 },
          metrics: { c: 2 },
          tags: { d: 3 },
        }),
      ),
    ).toEqual({ llmobs_field_refused: 4 });
    span.finish();
  });

  test.each(hostileValues.map((value) => [nameOf(value), value]))(
    "with a hostile %s everywhere loses no event",
    async (_, value) => {
      for (const kind of ["llm", "embedding", "retrieval", "task"] as const) {
        annotated(kind, {
          inputData: value,
          outputData: [value],
          metadata: { value },
          metrics: { value },
          tags: { value },
        });
        annotated(kind, { inputData: value, metadata: value, metrics: value, tags: value });
        annotated(kind, value);
      }

      expect(await sentEvents()).toHaveLength(12);
    },
  );
});

test("a flush says when LLM Observability's intake refused the events", async () => {
  intake.respond = (response, path) => {
    if (path.endsWith("/api/v2/llmobs")) response.writeHead(403).end("no");
    else accept(response);
  };
  tracing.startSpan("refused", { llmobs: { kind: "task" } }).finish();

  expect(await tracing.flush()).toMatchObject({ complete: false });
  intake.respond = accept;
});
