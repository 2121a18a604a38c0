import { expect, test } from "vitest";
import type { SamplingOptions } from "../../src/configuration/core-options.ts";
import { resolveConfiguration } from "../../src/index.ts";

const resolve = (sampling: SamplingOptions, environment: Record<string, string> = {}) =>
  resolveConfiguration({ service: "checkout", sampling }, environment).sampling;

test("rules come from the option, else from the variable in Datadog's spelling", () => {
  const rules = [{ name: "order.*", sampleRate: 0.5, maxPerSecond: 10 }];
  const text = JSON.stringify([
    {
      service: "a",
      tags: { tier: "1" },
      sample_rate: 0.1,
      max_per_second: 3,
      provenance: "customer",
    },
    { resource: "GET /health" },
  ]);

  expect(resolve({ rules }, { DD_TRACE_SAMPLING_RULES: text }).rules).toEqual(rules);
  expect(resolve({}, { DD_TRACE_SAMPLING_RULES: text }).rules).toEqual([
    { service: "a", tags: { tier: "1" }, sampleRate: 0.1, maxPerSecond: 3 },
    { resource: "GET /health", sampleRate: 1 },
  ]);
  expect(resolve({}, { DD_SPAN_SAMPLING_RULES: text }).spanRules).toHaveLength(2);
});

test("the caller's rules are copied, not kept", () => {
  const rule = { name: "a", sampleRate: 0.5, tags: { tier: "1" } };
  const [read] = resolve({ rules: [rule] }).rules;
  rule.sampleRate = 1;
  rule.tags.tier = "2";

  expect(read).toEqual({ name: "a", sampleRate: 0.5, tags: { tier: "1" } });
  expect(Object.isFrozen(read)).toBe(true);
});

test.each([
  ["no list", { rules: {} }],
  ["no rule", { rules: [null] }],
  ["a rate above 1", { rules: [{ sampleRate: 1.5 }] }],
  ["a rate that is no number", { rules: [{ sampleRate: "all" }] }],
  ["an unknown part", { rules: [{ serviceName: "a", sampleRate: 1 }] }],
  ["a pattern that is no text", { rules: [{ name: /a/, sampleRate: 1 }] }],
  ["a tag that is no text", { rules: [{ tags: { a: 1 }, sampleRate: 1 }] }],
  ["tags that are none", { rules: [{ tags: "a:1", sampleRate: 1 }] }],
  ["no room for any", { rules: [{ sampleRate: 1, maxPerSecond: 0 }] }],
  ["too many", { rules: Array.from({ length: 257 }, () => ({ sampleRate: 1 })) }],
  ["no target", { targetTracesPerSecond: 0 }],
  ["no flag", { keepErrors: "yes" }],
])("%s is refused at construction, naming the setting", (_what, sampling) => {
  expect(() => resolve(sampling as unknown as SamplingOptions)).toThrow(
    expect.objectContaining({
      name: "ConfigurationError",
      message: expect.stringContaining("sampling."),
    }),
  );
});

test("a variable that holds no JSON is refused without being shown", () => {
  const text = "sk-ant-api03-secret";
  const attempt = () => resolve({}, { DD_TRACE_SAMPLING_RULES: text });

  expect(attempt).toThrow("DD_TRACE_SAMPLING_RULES");
  expect(attempt).not.toThrow(text);
});
