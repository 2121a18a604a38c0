import { expect, test } from "vitest";
import { inertBackend } from "../../src/dd-trace/inert-backend.ts";
import { TraceSampling } from "../../src/sampling/trace-sampling.ts";

interface Decided {
  readonly priority?: number;
  readonly mechanism?: number;
}

/** Fails a span of a trace that has been decided about, on a tracer that lets decisions stand. */
function fail(decided: Decided, keepErrors = true) {
  const context = {
    _sampling: { ...decided },
    _trace: { tags: {} },
    toTraceId: () => "1",
    toSpanId: () => "2",
  };
  const tags: Record<string, unknown> = {};
  const span = {
    setTag: (key: string, value: unknown) => {
      tags[key] = value;
    },
    addTags: () => {},
    context: () => context,
    finish: () => {},
  };
  const sampling = new TraceSampling(
    {
      ...inertBackend,
      samplingDecision: () => ({ mechanism: undefined, ...context._sampling }) as never,
    },
    { keepErrors, sampleRate: 0 },
    undefined,
  );
  sampling.failed(span);
  return { tags, sampling: context._sampling, trace: context._trace.tags };
}

test.each([
  ["kept by the rate", { priority: 1, mechanism: 3 }],
  ["kept by hand", { priority: 2, mechanism: 4 }],
  ["dropped by hand", { priority: -1, mechanism: 4 }],
])("a failed trace that is %s stays as it is", (_what, decided) => {
  expect(fail(decided)).toEqual({ tags: {}, sampling: decided, trace: {} });
});

test("a failed trace is kept by a tag, and where it has been dropped already, by overruling that", () => {
  expect(fail({})).toEqual({ tags: { "manual.keep": true }, sampling: {}, trace: {} });
  for (const priority of [0, -1]) {
    expect(fail({ priority, mechanism: 3 })).toEqual({
      tags: { "manual.keep": true },
      sampling: { priority: 2, mechanism: 4 },
      trace: { "_dd.p.dm": "-4" },
    });
  }
});

test("no failed trace is kept for that where keepErrors is off", () => {
  expect(fail({ priority: -1, mechanism: 3 }, false)).toEqual({
    tags: {},
    sampling: { priority: -1, mechanism: 3 },
    trace: {},
  });
});
