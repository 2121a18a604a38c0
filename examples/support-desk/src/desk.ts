import { handOffToBilling } from "./billing-client.ts";
import { createModels } from "./models.ts";
import { researchTicket } from "./researcher.ts";
import { routeTicket } from "./router.ts";
import { createTelemetry } from "./telemetry.ts";
import { type Ticket, tickets } from "./ticket.ts";
import { writeAnswer } from "./writer.ts";

const telemetry = createTelemetry("support-desk");
const { datadog, logger } = telemetry;
const models = createModels(datadog);

/** Handles one ticket: router, researcher, billing where money is involved, writer. */
function handleTicket(ticket: Ticket): Promise<string> {
  const desk = {
    name: "ticket.handle",
    agentName: "support-desk",
    agentType: "orchestrator",
    collaboratingAgents: ["router", "researcher", "writer"],
    sessionId: ticket.id,
    tags: { "ticket.id": ticket.id, "ticket.customer": ticket.customer },
  };
  return datadog.traceAgent(desk, async (span) => {
    logger.info({ ticket: ticket.id }, "ticket received");
    const route = await routeTicket(telemetry, models, span, ticket);
    const findings = await researchTicket(telemetry, models, span, ticket);
    const decision = route === "billing" ? await handOffToBilling(telemetry, span, ticket) : "";
    const answer = await writeAnswer(telemetry, models, span, ticket, `${findings}\n${decision}`);
    datadog.increment("desk.tickets.answered", 1, { route });
    return answer;
  });
}

for (const ticket of tickets) await handleTicket(ticket);
await datadog.shutdown();
process.send?.({ health: datadog.health() });
process.disconnect?.();
