import { createTracing } from "@llmdevops/dd-core";
import { createMetrics } from "@llmdevops/dd-metrics";
import { price, type StartTelemetry } from "./telemetry.ts";

/** The spans and metrics of these packages by hand: what the careful user of dd-trace and hot-shots writes. */
export const start: StartTelemetry = ({ url, dogstatsdPort }) => {
  const tracing = createTracing({
    service: "bench",
    env: "bench",
    version: "1.0.0",
    agent: { url },
  });
  const metrics = createMetrics({
    service: "bench",
    env: "bench",
    version: "1.0.0",
    dogstatsd: { host: "127.0.0.1", port: dogstatsdPort },
  });
  return {
    async request(fn) {
      const begin = performance.now();
      const tags = { "span.kind": "server", "http.method": "POST", "http.route": "/answer" };
      const result = await tracing.trace("http.request", { tags }, fn);
      metrics.increment("http.request.count", 1, { route: "/answer" });
      metrics.distribution("http.request.duration", performance.now() - begin, {
        route: "/answer",
      });
      return result;
    },
    agent: (name, fn) => {
      metrics.increment("agent.run.count", 1, { agent: name });
      return tracing.trace("agent.run", { tags: { "agent.name": name } }, fn);
    },
    span: (name, tags, fn) => tracing.trace(name, { tags }, fn),
    tool: (_run, name, _input, fn) => {
      metrics.increment("agent.tool.calls", 1, { tool: name });
      return tracing.trace("agent.tool", { tags: { "agent.tool": name } }, fn);
    },
    model(model, fn) {
      const begin = performance.now();
      const tags = { "llm.provider": "openai", "llm.model": model };
      return tracing.trace("llm.request", { tags }, async (span) => {
        const response = await fn();
        const { prompt_tokens: input, completion_tokens: output } = response.usage;
        const series = { provider: "openai", model };
        const cost = input * price.input + output * price.output;
        metrics.increment("llm.request.count", 1, series);
        metrics.distribution("llm.request.duration", performance.now() - begin, series);
        metrics.increment("llm.request.tokens.input", input, series);
        metrics.increment("llm.request.tokens.output", output, series);
        metrics.distribution("llm.request.cost", cost, series);
        span.setTags({
          "llm.response_model": response.model,
          "llm.input_tokens": input,
          "llm.output_tokens": output,
          "llm.total_tokens": response.usage.total_tokens,
          "llm.finish_reason": response.choices[0]?.finish_reason ?? "",
        });
        return response;
      });
    },
    async stop() {
      await Promise.all([tracing.shutdown(), metrics.close()]);
    },
  };
};
