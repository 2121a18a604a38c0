import { isObject, isRecord } from "./header-text.ts";
import { inertCarrier } from "./inert-carrier.ts";
import { RecordCarrier } from "./record-carrier.ts";
import type { TraceContextCarrier } from "./trace-context-carrier.ts";

/** The part of AMQP 0-9-1 message properties, or of `amqplib`'s publish options, that is needed. */
export interface AmqpProperties {
  /** Headers of the message, by name; the carrier reads and writes its trace context here. */
  headers?: Record<string, unknown> | undefined;
}

/**
 * A carrier over the `headers` table of AMQP message properties.
 *
 * @param properties `message.properties` when consuming, the publish options when producing; a missing
 *   `headers` table is added by the first write.
 * @example
 * ```ts
 * import type { Options } from "amqplib";
 *
 * const options: Options.Publish = { persistent: true };
 * propagator.inject(context, amqpCarrier(options));
 * channel.publish("orders", "created", body, options);
 * ```
 */
export function amqpCarrier(properties: AmqpProperties | null | undefined): TraceContextCarrier {
  if (!isObject(properties)) return inertCarrier("the message has no properties");
  const existing = (): RecordCarrier | undefined =>
    isRecord(properties.headers) ? new RecordCarrier(properties.headers) : undefined;
  return {
    get: (name) => existing()?.get(name),
    set: (name, value) => {
      if (!isRecord(properties.headers)) properties.headers = {};
      new RecordCarrier(properties.headers).set(name, value);
    },
    delete: (name) => existing()?.delete(name),
    keys: () => existing()?.keys() ?? [],
  };
}
