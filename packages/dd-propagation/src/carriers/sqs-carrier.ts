import { isRecord } from "./header-text.ts";
import { inertCarrier } from "./inert-carrier.ts";
import { datadogAttribute, parseTextMap } from "./message-attribute.ts";
import {
  type MessageAttributes,
  type MessageAttributesOptions,
  messageAttributesCarrier,
} from "./message-attributes-carrier.ts";
import { readableCarrier } from "./readable-carrier.ts";
import { RecordCarrier } from "./record-carrier.ts";
import type { TraceContextCarrier } from "./trace-context-carrier.ts";

/** One of these is in every context, whatever its format. */
const contextNames = ["x-datadog-trace-id", "traceparent", "b3", "x-b3-traceid", "baggage"];

/**
 * A carrier over the message attributes of SQS.
 *
 * A message with ten attributes of its own takes no writes; the propagator then reports
 * {@link PropagationFailedError} and the message goes out without a context. Receiving needs
 * `MessageAttributeNames: ["_datadog"]`, or `["All"]`.
 *
 * @param attributes `MessageAttributes` of the message sent or received; writes go to them.
 * @example
 * ```ts
 * const input = { QueueUrl, MessageBody, MessageAttributes: {} };
 * propagator.inject(context, sqsCarrier(input.MessageAttributes));
 * ```
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function sqsCarrier(
  attributes: MessageAttributes | null | undefined,
  options: MessageAttributesOptions = {},
): TraceContextCarrier {
  return readableCarrier(() =>
    messageAttributesCarrier(attributes, options, (text) => ({
      DataType: "String",
      StringValue: text,
    })),
  );
}

/**
 * A carrier to read a received SQS message, also one that came from SNS or EventBridge and holds the context
 * inside its body.
 *
 * @param message A message of the SDK (`Body`, `MessageAttributes`) or a record of Lambda (`body`,
 *   `messageAttributes`). Writes go to the message's own attributes.
 * @example
 * ```ts
 * for (const message of response.Messages ?? []) {
 *   const parent = propagator.extract(sqsMessageCarrier(message));
 * }
 * ```
 */
export function sqsMessageCarrier(message: unknown): TraceContextCarrier {
  return readableCarrier(() => attributesOfMessage(message));
}

function attributesOfMessage(message: unknown): TraceContextCarrier {
  if (!isRecord(message)) return inertCarrier("not a message");
  const { MessageAttributes, messageAttributes, Body, body } = message;
  const attributes = MessageAttributes ?? messageAttributes;
  const own = sqsCarrier(isRecord(attributes) ? attributes : undefined);
  if (!isEmpty(own)) return own;
  const text = Body ?? body;
  return (typeof text === "string" ? envelopeCarrier(parseEnvelope(text)) : undefined) ?? own;
}

/** Attributes of the application's own are not a context. */
function isEmpty(carrier: TraceContextCarrier): boolean {
  return !contextNames.some((name) => carrier.get(name) !== undefined);
}

/** The context inside what SNS or EventBridge wrapped around a message. */
function envelopeCarrier(envelope: Record<string, unknown>): TraceContextCarrier | undefined {
  const { Type, MessageAttributes: published, Message } = envelope;
  if (Type !== "Notification") return eventDetailCarrier(envelope);
  const notification = sqsCarrier(isRecord(published) ? published : undefined);
  if (!isEmpty(notification)) return notification;
  return typeof Message === "string" ? eventDetailCarrier(parseEnvelope(Message)) : undefined;
}

// The largest SQS message is 1 MiB. A body that cannot be an envelope is not parsed.
function parseEnvelope(body: string): Record<string, unknown> {
  if (body.length > 1_048_576 || !/"(?:Notification|detail-type)"/.test(body)) return {};
  return parseTextMap(body, 1_048_576);
}

function eventDetailCarrier({ detail }: Record<string, unknown>): TraceContextCarrier | undefined {
  const headers = isRecord(detail) ? detail[datadogAttribute] : undefined;
  return isRecord(headers) ? new RecordCarrier(headers) : undefined;
}
