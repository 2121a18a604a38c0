import { isRecord } from "./header-text.ts";
import { inertCarrier } from "./inert-carrier.ts";
import { readableCarrier } from "./readable-carrier.ts";
import { RecordCarrier } from "./record-carrier.ts";
import type { TraceContextCarrier } from "./trace-context-carrier.ts";

const key = "_datadog";

/**
 * A carrier over the data of a worker thread or one message to it.
 *
 * The headers are a plain object under the key `_datadog`, which survives the structured clone.
 *
 * @param data The object given as `workerData`, or posted as a message; anything but an object takes no writes.
 * @example
 * ```ts
 * import { Worker } from "node:worker_threads";
 *
 * const workerData = { documentId };
 * propagator.inject(context, workerCarrier(workerData));
 * new Worker(url, { workerData });
 * ```
 */
export function workerCarrier(data: unknown): TraceContextCarrier {
  return readableCarrier(() => headersOfMessage(data));
}

function headersOfMessage(data: unknown): TraceContextCarrier {
  if (!isRecord(data) || Array.isArray(data)) return inertCarrier("the message is no object");
  const headers = (): Record<string, unknown> => (isRecord(data[key]) ? data[key] : {});
  return {
    get: (name) => new RecordCarrier(headers()).get(name),
    set(name, value) {
      const target = headers();
      new RecordCarrier(target).set(name, value);
      data[key] = target;
    },
    delete: (name) => new RecordCarrier(headers()).delete(name),
    keys: () => Object.keys(headers()),
  };
}
