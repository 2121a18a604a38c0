import { expect, test } from "vitest";
import { MetricTagSets } from "../src/span/metric-tag-sets.ts";
import type { ModelCall } from "../src/span/model-call.ts";
import { callRecord } from "./support/call-record.ts";

const { call } = callRecord({});

test("calls with the same tags share one frozen object, errors have another", () => {
  const sets = new MetricTagSets();

  const tags = sets.of(call, false, undefined);

  expect(sets.of({ ...call, metricTags: { ...call.metricTags } }, false, undefined)).toBe(tags);
  expect(Object.isFrozen(tags)).toBe(true);
  expect(sets.of(call, false, "timeout")).toEqual({ ...tags, error_type: "timeout" });
  expect(sets.of(call, true, undefined)).toEqual({ ...tags, streaming: true });
});

test("tags that only look alike are different sets", () => {
  const sets = new MetricTagSets();
  const withTags = (metricTags: ModelCall["metricTags"]) =>
    sets.of({ ...call, metricTags }, false, undefined);

  expect(withTags({ a: "1" })).toMatchObject({ a: "1" });
  expect(withTags({ a: 1 })).toMatchObject({ a: 1 });
  expect(withTags({ a: "b", c: "d" })).toMatchObject({ a: "b", c: "d" });
  expect(withTags({ a: "true" })).toMatchObject({ a: "true" });
  expect(withTags({ a: true })).toMatchObject({ a: true });
  expect(withTags({ a: "1 1:b string 1:2" })).toMatchObject({ a: "1 1:b string 1:2" });
  expect(withTags({ a: "1", b: "2" })).toMatchObject({ a: "1", b: "2" });
});

test("no more than 512 sets are kept, and none that is very long", () => {
  const sets = new MetricTagSets();
  const of = (model: string) => sets.of({ ...call, model }, false, undefined);
  const first = of("m0");
  for (let model = 1; model < 512; model += 1) of(`m${model}`);
  expect(of("m0")).toBe(first);

  of("one more");

  expect(of("m0")).not.toBe(first);
  expect(of("m0")).toEqual(first);
  const long = "x".repeat(2_000);
  expect(of(long)).not.toBe(of(long));
});
