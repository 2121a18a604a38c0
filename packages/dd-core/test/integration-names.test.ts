import { expect, test } from "vitest";
import { wrappedBuiltIns } from "../src/dd-trace/integrations.ts";
import { ConfigurationError, knownIntegrations, resolveConfiguration } from "../src/index.ts";

const integrationsOf = (text: string | undefined) =>
  resolveConfiguration({ service: "s" }, { DD_LLMDEVOPS_INTEGRATIONS: text }).integrations;

test("no integration is on unless one is named", () => {
  expect(integrationsOf(undefined)).toEqual([]);
  expect(integrationsOf("  ")).toEqual([]);
});

test("names may be separated by commas and blanks, in any case, and repeated", () => {
  expect(integrationsOf("http, Fastify\n pg,,http")).toEqual(["http", "fastify", "pg"]);
});

test("the option beats the variable, and the report says where the names came from", () => {
  const environment = { DD_LLMDEVOPS_INTEGRATIONS: "http,pg" };
  const byVariable = resolveConfiguration({ service: "s" }, environment);
  const byOption = resolveConfiguration({ service: "s", integrations: ["net"] }, environment);

  expect(byVariable.settings["integrations"]).toEqual({
    value: "http,pg",
    source: "environment",
    variable: "DD_LLMDEVOPS_INTEGRATIONS",
  });
  expect(byOption.integrations).toEqual(["net"]);
  expect(byOption.settings["integrations"]?.source).toBe("option");
  expect(Object.isFrozen(byOption.integrations)).toBe(true);
});

test("the number and the length of names are bounded", () => {
  const many = Array.from({ length: 1_000 }, (_, index) => `n${index}`).join(",");

  expect(integrationsOf(many)).toHaveLength(200);
  expect(integrationsOf("x".repeat(100_000))[0]).toHaveLength(214);
});

test.each([["http"], [{ http: true }], [[1]], [null]])(
  "an option that is no list of texts is refused: %j",
  (integrations) => {
    const options = { service: "s", integrations } as object;

    expect(() => resolveConfiguration(options, {})).toThrow(ConfigurationError);
  },
);

test("dd-trace's own integrations can be named, those of its test mode cannot", () => {
  const known = knownIntegrations();

  expect(known).toEqual(expect.arrayContaining(["anthropic", "fastify", "http", "openai", "pg"]));
  expect(known).not.toContain("jest");
  expect(known).toEqual([...known].sort());
});

test("an integration has all of Node's modules wrapped that it needs, and no others", () => {
  expect([...wrappedBuiltIns(["http", "dns", "pg"])]).toEqual([
    "http",
    "https",
    "dns",
    "dns/promises",
    "pg",
  ]);
});
