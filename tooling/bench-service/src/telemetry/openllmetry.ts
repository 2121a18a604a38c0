import { createRequire } from "node:module";
import { join } from "node:path";
import { startMetrics } from "./opentelemetry-metrics.ts";
import { price, type StartTelemetry } from "./telemetry.ts";

interface Call {
  readonly span: {
    reportRequest(request: object): void;
    reportResponse(response: object): void;
  };
}
type Decorated = <T>(options: object, fn: () => Promise<T>) => Promise<T>;
interface Traceloop {
  initialize(options: object): void;
  withWorkflow: Decorated;
  withAgent: Decorated;
  withTask: Decorated;
  withTool: Decorated;
  withLLMCall<T>(options: object, fn: (call: Call) => Promise<T>): Promise<T>;
}

/** OpenLLMetry's manual interface, without content; the application's metrics are OpenTelemetry's. */
export const start: StartTelemetry = ({ url, peers }) => {
  const load = createRequire(join(peers, "package.json"));
  const { BatchSpanProcessor } = load("@opentelemetry/sdk-trace-node");
  const { OTLPTraceExporter } = load("@opentelemetry/exporter-trace-otlp-proto");
  const traceloop: Traceloop = load("@traceloop/node-server-sdk");
  const processor = new BatchSpanProcessor(new OTLPTraceExporter({ url: `${url}/v1/traces` }), {
    maxQueueSize: 16_384,
  });
  traceloop.initialize({
    appName: "bench",
    processor,
    instrumentModules: {},
    traceContent: false,
    silenceInitializationMessage: true,
    traceloopSyncEnabled: false,
    telemetryEnabled: false,
  });
  const metrics = startMetrics(load, url);
  return {
    async request(fn) {
      const begin = performance.now();
      const result = await traceloop.withWorkflow({ name: "http.request" }, fn);
      metrics.count("http.request.count", 1, { route: "/answer" });
      metrics.record("http.request.duration", performance.now() - begin, { route: "/answer" });
      return result;
    },
    agent: (name, fn) => {
      metrics.count("agent.run.count", 1, { agent: name });
      return traceloop.withAgent({ name }, () => fn(undefined));
    },
    span: (name, associationProperties, fn) =>
      traceloop.withTask({ name, associationProperties }, fn),
    tool: (_run, name, _input, fn) => {
      metrics.count("agent.tool.calls", 1, { tool: name });
      return traceloop.withTool({ name }, fn);
    },
    model: (model, fn) => {
      const begin = performance.now();
      return traceloop.withLLMCall({ vendor: "openai", type: "chat" }, async ({ span }) => {
        span.reportRequest({ model, messages: [] });
        const response = await fn();
        span.reportResponse({ ...response, completions: [] });
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
