import { setTimeout as delay } from "node:timers/promises";
import type { Span, Tracing } from "@llmdevops/dd-core";
import type { FailMode, TestAgent } from "@llmdevops/dd-testing";
import fc from "fast-check";
import { expect, vi } from "vitest";

/** What the test itself knows of the spans, to compare with. */
export class SpanModel {
  readonly #open: Span[] = [];
  readonly #traces = new Map<string, { open: number; finished: number }>();
  created = 0;

  start(span: Span): void {
    this.created += 1;
    this.#open.push(span);
    const trace = this.#traces.get(span.traceId) ?? { open: 0, finished: 0 };
    trace.open += 1;
    this.#traces.set(span.traceId, trace);
  }

  pick(index: number): Span | undefined {
    return this.#open[index % this.#open.length];
  }

  /** Takes note of spans that have ended, by whatever way. */
  settle(): void {
    for (const span of [...this.#open].filter(({ finished }) => finished)) {
      this.#open.splice(this.#open.indexOf(span), 1);
      const trace = this.#traces.get(span.traceId);
      if (trace === undefined) continue;
      trace.open -= 1;
      trace.finished += 1;
      // dd-trace lets a trace go when all of its spans have ended.
      if (trace.open === 0) this.#traces.delete(span.traceId);
    }
  }

  get open(): readonly Span[] {
    return this.#open;
  }

  /** Finished spans whose trace is not complete. */
  get waiting(): number {
    let waiting = 0;
    for (const { finished } of this.#traces.values()) waiting += finished;
    return waiting;
  }
}

const statuses = [400, 413, 429, 503].map(
  (status): FailMode => ({ mode: "status", status, retryAfterSeconds: null }),
);

/** One step of a history. */
export type Action =
  | { readonly act: "start"; readonly child: boolean; readonly limited: boolean }
  | { readonly act: "finish" | "fail"; readonly which: number }
  | {
      readonly act: "trace" | "flush" | "recover" | "wait" | "finish-all" | "time-out" | "shutdown";
    }
  | { readonly act: "fault"; readonly mode: FailMode };

export const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constant("start" as const),
      child: fc.boolean(),
      limited: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constantFrom("finish" as const, "fail" as const),
      which: fc.nat(50),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constantFrom(
        "trace" as const,
        "flush" as const,
        "recover" as const,
        "wait" as const,
        "finish-all" as const,
        "time-out" as const,
        "shutdown" as const,
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant("fault" as const),
      mode: fc.constantFrom<FailMode>("refuse", "reset", "half-close", "garbage", ...statuses),
    }),
  },
);

/** What a history is performed on; `setInterval` is expected to be a fake. */
export interface Subject {
  readonly client: Pick<Tracing, "startSpan" | "trace" | "flush" | "shutdown" | "health">;
  readonly agent: TestAgent;
  readonly model: SpanModel;
}

export async function perform(step: Action, { client, agent, model }: Subject): Promise<void> {
  switch (step.act) {
    case "start": {
      const parent = step.child ? model.pick(0) : undefined;
      const limit = step.limited ? { timeoutMs: 1 } : {};
      model.start(client.startSpan("step", { childOf: parent ?? null, ...limit }));
      return;
    }
    case "finish":
      model.pick(step.which)?.finish();
      return;
    case "fail":
      model.pick(step.which)?.setError(new Error("failed"));
      return;
    case "trace":
      client.trace("traced", { childOf: null }, (span) => model.start(span));
      return;
    case "finish-all":
      for (const span of [...model.open]) span.finish();
      return;
    case "time-out":
      await delay(2);
      vi.advanceTimersByTime(1_000);
      return;
    case "shutdown":
      await client.shutdown();
      expect(client.health().spans.open).toBe(0);
      return;
    case "fault":
      await agent.fail(step.mode);
      return;
    case "recover":
      await agent.fail(null);
      return;
    case "flush":
      await client.flush();
      return;
    default:
      await delay(5);
  }
}

/** Compares what the client says with what the model knows. */
export function expectIdentity({ client, model }: Subject): void {
  model.settle();
  const { totals, link, spans } = client.health();
  if (link === undefined) throw new Error("There is no link.");
  expect(totals.created).toBe(totals.open + totals.buffered + totals.exported + totals.dropped);
  expect(totals).toMatchObject({ created: model.created, open: model.open.length, foreign: 0 });
  expect(spans.created).toBe(model.created);
  // From parts that are counted elsewhere, so that it is more than a subtraction.
  expect(totals.buffered).toBe(model.waiting + link.encoding + link.buffered + link.spooled);
}
