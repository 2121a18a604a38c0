import { asCarrier } from "./as-carrier.ts";
import { isRecord } from "./header-text.ts";
import { inertCarrier } from "./inert-carrier.ts";
import { ListCarrier, singleKeyObjectsForm } from "./list-carrier.ts";
import { readableCarrier } from "./readable-carrier.ts";
import type { TraceContextCarrier } from "./trace-context-carrier.ts";

/** Record headers as `kafkajs` has them: values are text, bytes, or arrays of both. */
export type KafkaHeaders = Record<string, unknown>;

/**
 * A carrier over the headers of a Kafka record.
 *
 * Values arrive as bytes and are written as text. Both the object of `kafkajs` and the list of
 * librdkafka's clients are understood.
 *
 * @param headers The record's `headers`; writes go to them.
 * @example
 * ```ts
 * const message = { value: "{}", headers: {} };
 * propagator.inject(context, kafkaCarrier(message.headers));
 * const parent = propagator.extract(kafkaCarrier(received.headers));
 * ```
 */
export function kafkaCarrier(
  headers: KafkaHeaders | KafkaHeaders[] | null | undefined,
): TraceContextCarrier {
  return readableCarrier(() => {
    if (Array.isArray(headers)) return new ListCarrier(headers, singleKeyObjectsForm);
    return isRecord(headers) ? asCarrier(headers) : inertCarrier("the record has no headers");
  });
}
