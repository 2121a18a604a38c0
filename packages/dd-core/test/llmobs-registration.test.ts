import tracer from "dd-trace";
import { afterAll, describe, expect, test, vi } from "vitest";
import { internalModule } from "../src/dd-trace/internal-module.ts";
import { LLMObservabilityRegistration } from "../src/dd-trace/llmobs-registration.ts";
import { LLMObservabilitySpans } from "../src/dd-trace/llmobs-spans.ts";
import { countsForTelemetry } from "../src/dd-trace/llmobs-telemetry.ts";
import { startObservedSpan } from "../src/dd-trace/observed-span.ts";
import { SpanStarter } from "../src/dd-trace/span-starter.ts";
import type { BackendSpan, CapturedScope } from "../src/dd-trace/tracer-backend.ts";
import { readPath } from "../src/dd-trace/untyped.ts";
import type { LLMObservabilitySpanOptions } from "../src/index.ts";
import { countedSpans } from "./support/counted-spans.ts";
import { held, startRealTracing } from "./support/real-tracing.ts";

const { tracing, intake, counted } = await startRealTracing({
  llmobs: { enabled: true, mlApp: "desk" },
});
afterAll(() => intake.stop());

const registration = LLMObservabilityRegistration.of(tracer);
const known = readPath(internalModule("dd-trace/src/llmobs/tagger.js"), "tagMap") as WeakMap<
  object,
  Readonly<Record<string, unknown>>
>;

interface Started {
  readonly span: BackendSpan;
  readonly scope: CapturedScope;
}

const spans = new LLMObservabilitySpans(tracer, new SpanStarter(tracer), tracing.diagnostics);

function registered(name: string, observed: LLMObservabilitySpanOptions): Started {
  const options = { childOf: undefined, tags: {}, startTime: undefined, links: undefined };
  return spans.start(name, options, observed, undefined) as Started;
}

function traced(name: string, observed: LLMObservabilitySpanOptions): Started {
  return startObservedSpan(tracer, name, {}, observed) as Started;
}

/** What dd-trace knows of a span, ids by what they stand for. */
function knownOf({ span }: Started, parent?: Started): object {
  const { "_ml_obs.trace_id": traceId, ...tags } = known.get(span) ?? {};
  const above = parent === undefined ? undefined : known.get(parent.span);
  const parentId = parent?.span.context().toSpanId();
  return {
    ...Object.fromEntries(
      Object.entries(tags).map(([key, value]) => [key, value === parentId ? "the parent" : value]),
    ),
    isOfParentsTrace: traceId === above?.["_ml_obs.trace_id"],
  };
}

/** What dd-trace sends to the Agent of a span. */
function sentOf({ span }: Started): object {
  span.finish();
  const format = internalModule("dd-trace/src/span_format.js") as (span: BackendSpan) => {
    readonly metrics: object;
    readonly meta: object;
  };
  const { metrics, meta } = format(span);
  return { metrics, meta };
}

describe("dd-trace knows of a registered span what it knows of one that llmobs.trace has started", () => {
  const observations: readonly LLMObservabilitySpanOptions[] = [
    { kind: "llm", modelName: "claude", modelProvider: "anthropic" },
    { kind: "embedding", name: "shown", sessionId: "s-1", mlApp: "other" },
    { kind: "workflow" },
    { kind: "agent", name: "router" },
    { kind: "tool", sessionId: "s-2" },
  ];

  test.each(observations)("at the root: %j", (observed) => {
    const own = registered("work", observed);
    const theirs = traced("work", observed);

    expect(knownOf(own)).toEqual(knownOf(theirs));
    expect(sentOf(own)).toEqual(sentOf(theirs));
    expect(sentOf(own)).toMatchObject({ metrics: { "_dd.measured": 1 } });
  });

  test.each(observations)("below another one: %j", (observed) => {
    const parent = { kind: "agent", name: "above", sessionId: "s-3" } as const;
    const above = registered("run", parent);
    const aboveTraced = traced("run", parent);

    const below = above.scope(() => registered("work", observed));
    const belowTraced = aboveTraced.scope(() => traced("work", observed));

    expect(knownOf(below, above)).toEqual(knownOf(belowTraced, aboveTraced));
    expect(knownOf(below, above)).toMatchObject({ "_ml_obs.llmobs_parent_id": "the parent" });
  });
});

test("only what runs in the scope of a registered span is below it", () => {
  const above = registered("run", { kind: "agent" });
  const beside = registered("work", { kind: "task" });

  expect(knownOf(beside)).toMatchObject({ "_ml_obs.llmobs_parent_id": "undefined" });
  above.scope(() => {
    expect(knownOf(registered("work", { kind: "task" }), above)).toMatchObject({
      "_ml_obs.llmobs_parent_id": "the parent",
    });
  });
});

test("an annotation context of the application applies to a span, except for its name", () => {
  let span = tracing.startSpan("outside", { llmobs: { kind: "task" } });
  span.finish();
  tracer.llmobs.annotationContext({ tags: { team: "desk" }, name: "theirs" }, () => {
    span = tracing.startSpan("inside", { llmobs: { kind: "task" } });
  });
  span.finish();

  const backendSpan = held(span) as object;
  expect(known.get(backendSpan)).toMatchObject({
    "_ml_obs.name": "inside",
    "_ml_obs.tags": { team: "desk" },
  });
});

test("a span that dd-trace refuses to register is a plain one, and counted", () => {
  const tagger = readPath(tracer, "llmobs", "_tagger") as { registerLLMObsSpan(): void };
  vi.spyOn(tagger, "registerLLMObsSpan").mockImplementationOnce(() => {
    throw new Error("no application");
  });

  const counts = counted(() => tracing.startSpan("refused", { llmobs: { kind: "task" } }).finish());

  expect(counts).toEqual({ llmobs_span_refused: 1 });
});

test("nothing is counted for a telemetry that is off", () => {
  const before = countedSpans();

  const span = tracing.startSpan("work", { llmobs: { kind: "task" } });
  tracing.annotate(span, { outputData: "done" });
  span.finish();
  tracer.llmobs.trace({ kind: "task", name: "by dd-trace" }, () => {
    tracer.llmobs.annotate({ outputData: "done" });
  });

  expect(known.get(held(span) as object)).toMatchObject({ "_ml_obs.meta.output.value": "done" });
  expect(countedSpans()).toEqual(before);
});

describe("spans are not registered", () => {
  const telemetry = (isOn: unknown) => ({
    _tracer: { _config: { telemetry: { DD_INSTRUMENTATION_TELEMETRY_ENABLED: isOn } } },
  });

  test.each([
    ["counts them for its telemetry", { ...telemetry(true), llmobs: tracer.llmobs }],
    ["does not say whether it counts them", { llmobs: tracer.llmobs }],
    ["has no tagger", telemetry(false)],
    ["has a tagger of another shape", { ...telemetry(false), llmobs: { _tagger: {} } }],
  ])("by a dd-trace that %s", (_, other) => {
    expect(LLMObservabilityRegistration.of(other as never)).toBeUndefined();
  });

  test("unless its telemetry is off, as it is here", () => {
    expect(registration).toBeDefined();
    expect([tracer, telemetry(true), {}].map(countsForTelemetry)).toEqual([false, true, true]);
  });
});
