import {
  type MessageAttributes,
  type MessageAttributesOptions,
  messageAttributesCarrier,
} from "./message-attributes-carrier.ts";
import { readableCarrier } from "./readable-carrier.ts";
import type { TraceContextCarrier } from "./trace-context-carrier.ts";

const encoder = new TextEncoder();

/**
 * A carrier over the message attributes of SNS.
 *
 * As for SQS, with the JSON as a binary attribute: subscription filters cannot read it, and Datadog's consumers
 * expect it so.
 *
 * @param attributes `MessageAttributes` of the message to publish, or of a notification received.
 * @example
 * ```ts
 * const input = { TopicArn, Message, MessageAttributes: {} };
 * propagator.inject(context, snsCarrier(input.MessageAttributes));
 * ```
 */
export function snsCarrier(
  attributes: MessageAttributes | null | undefined,
  options: MessageAttributesOptions = {},
): TraceContextCarrier {
  return readableCarrier(() =>
    messageAttributesCarrier(attributes, options, (text) => ({
      DataType: "Binary",
      BinaryValue: encoder.encode(text),
    })),
  );
}
