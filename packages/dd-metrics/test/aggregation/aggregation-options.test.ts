import { expect, test } from "vitest";
import { resolveAggregationOptions } from "../../src/aggregation/aggregation-options.ts";

test("values share lines by default, and all names are gathered", () => {
  const { packValues, gathers } = resolveAggregationOptions(undefined, {});

  expect([packValues, gathers("any")]).toEqual([true, true]);
});

test.for([
  { AWS_LAMBDA_FUNCTION_NAME: "checkout" },
  { FUNCTIONS_EXTENSION_VERSION: "~4", FUNCTIONS_WORKER_RUNTIME: "node" },
  { K_SERVICE: "checkout", FUNCTION_TARGET: "handle" },
  { FUNCTION_NAME: "checkout", GCP_PROJECT: "shop" },
])("each value has a line of its own in a function of the cloud, unless asked: %j", (variables) => {
  expect(resolveAggregationOptions({}, variables).packValues).toBe(false);
  expect(resolveAggregationOptions({ packValues: true }, variables).packValues).toBe(true);
});

test.for([{ K_SERVICE: "checkout" }, { FUNCTION_NAME: "f" }, { FUNCTIONS_WORKER_RUNTIME: "node" }])(
  "one of two marks makes no function: %j",
  (variables) => {
    expect(resolveAggregationOptions({}, variables).packValues).toBe(true);
  },
);
