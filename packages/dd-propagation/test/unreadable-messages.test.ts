import { describe, expect, test } from "vitest";
import {
  asCarrier,
  eventBridgeCarrier,
  HeaderCarrier,
  kafkaCarrier,
  snsCarrier,
  sqsCarrier,
  sqsMessageCarrier,
  type TraceContextCarrier,
  workerCarrier,
} from "../src/index.ts";

const refuse = (): never => {
  throw new Error("planned");
};
const revokedProxy = (target: object): never => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy as never;
};
const carriers: readonly (readonly [string, (message: never) => TraceContextCarrier])[] = [
  ["asCarrier", asCarrier],
  ["kafkaCarrier", kafkaCarrier],
  ["sqsCarrier", sqsCarrier],
  ["sqsMessageCarrier", sqsMessageCarrier],
  ["snsCarrier", snsCarrier],
  ["eventBridgeCarrier", eventBridgeCarrier],
  ["workerCarrier", workerCarrier],
  ["HeaderCarrier", (init) => new HeaderCarrier(init)],
];

describe.each(carriers)("%s of a message that cannot be read", (_, carrierOf) => {
  test("has no headers, and does not throw", () => {
    for (const message of [revokedProxy({}), revokedProxy([])]) {
      const carrier = carrierOf(message);

      expect(carrier.get("traceparent")).toBeUndefined();
      expect([...(carrier.keys() ?? [])]).toEqual([]);
    }
  });
});

test("the headers before one that cannot be read are kept", () => {
  const headers = Object.defineProperty({ first: "1" }, "second", {
    enumerable: true,
    get: refuse,
  });
  function* pairs(): Generator<[string, string]> {
    yield ["first", "1"];
    refuse();
  }

  expect(new HeaderCarrier(pairs()).toObject()).toEqual({ first: "1" });
  expect(new HeaderCarrier(headers).toObject()).toEqual({});
});
