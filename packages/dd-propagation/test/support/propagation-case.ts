import {
  createChildContext,
  createPropagator,
  createRootContext,
  hasTraceId,
  type PropagationStyle,
  type SpanContext,
  sampleByTraceId,
  withSamplingDecision,
} from "../../src/index.ts";

/** One case of the vector file; its vocabulary is described in the file itself. */
export interface PropagationCase {
  readonly id: string;
  readonly op: "extract+inject" | "set_baggage+inject";
  readonly styles: { readonly extract: PropagationStyle[]; readonly inject: PropagationStyle[] };
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly env?: Readonly<Record<string, string>>;
  readonly set_baggage?: Readonly<Record<string, string>>;
  readonly carrier_extra?: Readonly<Record<string, unknown>>;
  readonly expect: Readonly<Record<string, unknown>>;
}

/** What a case led to. */
export interface PropagationOutcome {
  readonly extracted: SpanContext | null;
  readonly span: SpanContext;
  readonly out: Readonly<Record<string, string>>;
}

const throwingText = {
  toString(): string {
    throw new Error("must not be called");
  },
};

function carrierOf({ headers, carrier_extra: extra }: PropagationCase): Record<string, unknown> {
  const carrier: Record<string, unknown> = {};
  for (const [name, value] of headers) {
    const present = carrier[name];
    if (present === undefined) carrier[name] = value;
    else carrier[name] = [present, value].flat();
  }
  for (const [name, value] of Object.entries(extra ?? {})) {
    carrier[name] = value === "__NON_STRINGS__" ? [Symbol("x"), 42, throwingText] : value;
  }
  return carrier;
}

/** Takes the place of a tracer: decides about a trace that nobody has decided about. */
function decide(span: SpanContext, env: Readonly<Record<string, string>>): SpanContext {
  if (span.samplingPriority !== undefined) return span;
  const rate = env["DD_TRACE_SAMPLE_RATE"];
  if (rate !== undefined) return sampleByTraceId(span, Number(rate));
  return withSamplingDecision(span, { priority: 1 });
}

/** Extracts, starts a span below what was extracted, and injects it into an empty carrier. */
export function runCase(testCase: PropagationCase): PropagationOutcome {
  const env = testCase.env ?? {};
  const propagator = createPropagator({ ...testCase.styles, env });
  const bits = env["DD_TRACE_128_BIT_TRACEID_GENERATION_ENABLED"] === "false" ? 64 : 128;
  const isBaggageOnly = testCase.op === "set_baggage+inject";
  const extracted = isBaggageOnly ? null : propagator.extract(carrierOf(testCase));
  const root = (): SpanContext =>
    createRootContext({ traceIdBits: bits, baggage: testCase.set_baggage ?? {} });
  const started = extracted === null ? root() : createChildContext(extracted);
  const span = decide(started, env);
  return { extracted, span, out: propagator.inject(span, {}) };
}

/** Whether the new span goes on with the trace that arrived. */
export function isContinued({ extracted, span }: PropagationOutcome): boolean {
  return extracted !== null && hasTraceId(extracted) && span.traceIdHex === extracted.traceIdHex;
}
