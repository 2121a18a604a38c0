import { fetchHeadersCarrier, isFetchHeaders } from "./fetch-headers-carrier.ts";
import { grpcCarrier, isGrpcMetadata } from "./grpc-carrier.ts";
import { isRecord } from "./header-text.ts";
import { inertCarrier } from "./inert-carrier.ts";
import {
  ListCarrier,
  type ListForm,
  pairsForm,
  rawHeadersForm,
  singleKeyObjectsForm,
} from "./list-carrier.ts";
import { MapCarrier } from "./map-carrier.ts";
import { isOutgoingMessage, OutgoingMessageCarrier } from "./outgoing-message-carrier.ts";
import { readableCarrier } from "./readable-carrier.ts";
import { RecordCarrier } from "./record-carrier.ts";
import type { TraceContextCarrier } from "./trace-context-carrier.ts";

/**
 * Reads almost any shape of headers as a carrier; writes go to the original.
 *
 * @param input A carrier, a plain object (values may be strings, arrays or bytes), `Headers`, a `Map`, Node's
 *   `rawHeaders`, pairs of name and value, an outgoing HTTP message or gRPC metadata. Anything else, for
 *   example `null`, gives a carrier that is empty and takes no writes.
 * @example
 * ```ts
 * asCarrier(request.rawHeaders).get("traceparent");
 * ```
 */
export function asCarrier(input: unknown): TraceContextCarrier {
  return readableCarrier(() => carrierOf(input));
}

/** The same; throws what a getter or a proxy trap of the input throws, so that it can be counted. */
export function carrierOf(input: unknown): TraceContextCarrier {
  if (!isRecord(input)) return inertCarrier("not an object");
  if (Array.isArray(input)) return new ListCarrier(input, formOf(input));
  if (input instanceof Map) return new MapCarrier(input);
  if (isFetchHeaders(input)) return fetchHeadersCarrier(input);
  if (isGrpcMetadata(input)) return grpcCarrier(input);
  if (isOutgoingMessage(input)) return new OutgoingMessageCarrier(input);
  return isCarrier(input) ? input : new RecordCarrier(input);
}

function formOf(list: readonly unknown[]): ListForm {
  const first = list[0];
  if (Array.isArray(first)) return pairsForm;
  return isRecord(first) ? singleKeyObjectsForm : rawHeadersForm;
}

function isCarrier(input: object): input is TraceContextCarrier {
  return ["get", "set", "keys"].every((method) => typeof Reflect.get(input, method) === "function");
}
