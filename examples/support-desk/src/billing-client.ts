import type { AgentSpan } from "@llmdevops/dd";
import type { Telemetry } from "./telemetry.ts";
import type { Ticket } from "./ticket.ts";

/** Hands a ticket to the billing service over HTTP; the trace goes on there. */
export function handOffToBilling(
  { datadog, logger }: Telemetry,
  desk: AgentSpan,
  ticket: Ticket,
): Promise<string> {
  const url = `${process.env["BILLING_URL"]}/refunds`;
  const tags = { "peer.service": "billing", "http.method": "POST", "http.url": url };
  const options = {
    childOf: desk,
    kind: "client",
    type: "http",
    resource: "POST /refunds",
  } as const;
  return datadog.trace("http.request", { ...options, tags }, async (span) => {
    const headers = { "content-type": "application/json", "x-agent-run-id": desk.runId };
    const response = await fetch(url, {
      method: "POST",
      headers: datadog.injectContext(headers, span),
      body: JSON.stringify(ticket),
    });
    span.setTag("http.status_code", response.status);
    const billing = datadog.extractContext(response.headers);
    if (billing !== null) datadog.linkAgentSpans(desk, billing);
    const result = (await response.json()) as { readonly decision: string };
    logger.info({ ticket: ticket.id, status: response.status }, "billing answered");
    return result.decision;
  });
}
