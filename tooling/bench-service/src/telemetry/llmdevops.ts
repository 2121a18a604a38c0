import { type AgentSpan, createClient } from "@llmdevops/dd";
import type { StartTelemetry } from "./telemetry.ts";

/** These packages; the metrics of agents, tools and models come with the spans. */
export const start: StartTelemetry<AgentSpan> = ({ url, dogstatsdPort, llmobs }) => {
  const client = createClient({
    service: "bench",
    env: "bench",
    version: "1.0.0",
    agent: { url },
    dogstatsd: { host: "127.0.0.1", port: dogstatsdPort },
    llmobs: { enabled: llmobs, mlApp: "bench" },
  });
  return {
    async request(fn) {
      const begin = performance.now();
      const result = await client.trace(
        "http.request",
        { kind: "server", tags: { "http.method": "POST", "http.route": "/answer" } },
        fn,
      );
      client.increment("http.request.count", 1, { route: "/answer" });
      client.distribution("http.request.duration", performance.now() - begin, { route: "/answer" });
      return result;
    },
    agent: (agentName, fn) => client.traceAgent({ agentName }, fn),
    span: (name, tags, fn) => client.trace(name, { tags }, fn),
    tool: (run, name, input, fn) => client.traceToolCall(run, name, input, fn),
    model: (model, fn) =>
      client.traceLLM({ provider: "openai", model }, async (span) => {
        const response = await fn();
        span.recordResponse(response);
        return response;
      }),
    async stop() {
      await client.shutdown();
    },
  };
};
