import type { OutgoingSpan } from "../replay/encode-traces.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** What synthetic traces look like. */
export interface TraceShape {
  /** How many levels a trace has below its root, 0 to 10. @default 3 */
  readonly depth?: number;
  /** How many children a span has, 0 to 10. @default 2 */
  readonly fanOut?: number;
  /** Share of traces that fail, 0 to 1. @default 0.05 */
  readonly errorRate?: number;
  /** Share of the innermost spans that are model calls, 0 to 1. @default 0.5 */
  readonly llmShare?: number;
  /** How many agents take part, 0 to 100; each is a span below the root. @default 2 */
  readonly agents?: number;
}

interface SyntheticModel {
  readonly provider: string;
  readonly model: string;
  /** Per token. */
  readonly inputUsd: number;
  readonly outputUsd: number;
}

const models: readonly [SyntheticModel, ...SyntheticModel[]] = [
  { provider: "anthropic", model: "claude-sonnet-4-6", inputUsd: 3e-6, outputUsd: 15e-6 },
  { provider: "openai", model: "gpt-4o-mini", inputUsd: 0.15e-6, outputUsd: 0.6e-6 },
  { provider: "google", model: "gemini-2.5-flash", inputUsd: 0.3e-6, outputUsd: 2.5e-6 },
];
const tools: readonly [string, ...string[]] = ["search", "lookup", "calculate"];

/** Makes one trace; the same for the same state of `random`. @param startMs Milliseconds since the Unix epoch */
export function syntheticTrace(
  random: SeededRandom,
  shape: Required<TraceShape>,
  startMs: number,
): OutgoingSpan[] {
  const traceId = random.id();
  const spans: OutgoingSpan[] = [];
  const fails = random.next() < shape.errorRate;
  const common = { env: "load", version: "0.0.0", language: "javascript" };
  const add = (
    name: string,
    parent: OutgoingSpan | undefined,
    details: {
      readonly type: string;
      readonly meta?: Record<string, string>;
      readonly metrics?: Record<string, number>;
    },
  ): OutgoingSpan => {
    const share = 0.3 + 0.6 * random.next();
    const duration =
      parent === undefined ? 50e6 + random.next() * 450e6 : Number(parent.duration) * share;
    const span: OutgoingSpan = {
      traceId,
      spanId: random.id(),
      parentId: parent?.spanId ?? 0n,
      name,
      service: "synthetic-load",
      resource: name,
      type: details.type,
      start: parent?.start ?? BigInt(Math.round(startMs * 1e6)),
      duration: BigInt(Math.round(duration)),
      error: 0,
      meta: { ...common, ...details.meta },
      metrics: {
        ...(parent === undefined ? { _sampling_priority_v1: 1 } : {}),
        ...details.metrics,
      },
    };
    spans.push(span);
    return span;
  };
  const grow = (parent: OutgoingSpan, level: number): void => {
    if (level >= shape.depth) return;
    for (let child = 0; child < shape.fanOut; child += 1) {
      const isInnermost = level + 1 === shape.depth;
      if (isInnermost && random.next() < shape.llmShare) addModelCall(add, parent, random);
      else if (isInnermost) {
        const tool = random.pick(tools);
        add(`tool.${tool}`, parent, { type: "tool", meta: { "agent.tool": tool } });
      } else grow(add("work.step", parent, { type: "custom" }), level + 1);
    }
  };
  const root = add("synthetic.request", undefined, { type: "web" });
  if (shape.agents === 0) grow(root, 0);
  for (let agent = 0; agent < shape.agents; agent += 1) {
    const name = `agent-${agent + 1}`;
    grow(add("agent.run", root, { type: "agent", meta: { "agent.name": name } }), 1);
  }
  return fails
    ? spans.map((span) => (span === root || span === spans.at(-1) ? failed(span) : span))
    : spans;
}

function addModelCall(
  add: (
    name: string,
    parent: OutgoingSpan,
    details: {
      readonly type: string;
      readonly meta: Record<string, string>;
      readonly metrics: Record<string, number>;
    },
  ) => OutgoingSpan,
  parent: OutgoingSpan,
  random: SeededRandom,
): void {
  const { provider, model, inputUsd, outputUsd } = random.pick(models);
  const input = Math.floor(100 + random.next() * 3_000);
  const output = Math.floor(10 + random.next() * 500);
  add("llm.request", parent, {
    type: "llm",
    meta: { "llm.provider": provider, "llm.model": model, "llm.request_type": "chat" },
    metrics: {
      "llm.input_tokens": input,
      "llm.output_tokens": output,
      "llm.total_tokens": input + output,
      "llm.cost.total_usd": input * inputUsd + output * outputUsd,
    },
  });
}

function failed(span: OutgoingSpan): OutgoingSpan {
  const error = { "error.type": "SyntheticError", "error.message": "made to fail" };
  return { ...span, error: 1, meta: { ...span.meta, ...error } };
}
