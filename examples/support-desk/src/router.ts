import type { AgentSpan } from "@llmdevops/dd";
import { type Models, routerModel } from "./models.ts";
import type { Telemetry } from "./telemetry.ts";
import type { Ticket } from "./ticket.ts";

export type Route = "billing" | "guide";

/** Decides who handles a ticket, with one call to OpenAI's Chat Completions. */
export function routeTicket(
  { datadog, logger }: Telemetry,
  { openai }: Models,
  desk: AgentSpan,
  ticket: Ticket,
): Promise<Route> {
  const agent = { agentName: "router", agentType: "router", parentAgentSpan: desk };
  return datadog.traceAgent(agent, async () => {
    const completion = await openai.chat.completions.create({
      model: routerModel,
      messages: [
        { role: "system", content: "Answer with one word: billing or guide." },
        { role: "user", content: ticket.text },
      ],
    });
    const answer = completion.choices[0]?.message.content?.trim().toLowerCase();
    const route = answer === "billing" ? "billing" : "guide";
    logger.info({ ticket: ticket.id, route }, "ticket routed");
    return route;
  });
}
