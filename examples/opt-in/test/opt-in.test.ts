import {
  type ProviderServer,
  startProviderServer,
  startTestAgent,
  type TestAgent,
} from "@llmdevops/dd-testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type LocalDatabase, startDatabase } from "../local/start-database.ts";
import { chat, runService } from "./run-service.ts";

const twoVariables = {
  NODE_OPTIONS: "--conditions=@llmdevops/source --import @llmdevops/dd/register",
  DD_LLMDEVOPS_INTEGRATIONS: "http,fastify,pg,openai",
};

let agent: TestAgent;
let database: LocalDatabase;
let provider: ProviderServer;
let service: Readonly<Record<string, string>>;
beforeAll(async () => {
  [agent, database, provider] = await Promise.all([
    startTestAgent(),
    startDatabase(),
    startProviderServer(),
  ]);
  service = {
    // Where the Agent and the provider are; both are found by default outside of this test.
    ...agent.env,
    DATABASE_URL: database.url,
    OPENAI_API_KEY: "none",
    OPENAI_BASE_URL: provider.baseUrls.openai,
  };
}, 60_000);
beforeEach(() => agent.clear());
afterAll(() => Promise.all([agent.stop(), database.stop(), provider.stop()]));

test("with two variables a request is one trace from HTTP to the database and the model", async () => {
  provider.respond({ provider: "openai" }, { text: "Within 30 days." });
  const { url, stop } = await runService({ ...service, ...twoVariables });

  expect(await chat(url, "When may I return it?")).toEqual({ answer: "Within 30 days." });
  const errors = await stop();

  await agent.waitFor({ spans: ({ name }) => name === "fastify.request" });
  const served = agent.spans().find(({ name }) => name === "fastify.request");
  expect(served).toMatchObject({
    service: "@llmdevops/example-opt-in",
    resource: "POST /chats/:chat",
    meta: { "http.status_code": "200" },
  });
  const trace = agent.spans().filter(({ traceId }) => traceId === served?.traceId);
  const names = trace.map(({ name }) => name);
  expect(names).toContain("openai.request");
  expect(names.filter((name) => name === "pg.query")).toHaveLength(3);
  expect(errors.trim().split("\n")).toEqual([
    expect.stringContaining("spans: manual, http, fastify, pg, openai; LLM Observability: off"),
  ]);
}, 60_000);

test("with DD_LLMOBS_ENABLED as well the model call is in LLM Observability, without its content", async () => {
  provider.respond({ provider: "openai" }, { text: "Within 30 days." });
  const { url, stop } = await runService({
    ...service,
    ...twoVariables,
    DD_LLMOBS_ENABLED: "1",
    DD_LLMOBS_ML_APP: "opt-in-chat",
  });

  await chat(url, "When may I return it?");
  await stop();

  await agent.waitFor({ llmobsSpans: 1 });
  const [observed] = agent.llmobsSpans();
  expect(observed).toMatchObject({ kind: "llm", status: "ok" });
  expect(observed?.tags).toContain("ml_app:opt-in-chat");
  expect(JSON.stringify(observed)).not.toMatch(/return it|30 days/);
}, 60_000);

test("without them it works the same and nothing is recorded or said", async () => {
  provider.respond({ provider: "openai" }, { text: "Within 30 days." });
  const { url, stop } = await runService(service);

  expect(await chat(url, "When may I return it?")).toEqual({ answer: "Within 30 days." });
  expect(await stop()).toBe("");
  expect([agent.spans(), agent.metrics(), agent.requests()]).toEqual([[], [], []]);
}, 60_000);
