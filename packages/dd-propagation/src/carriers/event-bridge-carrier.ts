import { isRecord } from "./header-text.ts";
import { inertCarrier } from "./inert-carrier.ts";
import { datadogAttribute } from "./message-attribute.ts";
import { readableCarrier } from "./readable-carrier.ts";
import { RecordCarrier } from "./record-carrier.ts";
import type { TraceContextCarrier } from "./trace-context-carrier.ts";

/** EventBridge: an event is at most 1 MiB (256 KiB until 2026). */
const longestDetail = 1_048_576;

/**
 * A carrier over an EventBridge event, with the headers in the property `_datadog` of its detail.
 *
 * @param event An entry for `PutEvents` (`Detail` is JSON text, and is replaced by a write) or an event
 *   received (`detail` is an object). An entry whose detail is not a JSON object takes no writes.
 * @example
 * ```ts
 * const entry = { Source: "shop", DetailType: "order", Detail: JSON.stringify(order) };
 * propagator.inject(context, eventBridgeCarrier(entry));
 * ```
 */
export function eventBridgeCarrier(event: unknown): TraceContextCarrier {
  return readableCarrier(() => headersOfEvent(event));
}

function headersOfEvent(event: unknown): TraceContextCarrier {
  if (!isRecord(event)) return inertCarrier("not an event");
  const { Detail: text, detail: received } = event;
  const detail = typeof text === "string" ? parseDetail(text) : received;
  if (!isRecord(detail) || Array.isArray(detail))
    return inertCarrier("the detail is no JSON object");
  const headers = isRecord(detail[datadogAttribute]) ? detail[datadogAttribute] : {};
  const carrier = new RecordCarrier(headers);
  const store = (): void => {
    detail[datadogAttribute] = headers;
    if (typeof text === "string") Object.assign(event, { Detail: JSON.stringify(detail) });
  };
  return {
    get: (name) => carrier.get(name),
    set(name, value) {
      carrier.set(name, value);
      store();
    },
    delete(name) {
      if (carrier.get(name) === undefined) return;
      carrier.delete(name);
      store();
    },
    keys: () => carrier.keys(),
  };
}

function parseDetail(text: string): unknown {
  if (text.length > longestDetail) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
