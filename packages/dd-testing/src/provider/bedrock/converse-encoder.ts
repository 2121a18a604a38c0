import type { ReplyPlan } from "../reply-plan.ts";
import { serverSentEvent } from "../server-sent-event.ts";
import type { WireEncoder, WireEvent } from "../wire-encoder.ts";
import { bedrockEnvelope, padded } from "./bedrock-envelope.ts";
import { bedrockCarried, converseUsage } from "./bedrock-usage.ts";
import { converseEvents, converseMessage, converseStopReason } from "./converse-message.ts";

const metrics = { latencyMs: 1 };

function* events(plan: ReplyPlan): Generator<WireEvent> {
  for (const { name, payload, kind } of converseEvents(plan)) {
    yield { text: serverSentEvent(padded(payload), name), kind };
  }
  const metadata = padded({ metrics, usage: converseUsage(plan.usage) });
  yield {
    text: serverSentEvent(metadata, "metadata"),
    kind: "closing",
    usage: bedrockCarried(plan.usage),
  };
}

/**
 * Writes Converse and ConverseStream of Amazon Bedrock.
 *
 * Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html and
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html
 */
export const converseEncoder: WireEncoder = {
  ...bedrockEnvelope,
  body: (plan) => ({
    value: {
      metrics,
      output: { message: converseMessage(plan) },
      stopReason: converseStopReason(plan),
      usage: converseUsage(plan.usage),
    },
    usage: bedrockCarried(plan.usage),
  }),
  events,
};
