import type { ReplyPlan } from "../reply-plan.ts";
import type { MidStreamFailure, WireEncoder } from "../wire-encoder.ts";
import { openaiEnvelope } from "./openai-envelope.ts";
import { responsesCarried } from "./openai-usage.ts";
import { responseEvents, typedEvent } from "./response-events.ts";
import { closedResponse, openResponse } from "./response-object.ts";

function errorEvent(failure: MidStreamFailure, plan: ReplyPlan): string {
  const { error, script, eventsSent } = failure;
  if (script.responsesEvent === "error") {
    const detail = {
      type: error.type,
      code: error.code,
      message: error.message,
      param: error.param,
    };
    return typedEvent("error", eventsSent, { error: detail });
  }
  const code = error.code ?? "server_error";
  const response = {
    ...openResponse(plan),
    status: "failed",
    error: { code, message: error.message },
  };
  return typedEvent("response.failed", eventsSent, { response });
}

/**
 * Writes OpenAI Responses.
 *
 * Source: https://platform.openai.com/docs/api-reference/responses
 */
export const responsesEncoder: WireEncoder = {
  ...openaiEnvelope,
  body: (plan) => ({
    value: { ...closedResponse(plan), billing: { payer: "developer" } },
    usage: responsesCarried(plan.usage),
  }),
  events: responseEvents,
  errorEvent,
};
