import type { AgentSpan } from "@llmdevops/dd";
import { type Models, routerModel, writerModel } from "./models.ts";
import type { Telemetry } from "./telemetry.ts";
import type { Ticket } from "./ticket.ts";

const subjectLength = 40;

/** Writes the answer: a streamed text from Gemini, and a subject line whose stream is left early. */
export function writeAnswer(
  telemetry: Telemetry,
  models: Models,
  desk: AgentSpan,
  ticket: Ticket,
  facts: string,
): Promise<string> {
  const { datadog, logger } = telemetry;
  const agent = { agentName: "writer", agentType: "writer", parentAgentSpan: desk };
  return datadog.traceAgent(agent, async (span) => {
    const body = await datadog.traceAgentStep(span, "write body", () =>
      writeBody(models, ticket, facts),
    );
    const subject = await datadog.traceAgentStep(span, "write subject", () =>
      writeSubject(models, body),
    );
    logger.info({ ticket: ticket.id, characters: body.length }, "answer written");
    return `${subject}\n\n${body}`;
  });
}

async function writeBody({ google }: Models, ticket: Ticket, facts: string): Promise<string> {
  const contents = `Answer this ticket: ${ticket.text}\nWhat we know: ${facts}`;
  const stream = await google.models.generateContentStream({ model: writerModel, contents });
  let text = "";
  for await (const chunk of stream) text += chunk.text ?? "";
  return text;
}

/** Stops reading as soon as the line is long enough, which cancels the request. */
async function writeSubject({ openai }: Models, body: string): Promise<string> {
  const stream = await openai.chat.completions.create({
    model: routerModel,
    messages: [{ role: "user", content: `A subject line for: ${body}` }],
    stream: true,
  });
  let subject = "";
  for await (const chunk of stream) {
    subject += chunk.choices[0]?.delta.content ?? "";
    if (subject.length >= subjectLength) break;
  }
  return subject.trim();
}
