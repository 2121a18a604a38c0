import { readPath } from "../../src/dd-trace/untyped.ts";
import {
  type CoreOptions,
  createTracing,
  type Span,
  silentLogger,
  type Tracing,
} from "../../src/index.ts";
import { undecorated } from "../../src/span/span-decorator.ts";
import { type Intake, startIntake } from "./intake.ts";

/** A client on the real dd-trace, which one process can initialise once, and an intake that takes what it sends. */
export interface RealTracing {
  readonly tracing: Tracing;
  readonly intake: Intake;
  /** Runs `act` and returns by how much each count has grown. */
  counted(act: () => void): Record<string, number>;
}

export async function startRealTracing(options: CoreOptions = {}): Promise<RealTracing> {
  const intake = await startIntake();
  const tracing = createTracing({
    service: "checkout",
    env: "test",
    version: "1.2.3",
    agent: { url: intake.url },
    logger: silentLogger,
    ...options,
  });
  return {
    tracing,
    intake,
    counted(act) {
      const before = tracing.diagnostics.counts();
      act();
      const grown = Object.entries(tracing.diagnostics.counts())
        .map(([reason, count]) => [reason, count - (before[reason] ?? 0)] as const)
        // Whether a line is still allowed depends on the tests before.
        .filter(([reason, growth]) => growth > 0 && reason !== "log_lines_suppressed");
      return Object.fromEntries(grown);
    },
  };
}

/** What dd-trace holds of a span, by its private name. */
export function held(span: Span, ...path: string[]): unknown {
  return readPath(undecorated(span), "backendSpan", ...path);
}

/** Name and attributes of the events that dd-trace holds. */
export function eventsOf(span: Span): { name: string; attributes?: unknown; startTime: number }[] {
  return held(span, "_events") as { name: string; attributes?: unknown; startTime: number }[];
}

/** Ids and attributes of the links that dd-trace holds. */
export function linksOf(span: Span): { traceId: string; spanId: string; attributes: unknown }[] {
  const links = held(span, "_links") as {
    context: { toTraceId(long: boolean): string; toSpanId(): string };
    attributes: unknown;
  }[];
  return links.map(({ context, attributes }) => ({
    traceId: context.toTraceId(true),
    spanId: context.toSpanId(),
    attributes,
  }));
}
