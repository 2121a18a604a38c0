import { createRequire } from "node:module";
import { join } from "node:path";
import { startMetrics } from "./opentelemetry-metrics.ts";
import { price, type StartTelemetry } from "./telemetry.ts";

interface Observation {
  update(attributes: object): unknown;
}
type StartActive = <T>(
  name: string,
  fn: (observation: Observation) => Promise<T>,
  options?: object,
) => Promise<T>;

/** Langfuse's own SDK, without content; it has no metrics, so the application uses OpenTelemetry's. */
export const start: StartTelemetry = ({ url, peers }) => {
  const load = createRequire(join(peers, "package.json"));
  const { NodeTracerProvider } = load("@opentelemetry/sdk-trace-node");
  const { LangfuseSpanProcessor } = load("@langfuse/otel");
  const keys = { publicKey: "pk-lf-bench", secretKey: "sk-lf-bench", baseUrl: url };
  const processor = new LangfuseSpanProcessor(keys);
  new NodeTracerProvider({ spanProcessors: [processor] }).register();
  const startActive: StartActive = load("@langfuse/tracing").startActiveObservation;
  const metrics = startMetrics(load, url);
  return {
    async request(fn) {
      const begin = performance.now();
      const result = await startActive("http.request", (observation) => {
        observation.update({ metadata: { method: "POST", route: "/answer" } });
        return fn();
      });
      metrics.count("http.request.count", 1, { route: "/answer" });
      metrics.record("http.request.duration", performance.now() - begin, { route: "/answer" });
      return result;
    },
    agent: (name, fn) => {
      metrics.count("agent.run.count", 1, { agent: name });
      return startActive(name, fn, { asType: "agent" });
    },
    span: (name, metadata, fn) =>
      startActive(name, (observation) => {
        observation.update({ metadata });
        return fn();
      }),
    tool: (_run, name, _input, fn) => {
      metrics.count("agent.tool.calls", 1, { tool: name });
      return startActive(name, fn, { asType: "tool" });
    },
    model: (model, fn) => {
      const begin = performance.now();
      return startActive(
        "llm.request",
        async (observation) => {
          const response = await fn();
          const { prompt_tokens: input, completion_tokens: output } = response.usage;
          observation.update({
            model,
            usageDetails: { input, output },
            metadata: { finish_reason: response.choices[0]?.finish_reason ?? "" },
          });
          const tags = { provider: "openai", model };
          metrics.count("llm.request.count", 1, tags);
          metrics.record("llm.request.duration", performance.now() - begin, tags);
          metrics.count("llm.request.tokens.input", input, tags);
          metrics.count("llm.request.tokens.output", output, tags);
          metrics.record("llm.request.cost", input * price.input + output * price.output, tags);
          return response;
        },
        { asType: "generation" },
      );
    },
    async stop() {
      await Promise.all([processor.forceFlush(), metrics.stop()]);
    },
  };
};
