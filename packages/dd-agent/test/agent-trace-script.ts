// Runs agents on real spans and prints them as dd-trace would send them; run in a process of its own.

import { createAgents } from "@llmdevops/dd-agent";
import { createTracing } from "@llmdevops/dd-core";

const tracing = createTracing({ service: "assistant", agent: { url: "http://127.0.0.1:1" } });
const agents = createAgents({ tracing });

const desk = { agentName: "desk", name: "desk.run" };
await agents.traceAgent(desk, async (span) => {
  await agents.traceAgentStep(span, "plan", async () => {
    await agents.traceToolCall(span, "search", {}, () => tracing.trace("http.get", () => 1));
  });
  const researcher = agents.startAgentSpan("researcher.run", { agentName: "researcher" });
  await agents.traceAgent({ agentName: "writer", name: "writer.run" }, async (writer) => {
    agents.linkAgentSpans(researcher, writer, { relationship: "review" });
    const named = { agentName: "editor", name: "editor.run", parentAgentSpan: researcher };
    await agents.traceAgent(named, async () => {});
  });
  const remote = tracing.extractContext({
    "x-datadog-trace-id": "1311768467463790320",
    "x-datadog-parent-id": "81985529216486895",
  });
  if (remote !== null) agents.linkAgentSpans(span, remote);
  researcher.finish();
});
