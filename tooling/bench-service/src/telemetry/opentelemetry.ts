import { createRequire } from "node:module";
import { join } from "node:path";
import { startMetrics } from "./opentelemetry-metrics.ts";
import type { ModelResponse, StartTelemetry } from "./telemetry.ts";
import { price } from "./telemetry.ts";

interface Span {
  setAttributes(attributes: object): void;
  end(): void;
}
interface Tracer {
  startActiveSpan<T>(name: string, options: object, fn: (span: Span) => T): T;
}

/** OpenTelemetry's SDK by hand, with the attributes of its GenAI conventions. */
export const start: StartTelemetry = ({ url, peers }) => {
  const load = createRequire(join(peers, "package.json"));
  const { NodeTracerProvider, BatchSpanProcessor } = load("@opentelemetry/sdk-trace-node");
  const { OTLPTraceExporter } = load("@opentelemetry/exporter-trace-otlp-proto");
  const processor = new BatchSpanProcessor(new OTLPTraceExporter({ url: `${url}/v1/traces` }), {
    maxQueueSize: 16_384,
  });
  const provider = new NodeTracerProvider({ spanProcessors: [processor] });
  provider.register();
  const tracer: Tracer = provider.getTracer("bench");
  const metrics = startMetrics(load, url);
  const span = <T>(name: string, attributes: object, fn: (span: Span) => Promise<T>): Promise<T> =>
    tracer.startActiveSpan(name, { attributes }, async (active) => {
      try {
        return await fn(active);
      } finally {
        active.end();
      }
    });
  return {
    async request(fn) {
      const begin = performance.now();
      const attributes = { "http.request.method": "POST", "http.route": "/answer" };
      const result = await span("http.request", attributes, fn);
      metrics.count("http.request.count", 1, { route: "/answer" });
      metrics.record("http.request.duration", performance.now() - begin, { route: "/answer" });
      return result;
    },
    agent: (name, fn) => {
      metrics.count("agent.run.count", 1, { agent: name });
      return span("invoke_agent", { "gen_ai.agent.name": name }, fn);
    },
    span: (name, tags, fn) => span(name, tags, fn),
    tool: (_run, name, _input, fn) => {
      metrics.count("agent.tool.calls", 1, { tool: name });
      return span("execute_tool", { "gen_ai.tool.name": name }, fn);
    },
    model: (model, fn) => {
      const begin = performance.now();
      const known = { "gen_ai.provider.name": "openai", "gen_ai.request.model": model };
      return span("chat", known, async (active) => {
        const response = await fn();
        active.setAttributes(outcome(response));
        const { prompt_tokens: input, completion_tokens: output } = response.usage;
        const tags = { provider: "openai", model };
        metrics.count("llm.request.count", 1, tags);
        metrics.record("llm.request.duration", performance.now() - begin, tags);
        metrics.count("llm.request.tokens.input", input, tags);
        metrics.count("llm.request.tokens.output", output, tags);
        metrics.record("llm.request.cost", input * price.input + output * price.output, tags);
        return response;
      });
    },
    async stop() {
      await Promise.all([processor.forceFlush(), metrics.stop()]);
    },
  };
};

function outcome({ model, choices, usage }: ModelResponse): object {
  return {
    "gen_ai.response.model": model,
    "gen_ai.response.finish_reasons": [choices[0]?.finish_reason ?? ""],
    "gen_ai.usage.input_tokens": usage.prompt_tokens,
    "gen_ai.usage.output_tokens": usage.completion_tokens,
  };
}
