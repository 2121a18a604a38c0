/**
 * Runs propagation cases through the complete client over dd-trace: reads cases from standard input, and writes
 * what each led to. The process's environment is that of the cases, since dd-trace reads it once.
 */
import { text } from "node:stream/consumers";
import { createTracing, type SpanContext, silentLogger } from "@llmdevops/dd-core";
import { carrierOf, type PropagationCase } from "@llmdevops/propagation-cases";

function runCase(testCase: PropagationCase): {
  readonly extracted: SpanContext | null;
  readonly span: SpanContext;
  readonly out: Readonly<Record<string, string>>;
} {
  const { extract, inject } = testCase.styles;
  process.env["DD_TRACE_PROPAGATION_STYLE_EXTRACT"] = extract.join(",");
  process.env["DD_TRACE_PROPAGATION_STYLE_INJECT"] = inject.join(",");
  const tracing = createTracing({ service: "cases", logger: silentLogger });
  const isBaggageOnly = testCase.op === "set_baggage+inject";
  const extracted = isBaggageOnly ? null : tracing.extractContext(carrierOf(testCase));
  const span = tracing.startSpan("case", {
    childOf: extracted,
    ...(testCase.set_baggage === undefined ? {} : { baggage: testCase.set_baggage }),
  });
  const out = tracing.injectContext({} as Record<string, string>, span);
  return { extracted, span: span.context(), out };
}

const cases = JSON.parse(await text(process.stdin)) as readonly PropagationCase[];
process.stdout.write(JSON.stringify(cases.map(runCase)));
