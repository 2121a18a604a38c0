import { ConfigurationError, createClient, silentLogger } from "@llmdevops/dd";
import { expect, test } from "vitest";

test.each([
  ["metrics", 5],
  ["metrics", null],
  ["dogstatsd", null],
  ["dogstatsd", { socketPath: 5 }],
  ["content", "full"],
  ["tagConventions", 5],
  ["prices", 5],
  ["recordAgentContent", "yes"],
  ["selfTelemetryIntervalMs", -1],
])("a client with %s = %j is refused, and the error names the option", (name, value) => {
  const create = () => createClient({ service: "shop", logger: silentLogger, [name]: value });

  expect(create).toThrow(ConfigurationError);
  expect(create).toThrow(name);
});
