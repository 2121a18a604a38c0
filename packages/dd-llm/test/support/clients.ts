import {
  createTracing,
  type LLMObservabilityAnnotation,
  type Span,
  silentLogger,
  type Tracing,
} from "@llmdevops/dd-core";
import { createLLM, type LLM, type LLMOptions, type LLMTracing } from "../../src/index.ts";
import { RecordingSink } from "./recording-sink.ts";

let shared: Tracing | undefined;

/** The tracing client on the real dd-trace, one per process; its Agent is nowhere. */
export function realTracing(): Tracing {
  shared ??= createTracing({
    service: "dd-llm-test",
    env: "test",
    agent: { url: "http://127.0.0.1:9" },
    logger: silentLogger,
  });
  return shared;
}

/** An LLM client with everything it writes at hand. */
export interface TestClient {
  readonly llm: LLM;
  readonly sink: RecordingSink;
  readonly annotations: LLMObservabilityAnnotation[];
  /** How often a fault was counted since the client was made. */
  readonly faults: (reason: string) => number;
}

/** An LLM client on the real tracer that records metrics and annotations. */
export function testClient(options: LLMOptions = {}): TestClient {
  const tracing = realTracing();
  const sink = new RecordingSink();
  const annotations: LLMObservabilityAnnotation[] = [];
  const before = tracing.diagnostics.counts();
  const recording: LLMTracing = {
    configuration: tracing.configuration,
    diagnostics: tracing.diagnostics,
    guard: tracing.guard,
    llmobsEnabled: true,
    startSpan: tracing.startSpan.bind(tracing),
    withSpan: tracing.withSpan.bind(tracing),
    annotate: (_span: Span, annotation: LLMObservabilityAnnotation) => {
      annotations.push(annotation);
    },
  };
  return {
    llm: createLLM({ metrics: sink, ...options, tracing: recording }),
    sink,
    annotations,
    faults: (reason) => (tracing.diagnostics.counts()[reason] ?? 0) - (before[reason] ?? 0),
  };
}

/** A model that the price list knows: $2.50 and $10 per million tokens, cache reads $1.25. */
export const gpt4o = { provider: "openai", model: "gpt-4o" } as const;
