import { expect, test } from "vitest";
import * as surface from "../src/index.ts";

test("the package exports exactly these values", () => {
  expect(Object.keys(surface).sort()).toMatchInlineSnapshot(`
    [
      "ConfigurationError",
      "HeaderCarrier",
      "InvalidTraceContextError",
      "PropagationError",
      "PropagationFailedError",
      "amqpCarrier",
      "asCarrier",
      "contextFromHex",
      "createChildContext",
      "createPropagator",
      "createRootContext",
      "decimalToHex",
      "environmentCarrier",
      "eventBridgeCarrier",
      "generateSpanId",
      "generateTraceId",
      "grpcCarrier",
      "hasTraceId",
      "hexToDecimal",
      "kafkaCarrier",
      "mcpCarrier",
      "sampleByTraceId",
      "snsCarrier",
      "sqsCarrier",
      "sqsMessageCarrier",
      "traceIdFromHex",
      "traceIdToHex",
      "traceIdUpperHex",
      "withSamplingDecision",
      "workerCarrier",
    ]
  `);
});
