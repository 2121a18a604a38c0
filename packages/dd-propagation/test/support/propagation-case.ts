import { carrierOf, type PropagationCase } from "@llmdevops/propagation-cases";
import {
  createChildContext,
  createPropagator,
  createRootContext,
  type PropagationStyle,
  type SpanContext,
  sampleByTraceId,
  withSamplingDecision,
} from "../../src/index.ts";

/** What a case led to in the codecs alone. */
export interface CodecOutcome {
  readonly extracted: SpanContext | null;
  readonly span: SpanContext;
  readonly out: Readonly<Record<string, string>>;
}

/** Takes the place of a tracer: decides about a trace that nobody has decided about. */
function decide(span: SpanContext, env: Readonly<Record<string, string>>): SpanContext {
  if (span.samplingPriority !== undefined) return span;
  const rate = env["DD_TRACE_SAMPLE_RATE"];
  if (rate !== undefined) return sampleByTraceId(span, Number(rate));
  return withSamplingDecision(span, { priority: 1 });
}

/** Extracts, starts a span below what was extracted, and injects it into an empty carrier. */
export function runCase(testCase: PropagationCase): CodecOutcome {
  const env = testCase.env ?? {};
  const propagator = createPropagator({
    extract: testCase.styles.extract as PropagationStyle[],
    inject: testCase.styles.inject as PropagationStyle[],
    env,
  });
  const bits = env["DD_TRACE_128_BIT_TRACEID_GENERATION_ENABLED"] === "false" ? 64 : 128;
  const isBaggageOnly = testCase.op === "set_baggage+inject";
  const extracted = isBaggageOnly ? null : propagator.extract(carrierOf(testCase));
  const root = (): SpanContext =>
    createRootContext({ traceIdBits: bits, baggage: testCase.set_baggage ?? {} });
  const started = extracted === null ? root() : createChildContext(extracted);
  const span = decide(started, env);
  return { extracted, span, out: propagator.inject(span, {}) };
}
