import { createClient } from "@llmdevops/dd";
import { handOffThroughQueue, loopUntilCaught, researchInParallel } from "./agent-patterns.ts";

const datadog = createClient({ service: "support-desk", env: "demo", llmobs: { enabled: true } });
const print = (text: string): void => void process.stdout.write(`${text}\n`);

const desk = await datadog.traceAgent({ agentName: "support-desk" }, async (span) => {
  const findings = await researchInParallel(datadog, span, ["refunds", "double charges"]);
  print(`researchers found ${findings.length} articles`);
  const { broker, decision } = await handOffThroughQueue(datadog, span);
  print(`billing answered through ${broker}: ${decision}`);
  return span;
});
print(`loop: ${await loopUntilCaught(datadog)}`);

const { agents, toolCalls, outcome, criticalPath } = desk.summary();
print(`run: ${outcome}, ${agents} agents, ${toolCalls} tool calls`);
print(`critical path: ${criticalPath.map(({ name }) => name).join(" > ")}`);
print(datadog.agentGraph().toMermaid());
await datadog.shutdown();
