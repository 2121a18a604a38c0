import { type ClientOptions, createClient, type DatadogAPMClient } from "@llmdevops/dd";
import { createMockClient, startTestAgent, type TestAgent } from "@llmdevops/dd-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeClientBehaviour } from "./client-behaviour.ts";
import { mockSubject, realSubject } from "./observed.ts";

const settings = {
  service: "shop",
  env: "test",
  version: "1.2.3",
  tags: { team: "search" },
  llmobs: { enabled: true, mlApp: "shop" },
  metrics: { cardinality: { maxSeriesPerMetric: 120 } },
  logger: { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} },
} satisfies ClientOptions;

let agent: TestAgent;
let real: DatadogAPMClient;

beforeAll(async () => {
  agent = await startTestAgent();
  real = createClient({
    ...settings,
    agent: { url: agent.url },
    dogstatsd: { host: "127.0.0.1", port: agent.dogstatsdPort },
  });
});

afterAll(async () => {
  await real.shutdown();
  await agent.stop();
});

describe("the client in memory", () => {
  describeClientBehaviour(() => mockSubject(createMockClient(settings)));
});

describe("the real client and the embedded Agent", () => {
  describeClientBehaviour(() => realSubject(real, agent));
});

test("the client in memory has every method of the real one", () => {
  expect(Object.keys(createMockClient(settings))).toEqual(
    expect.arrayContaining(Object.keys(real)),
  );
});
