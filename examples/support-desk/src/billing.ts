import { createServer, type IncomingMessage } from "node:http";
import type { AgentSpan } from "@llmdevops/dd";
import OpenAI from "openai";
import { billingModel } from "./models.ts";
import { createTelemetry } from "./telemetry.ts";
import type { Ticket } from "./ticket.ts";

const { datadog, logger } = createTelemetry("billing");
const openai = new OpenAI({ maxRetries: 0 });

const refundTool: OpenAI.Responses.FunctionTool = {
  type: "function",
  name: "issue_refund",
  description: "Pays a charge back.",
  parameters: { type: "object", properties: { order: { type: "string" } } },
  strict: false,
};

/** The billing service: decides on refunds with OpenAI's Responses and one tool. */
const server = createServer((request, response) => {
  const parent = datadog.extractContext(request.headers);
  const options = {
    ...(parent === null ? {} : { childOf: parent }),
    kind: "server",
    type: "web",
    resource: "POST /refunds",
    tags: { "http.method": request.method, "http.route": "/refunds" },
  } as const;
  void datadog.trace("http.server", options, async (span) => {
    const ticket = JSON.parse(await readText(request)) as Ticket;
    const runId = request.headers["x-agent-run-id"];
    const decision = await decide(ticket, typeof runId === "string" ? runId : undefined);
    span.setTag("http.status_code", 200);
    response.writeHead(200, {
      "content-type": "application/json",
      ...datadog.injectContext({}, span),
    });
    response.end(JSON.stringify({ decision }));
  });
});

function decide(ticket: Ticket, runId: string | undefined): Promise<string> {
  const agent = { agentName: "billing", agentType: "specialist", ...(runId ? { runId } : {}) };
  return datadog.traceAgent(agent, async (span) => {
    const proposal = await ask("billing.decide", [refundTool], ticket.text);
    const call = proposal.output.find((item) => item.type === "function_call");
    if (call === undefined) return "no refund";
    const refund = await issueRefund(span, call);
    const confirmation = await ask("billing.confirm", [], JSON.stringify(refund));
    logger.info({ ticket: ticket.id }, "refund decided");
    return confirmation.output_text;
  });
}

/** By hand, as where a client cannot be wrapped: the span is named, and told what was asked and answered. */
function ask(
  name: string,
  tools: OpenAI.Responses.FunctionTool[],
  input: string,
): Promise<OpenAI.Responses.Response> {
  return datadog.traceLLM({ name, provider: "openai", model: billingModel }, async (span) => {
    span.setInput(input);
    const response = await openai.responses.create({ model: billingModel, input, tools });
    span.recordResponse(response);
    return response;
  });
}

function issueRefund(
  agent: AgentSpan,
  call: OpenAI.Responses.ResponseFunctionToolCall,
): Promise<{ readonly refundedUsd: number }> {
  return datadog.traceToolCall(agent, call.name, call.arguments, (span) => {
    span.setRetries(0);
    logger.info({ tool: call.name }, "tool called");
    return { refundedUsd: 49 };
  });
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}

server.listen(Number(process.env["BILLING_PORT"] ?? 0), "127.0.0.1", () => {
  const address = server.address();
  process.send?.({ port: typeof address === "object" ? address?.port : undefined });
});

process.once("SIGTERM", async () => {
  server.close();
  await datadog.shutdown();
  process.send?.({ health: datadog.health() });
  process.disconnect?.();
});
