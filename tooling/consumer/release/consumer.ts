// What a TypeScript project sees of the packages: every entry resolves, and its types are those that are documented.
import {
  createClient,
  type DatadogAPMClient,
  getClient,
  type LLMSpan,
  type Span,
} from "@llmdevops/dd";
import type { Agents } from "@llmdevops/dd/agent";
import { createTracing } from "@llmdevops/dd/core";
import { normalizeUsage } from "@llmdevops/dd/llm";
import type { Metrics } from "@llmdevops/dd/metrics";
import { HeaderCarrier } from "@llmdevops/dd/propagation";
import { createRedactor } from "@llmdevops/dd/redaction";
import { startTestAgent } from "@llmdevops/dd/testing";
import { createAgents } from "@llmdevops/dd-agent";
import { createMetrics } from "@llmdevops/dd-metrics";

export const client: DatadogAPMClient = createClient({ service: "consumer" });
export const found: DatadogAPMClient = getClient();
export const answer: Promise<number> = client.trace("work", async (span: Span) => {
  span.setTag("a", 1);
  return 7;
});
export const tracing: ReturnType<typeof createTracing> = createTracing({ service: "consumer" });
export const agents: Agents = createAgents({ tracing });
export const metrics: Metrics = createMetrics({ service: "consumer" });
export const carrier: HeaderCarrier = new HeaderCarrier();
export const tokens: number | undefined = normalizeUsage({ prompt_tokens: 1 })?.inputTokens;
export const text: string = createRedactor().redact("ada@example.com");
export const agent: ReturnType<typeof startTestAgent> = startTestAgent();
export const observe = (span: LLMSpan): LLMSpan => span.setUsage({ prompt_tokens: 1 });

// @ts-expect-error The name of a service is text.
createClient({ service: 7 });
