import tracer from "dd-trace";
import StatsD from "hot-shots";
import { type ModelResponse, price, type StartTelemetry } from "./telemetry.ts";

/** What a careful user of dd-trace and hot-shots writes by hand, with hot-shots' buffer on. */
export const start: StartTelemetry = ({ url, dogstatsdPort, llmobs: isObserved }) => {
  tracer.init({
    service: "bench",
    env: "bench",
    version: "1.0.0",
    url,
    plugins: false,
    startupLogs: false,
    ...(isObserved ? { llmobs: { mlApp: "bench" } } : {}),
  });
  const metrics = new StatsD({
    host: "127.0.0.1",
    port: dogstatsdPort,
    maxBufferSize: 1_432,
    globalTags: { service: "bench", env: "bench", version: "1.0.0" },
  });
  const { llmobs } = tracer;
  return {
    async request(fn) {
      const begin = performance.now();
      const tags = { "span.kind": "server", "http.method": "POST", "http.route": "/answer" };
      const result = await tracer.trace("http.request", { tags }, fn);
      metrics.increment("http.request.count", 1, { route: "/answer" });
      metrics.distribution("http.request.duration", performance.now() - begin, {
        route: "/answer",
      });
      return result;
    },
    agent: (name, fn) => {
      metrics.increment("agent.run.count", 1, { agent: name });
      return isObserved
        ? llmobs.trace({ kind: "agent", name }, fn)
        : tracer.trace("agent.run", { tags: { "agent.name": name } }, fn);
    },
    span: (name, tags, fn) => tracer.trace(name, { tags: { ...tags } }, fn),
    tool: (_run, name, _input, fn) => {
      metrics.increment("agent.tool.calls", 1, { tool: name });
      return isObserved
        ? llmobs.trace({ kind: "tool", name }, fn)
        : tracer.trace("agent.tool", { tags: { "agent.tool": name } }, fn);
    },
    model(model, fn) {
      const begin = performance.now();
      const measured = async (): Promise<ModelResponse> => {
        const response = await fn();
        const { prompt_tokens: input, completion_tokens: output } = response.usage;
        const tags = { provider: "openai", model };
        const cost = input * price.input + output * price.output;
        metrics.increment("llm.request.count", 1, tags);
        metrics.distribution("llm.request.duration", performance.now() - begin, tags);
        metrics.increment("llm.request.tokens.input", input, tags);
        metrics.increment("llm.request.tokens.output", output, tags);
        metrics.distribution("llm.request.cost", cost, tags);
        return response;
      };
      if (isObserved) {
        const known = { kind: "llm", name: "llm.request", modelName: model } as const;
        return llmobs.trace({ ...known, modelProvider: "openai" }, async (span) => {
          const response = await measured();
          const { prompt_tokens, completion_tokens, total_tokens } = response.usage;
          llmobs.annotate(span, {
            metrics: {
              inputTokens: prompt_tokens,
              outputTokens: completion_tokens,
              totalTokens: total_tokens,
            },
            metadata: { finish_reason: response.choices[0]?.finish_reason ?? "" },
          });
          return response;
        });
      }
      const tags = { "llm.provider": "openai", "llm.model": model };
      return tracer.trace("llm.request", { tags }, async (span) => {
        const response = await measured();
        span?.addTags({
          "llm.response_model": response.model,
          "llm.input_tokens": response.usage.prompt_tokens,
          "llm.output_tokens": response.usage.completion_tokens,
          "llm.total_tokens": response.usage.total_tokens,
          "llm.finish_reason": response.choices[0]?.finish_reason ?? "",
        });
        return response;
      });
    },
    async stop() {
      await new Promise<void>((resolve) => {
        metrics.close(() => resolve());
      });
    },
  };
};
