import type Anthropic from "@anthropic-ai/sdk";
import type { AgentSpan } from "@llmdevops/dd";
import { type Models, researchModel } from "./models.ts";
import { researchTools, runResearchTool } from "./research-tools.ts";
import { withRetry } from "./retry.ts";
import type { Telemetry } from "./telemetry.ts";
import type { Ticket } from "./ticket.ts";

const maximumTurns = 4;

/** Finds out what is to know about a ticket: Anthropic's Messages with two tools, until the model has an answer. */
export function researchTicket(
  telemetry: Telemetry,
  models: Models,
  desk: AgentSpan,
  ticket: Ticket,
): Promise<string> {
  const { datadog, logger } = telemetry;
  const agent = { agentName: "researcher", agentType: "tool-user", parentAgentSpan: desk };
  return datadog.traceAgent(agent, async (span) => {
    const messages: Anthropic.MessageParam[] = [{ role: "user", content: ticket.text }];
    for (let turn = 1; turn <= maximumTurns; turn += 1) {
      const reply = await withRetry((attempt) => ask(telemetry, models, messages, attempt));
      if (reply.stop_reason !== "tool_use") {
        const findings = reply.content.flatMap((block) =>
          block.type === "text" ? block.text : [],
        );
        logger.info({ ticket: ticket.id, turns: turn }, "research finished");
        return findings.join("\n");
      }
      messages.push({ role: "assistant", content: reply.content });
      messages.push({ role: "user", content: await runTools(telemetry, span, reply) });
    }
    return "nothing found";
  });
}

async function ask(
  { logger }: Telemetry,
  { anthropic }: Models,
  messages: Anthropic.MessageParam[],
  attempt: number,
): Promise<Anthropic.Message> {
  try {
    return await anthropic.messages.create({
      model: researchModel,
      max_tokens: 800,
      tools: researchTools,
      messages,
    });
  } catch (error) {
    logger.warn({ attempt }, "the provider refused the call");
    throw error;
  }
}

async function runTools(
  { datadog, logger }: Telemetry,
  agent: AgentSpan,
  reply: Anthropic.Message,
): Promise<Anthropic.ToolResultBlockParam[]> {
  const calls = reply.content.filter((block) => block.type === "tool_use");
  return Promise.all(
    calls.map(async ({ id, name, input }) => {
      const result = await datadog.traceToolCall(agent, name, input, () => {
        logger.info({ tool: name }, "tool called");
        return runResearchTool(name, input);
      });
      return { type: "tool_result", tool_use_id: id, content: JSON.stringify(result) };
    }),
  );
}
