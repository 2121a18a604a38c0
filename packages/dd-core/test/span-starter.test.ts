import { channel } from "node:diagnostics_channel";
import tracer, { type Span, type Tracer } from "dd-trace";
import fc from "fast-check";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { internalModule } from "../src/dd-trace/internal-module.ts";
import { SpanStarter, type StartOptions } from "../src/dd-trace/span-starter.ts";
import { UpperTraceIds } from "../src/dd-trace/upper-trace-ids.ts";
import { startRealTracing } from "./support/real-tracing.ts";

const { intake } = await startRealTracing({ tags: { team: "desk" } });
afterAll(() => intake.stop());
afterEach(() => vi.restoreAllMocks());

interface InnerTracer {
  _config: { tags: Record<string, unknown> };
  _traceId128BitGenerationEnabled: boolean;
  startSpan(name: string, options: object): Span;
}
const inner = Reflect.get(tracer, "_tracer") as InnerTracer;
const starter = new SpanStarter(tracer);

function tagsOf(span: Span): Record<string, unknown> {
  return (span.context() as unknown as { getTags(): Record<string, unknown> }).getTags();
}

interface Trace {
  readonly startTime: number;
  readonly tags: Readonly<Record<string, string>>;
}

function traceOf(span: Span): Trace {
  return Reflect.get(span.context(), "_trace") as Trace;
}

/** Where dd-trace's inner tracer has its method from. */
const innerPrototype = Object.getPrototypeOf(Object.getPrototypeOf(inner)) as InnerTracer;

/** Makes dd-trace do something more to each span that it starts. */
function startingOtherwise(change: (span: Span) => void): { mockRestore(): void } {
  const { startSpan } = innerPrototype;
  return vi.spyOn(innerPrototype, "startSpan").mockImplementation(function (
    this: InnerTracer,
    name,
    options,
  ) {
    const span: Span = Reflect.apply(startSpan, this, [name, options]);
    change(span);
    return span;
  });
}

/** The upper half of the id of a trace that began then, as dd-trace writes it. */
function upperIdAt(milliseconds: number): string {
  const second = Math.floor(milliseconds / 1_000);
  return second.toString(16).padStart(8, "0").padEnd(16, "0");
}

/** What the Agent is sent of a span, without what no two spans have in common. */
function sent(span: Span): object {
  const format = internalModule("dd-trace/src/span_format.js") as (span: Span) => object;
  const { trace_id, span_id, start, duration, ...same } = format(span) as Record<string, unknown>;
  return same;
}

/** Whether a span was started with its tags copied as a whole: the tracer that it knows is not the one itself. */
function isBare(span: Span): boolean {
  return (span.tracer() as unknown) !== inner;
}

const tagValue = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(undefined));
const tagKey = fc.oneof(
  fc.constantFrom("team", "manual.keep", "runtime-id", "_dd.p.dm", "error"),
  fc.string({ minLength: 1, maxLength: 5 }),
);
const textKey = fc.constantFrom(
  ...["service", "service.name", "resource.name", "span.type", "span.kind", "env", "version"],
);
/** As the guard lets them through: dd-trace cannot bear a number for a service. */
const anyTags = fc
  .tuple(fc.dictionary(tagKey, tagValue), fc.dictionary(textKey, fc.string()))
  .map(([some, texts]) => ({ ...some, ...texts }) as Record<string, unknown>);

describe("a span that the starter starts", () => {
  test("is sent as one that dd-trace has started by itself, whatever its tags", () => {
    fc.assert(
      fc.property(anyTags, fc.boolean(), (tags, hasRoom) => {
        const own = tracer.startSpan("work", { tags: { ...tags } });
        const options = { tags: { ...tags } };
        const started = hasRoom
          ? starter.startWithRoom("work", options)
          : starter.start("work", options);
        expect(isBare(started)).toBe(tags["service"] === undefined);
        expect(Object.fromEntries(Object.entries(tagsOf(started)))).toEqual(tagsOf(own));
        expect(sent(started)).toEqual(sent(own));
      }),
      { numRuns: 300 },
    );
  });

  test("is sent so as well where its tags only describe it", () => {
    const describing = fc.dictionary(
      fc.oneof(
        fc.constantFrom("team", "runtime-id", "resource.name", "span.kind", "env", "version"),
        fc.string({ minLength: 1, maxLength: 5 }),
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.option(describing, { nil: undefined }), fc.boolean(), (tags, hasRoom) => {
        const own = tracer.startSpan("work", { tags: { ...tags } });
        const started = starter.startDescribed("work", { tags: tags && { ...tags } }, hasRoom);
        expect(Object.fromEntries(Object.entries(tagsOf(started)))).toEqual(tagsOf(own));
        expect(sent(started)).toEqual(sent(own));
      }),
      { numRuns: 300 },
    );
  });

  test("is seen with its tags by somebody who listens to changes of tags", () => {
    const changes = channel("dd-trace:span:tags:update");
    const seen: unknown[] = [];
    const look = (message: unknown) => void seen.push(tagsOf(message as Span)["a"]);
    changes.subscribe(look);
    starter.startDescribed("work", { tags: { a: 1 } }, false);
    changes.unsubscribe(look);
    starter.startDescribed("work", { tags: { a: 2 } }, false);

    expect(seen).toContain(1);
    expect(seen).not.toContain(2);
  });

  test("goes on from its parent, at the time and with the links that it is given", () => {
    const parent = tracer.startSpan("parent");
    const link = { context: parent.context(), attributes: { why: "retry" } };
    const options = { childOf: parent, startTime: 1_700_000_000_000, links: [link] };
    const own = tracer.startSpan("work", { ...options, tags: {} });
    const given: StartOptions = { ...options, tags: {} };
    const started = starter.start("work", given);

    expect(started.context().toTraceId()).toBe(parent.context().toTraceId());
    expect(Reflect.get(started, "_startTime")).toBe(1_700_000_000_000);
    expect(sent(started)).toEqual(sent(own));
  });

  test("has the tags that the configuration has then, and leaves those as they are", () => {
    const before = { ...inner._config.tags };
    inner._config.tags["late"] = "yes";
    const started = starter.start("work", { tags: { team: "billing" } });
    expect(tagsOf(started)).toMatchObject({ late: "yes", team: "billing" });
    delete inner._config.tags["late"];

    expect(inner._config.tags).toEqual(before);
    expect(tagsOf(starter.start("work", { tags: undefined }))).toEqual(
      tagsOf(tracer.startSpan("work")),
    );
  });

  test("has those of a configuration that has been put in the place of the first", () => {
    const before = inner._config;
    inner._config = Object.create(before, { tags: { value: { team: "search" } } });
    const started = starter.start("work", { tags: {} });
    inner._config = before;

    expect(tagsOf(started)).toMatchObject({ team: "search" });
    expect(tagsOf(starter.start("work", { tags: {} }))).toMatchObject({ team: "desk" });
  });

  test("leads to a tracer whose spans have all their tags", () => {
    const started = starter.start("work", { tags: {} });
    const reached = started.tracer() as unknown as Tracer;

    const below = reached.startSpan("below", { childOf: started });
    const traced = reached.trace("traced", {}, (span) => span) as Span;

    for (const span of [below, traced]) expect(tagsOf(span)).toMatchObject({ team: "desk" });
    expect(below.context().toTraceId()).toBe(started.context().toTraceId());
  });

  test("decides with its tags whether its trace is kept", () => {
    const started = starter.start("work", { tags: { "manual.drop": true } });
    const context = started.context() as unknown as { _sampling: { priority?: number } };
    expect(context._sampling.priority).toBe(-1);
  });
});

describe("the upper half of a trace id", () => {
  test("is the second in which the trace began, as dd-trace itself makes it", () => {
    const spans = [
      tracer.startSpan("work"),
      ...Array.from({ length: 3 }, () => starter.start("work", { tags: {} })),
    ];
    for (const span of spans) {
      const { startTime, tags } = traceOf(span);
      expect(tags).toEqual({ "_dd.p.tid": upperIdAt(startTime) });
    }
  });

  test("is that of dd-trace's formula at any time, in any order", () => {
    const upperIds = new UpperTraceIds();
    const time = fc.oneof(fc.nat(3_000), fc.double({ min: 0, max: 2 ** 43, noNaN: true }));
    fc.assert(
      fc.property(time, (milliseconds) => {
        expect(upperIds.at(milliseconds)).toBe(upperIdAt(milliseconds));
      }),
    );
  });

  test("is that of its trace for a span with a parent, and none where the trace has none", () => {
    const remote = tracer.extract("http_headers", {
      "x-datadog-trace-id": "4711",
      "x-datadog-parent-id": "42",
    });
    const root = starter.start("work", { tags: {} });
    const below = (childOf: unknown) =>
      starter.start("below", { childOf, tags: {} } as StartOptions & { childOf: unknown });

    expect(traceOf(below(root))).toBe(traceOf(root));
    expect(traceOf(below(remote)).tags["_dd.p.tid"]).toBeUndefined();
  });

  test("is made for a span whose parent dd-trace does not know, which begins a trace", () => {
    const options = { childOf: { context: () => "elsewhere" }, tags: {} };
    const span = starter.start("work", options as StartOptions);
    expect(traceOf(span).tags).toEqual({ "_dd.p.tid": upperIdAt(traceOf(span).startTime) });
  });

  test("is none while dd-trace makes ids of 64 bits", () => {
    const before = inner._traceId128BitGenerationEnabled;
    inner._traceId128BitGenerationEnabled = false;
    const fresh = new SpanStarter(tracer);
    const started = [starter, fresh].map((each) => each.start("work", { tags: {} }));
    inner._traceId128BitGenerationEnabled = before;

    expect(started.map((span) => traceOf(span).tags)).toEqual([{}, {}]);
    expect(traceOf(starter.start("work", { tags: {} })).tags).toHaveProperty(["_dd.p.tid"]);
  });

  test("is left to a dd-trace that makes it otherwise", () => {
    const later = new SpanStarter(tracer);
    const start = startingOtherwise((span) => {
      const { tags } = traceOf(span);
      if (tags["_dd.p.tid"] !== undefined) Reflect.set(tags, "_dd.p.tid", "640cfd8d00000001");
    });
    const spans = [0, 1, 2].map(() => later.start("work", { tags: {} }));
    start.mockRestore();

    expect(spans.map((span) => traceOf(span).tags["_dd.p.tid"])).toEqual(
      spans.map(() => "640cfd8d00000001"),
    );
  });
});

describe("dd-trace starts a span by itself", () => {
  test.each([
    ["manual.keep", true, 2],
    ["manual.drop", true, -1],
    ["sampling.priority", 2, 2],
  ])("where the configuration's tag %s decides about every trace", (tag, value, priority) => {
    const before = inner._config;
    inner._config = Object.create(before, { tags: { value: { team: "desk", [tag]: value } } });
    const spans = [starter.start("work", { tags: {} }), tracer.startSpan("work")];
    inner._config = before;

    expect(spans.map((span) => Reflect.get(span.context(), "_sampling"))).toMatchObject([
      { priority },
      { priority },
    ]);
  });

  test("while somebody listens to spans that start, who may give them tags", () => {
    const starts = channel("dd-trace:span:start");
    const tag = (message: unknown) =>
      void (message as { span: Span }).span.setTag("seen", "at the start");
    starts.subscribe(tag);
    const started = starter.start("work", { tags: {} });
    starts.unsubscribe(tag);

    expect(isBare(started)).toBe(false);
    expect(tagsOf(started)).toMatchObject({ seen: "at the start", team: "desk" });
  });

  test.each([
    ["the public tracer", tracer as unknown as InnerTracer],
    ["the tracer behind it", inner],
  ])("where somebody has wrapped how %s starts spans", (_, target) => {
    const original = target.startSpan;
    const names: string[] = [];
    target.startSpan = function (name, options) {
      names.push(name);
      return Reflect.apply(original, this, [name, options]);
    };
    const late = new SpanStarter(tracer).start("late", { tags: { a: 1 } });
    const again = starter.start("again", { tags: { a: 1 } });
    Reflect.deleteProperty(target, "startSpan");

    expect(names).toEqual(["late", "again"]);
    for (const span of [late, again]) expect(tagsOf(span)).toMatchObject({ team: "desk", a: 1 });
    expect(isBare(starter.start("work", { tags: {} }))).toBe(true);
  });

  test("from the first failure on, which the span does not suffer from", () => {
    const broken = new SpanStarter(tracer);
    const start = vi.spyOn(innerPrototype, "startSpan").mockImplementationOnce(() => {
      throw new TypeError("a private field of another object");
    });
    const first = broken.start("first", { tags: { a: 1 } });
    start.mockRestore();

    expect(tagsOf(first)).toMatchObject({ team: "desk", a: 1 });
    expect([first, broken.start("second", { tags: {} })].map(isBare)).toEqual([false, false]);
    expect(tagsOf(broken.startDescribed("third", { tags: { a: 3 } }, false))).toMatchObject({
      team: "desk",
      a: 3,
    });
  });

  test("never, where it throws for the options", () => {
    const sound = new SpanStarter(tracer);
    const unusable = { tags: {}, links: [{ context: undefined }] };

    expect(() => sound.start("work", unusable)).toThrow(TypeError);
    expect(isBare(sound.start("work", { tags: {} }))).toBe(true);
  });

  test("where its spans have tags of their own from the start, which the first keeps", () => {
    const unusual = new SpanStarter(tracer);
    const start = startingOtherwise((span) => void span.setTag("language", "javascript"));
    const first = unusual.start("first", { tags: { a: 1 } });
    const second = unusual.start("second", { tags: { a: 1 } });
    start.mockRestore();

    for (const span of [first, second]) {
      expect(tagsOf(span)).toMatchObject({ language: "javascript", team: "desk", a: 1 });
    }
    expect([first, second].map(isBare)).toEqual([true, false]);
  });

  test("where there is no tracer behind the public one, or none of the kind", () => {
    const span = tracer.startSpan("work");
    const startSpan = () => span;
    const tracers = [{ startSpan }, { startSpan, _tracer: { startSpan } }];
    const started = tracers.map((other) =>
      new SpanStarter(other as unknown as Tracer).start("work", { tags: { a: 1 } }),
    );
    expect(started).toEqual([span, span]);
  });
});
