import { expect, test } from "vitest";
import { type ProviderRequest, startProviderServer } from "../../src/index.ts";
import { ownValue } from "../../src/provider/json-value.ts";
import { openRecord } from "../../src/provider/recorded-request.ts";
import { RequestLog } from "../../src/provider/request-log.ts";
import { RequestWaiters } from "../../src/provider/request-waiters.ts";
import { tokenUsage } from "../../src/provider/token-usage.ts";
import { UsageTotals } from "../../src/provider/usage-totals.ts";
import { ask, barrier, post, readAll, useProviderServer } from "./provider-fixture.ts";

const anyRequest: ProviderRequest = {
  sequence: 1,
  provider: "openai",
  endpoint: "chat.completions",
  method: "POST",
  path: "/v1/chat/completions",
  headers: {},
  body: {},
  model: "",
  streamed: false,
  inputText: "",
  lastUserText: "",
};

const fixture = useProviderServer({ now: () => 1_700_000_000_000 });

test("a record tells what was asked and what was answered", async () => {
  fixture.server.enqueue({ text: "one two", model: "claude-test-2026", usage: { inputTokens: 9 } });

  await fixture.anthropic.messages.stream(ask.messages).finalMessage();

  const [record] = fixture.server.requests();
  expect(record).toMatchObject({
    sequence: 1,
    provider: "anthropic",
    endpoint: "messages",
    method: "POST",
    path: "/v1/messages",
    body: { ...ask.messages, stream: true },
    model: "claude-test",
    responseModel: "claude-test-2026",
    streamed: true,
    inputText: "What is new?",
    receivedAt: 1_700_000_000_000,
    status: 200,
    outcome: "completed",
    failure: undefined,
    chunksSent: 2,
    eventsSent: 8,
    abortedAtChunk: undefined,
    usageSent: tokenUsage({ inputTokens: 9, outputTokens: 2 }),
  });
});

test("credentials in headers and query strings are redacted", async () => {
  const headers = {
    authorization: "Bearer secret-1",
    "x-api-key": "secret-2",
    "api-key": "secret-3",
    "x-goog-api-key": "secret-4",
    cookie: "secret-5",
    "x-harmless": "kept",
  };

  await post(
    `${fixture.server.url}/v1beta/models/m:generateContent?key=secret-6&alt=json`,
    {},
    {
      headers,
    },
  );

  const [record] = fixture.server.requests();
  expect(JSON.stringify(record)).not.toContain("secret");
  expect(record?.headers).toMatchObject({ authorization: "[redacted]", "x-harmless": "kept" });
  expect(record?.path).toBe("/v1beta/models/m:generateContent?key=[redacted]&alt=json");
});

test("a path with a broken percent escape is kept as it came", async () => {
  const path = "/v1beta/models/%zz:generateContent?alt=%zz";

  const response = await post(fixture.server.url + path, { contents: [] });

  expect(response.status).toBe(200);
  expect(fixture.server.requests()[0]).toMatchObject({ path, model: "%zz" });
});

test("tuned models and publisher paths name their model", async () => {
  for (const folder of ["tunedModels", "projects/p/publishers/google/models"]) {
    await post(`${fixture.server.url}/v1beta/${folder}/mine:generateContent`, { contents: [] });
  }

  expect(fixture.server.requests().map(({ model }) => model)).toEqual(["mine", "mine"]);
});

test("records and their bodies cannot be changed", async () => {
  await fixture.anthropic.messages.create(ask.messages);

  const [record] = fixture.server.requests();
  const { messages } = (record?.body ?? {}) as typeof ask.messages;

  expect(record?.outcome).toBe("completed");
  expect(Object.isFrozen(record)).toBe(true);
  expect(Object.isFrozen(record?.headers)).toBe(true);
  expect(Object.isFrozen(messages[0])).toBe(true);
});

test("a body with hostile names is only data", async () => {
  const body =
    '{"model":"m","max_tokens":1,"messages":[],"__proto__":{"stream":true},"constructor":1}';

  const response = await post(`${fixture.server.url}/v1/messages`, "", { body });

  expect(response.headers.get("content-type")).toBe("application/json");
  expect(fixture.server.requests()[0]).toMatchObject({ streamed: false, outcome: "completed" });
  expect(({} as { stream?: boolean }).stream).toBeUndefined();
});

test("a deeply nested body is read without harm", async () => {
  const depth = 50_000;
  const nested = "[".repeat(depth) + "]".repeat(depth);
  const body = `{"model":"m","max_tokens":1,"messages":[{"role":"user","content":${nested}}]}`;

  const response = await post(`${fixture.server.url}/v1/messages`, "", { body });

  expect(response.status).toBe(200);
});

test("usage adds up by provider and by the model that answered", async () => {
  const usage = { inputTokens: 10, outputTokens: 4 };
  fixture.server.respond({}, { text: "x", usage });
  fixture.server.enqueue({ text: "x", usage, model: "claude-other" });

  for (let request = 0; request < 3; request += 1) {
    await fixture.anthropic.messages.create(ask.messages);
  }
  await fixture.openai.responses.create(ask.response);

  expect(fixture.server.usageSent()).toEqual([
    { provider: "anthropic", model: "claude-other", requests: 1, usage: tokenUsage(usage) },
    {
      provider: "anthropic",
      model: "claude-test",
      requests: 2,
      usage: tokenUsage({ inputTokens: 20, outputTokens: 8 }),
    },
    { provider: "openai", model: "gpt-test", requests: 1, usage: tokenUsage(usage) },
  ]);
});

test("a request in progress has no part in the totals", async () => {
  const gate = barrier();
  fixture.server.enqueue({ text: "one", gate: () => gate.opened });

  const stream = await fixture.anthropic.messages.create({ ...ask.messages, stream: true });
  const before = fixture.server.usageSent();
  gate.open();
  await readAll(stream);

  expect(before).toEqual([]);
  expect(fixture.server.usageSent()).toHaveLength(1);
});

test("clear forgets requests, totals and scripts, also of a request in progress", async () => {
  const gate = barrier();
  fixture.server.enqueue({ text: "one", gate: () => gate.opened }, { text: "forgotten" });

  const stream = await fixture.anthropic.messages.create({ ...ask.messages, stream: true });
  fixture.server.clear();
  gate.open();
  await readAll(stream);

  expect(fixture.server.requests()).toEqual([]);
  expect(fixture.server.usageSent()).toEqual([]);
  const message = await fixture.anthropic.messages.create(ask.messages);
  expect(message.content).toMatchObject([{ text: "Echo: What is new?" }]);
});

test("only the newest requests are remembered, and the totals are of all", async () => {
  const server = await startProviderServer({ maxRequests: 2 });
  try {
    for (let request = 0; request < 5; request += 1) {
      await post(`${server.url}/v1/messages`, ask.messages);
    }
    expect(server.requests().map(({ sequence }) => sequence)).toEqual([4, 5]);
    expect(server.droppedRequests()).toBe(3);
    expect(server.usageSent()).toMatchObject([{ requests: 5 }]);
  } finally {
    await server.stop();
  }
});

test("the remembered bytes are bounded", async () => {
  const server = await startProviderServer({ maxLogBytes: 10_000 });
  try {
    for (let request = 0; request < 4; request += 1) {
      await post(`${server.url}/v1/messages`, { ...ask.messages, padding: "x".repeat(2000) });
    }
    expect(server.requests().map(({ sequence }) => sequence)).toEqual([4]);
    expect(server.droppedRequests()).toBe(3);
  } finally {
    await server.stop();
  }
});

test("a settled request counts once, before its record is closed and after", () => {
  const log = new RequestLog(10, 10_000);
  const record = openRecord({ ...anyRequest, model: "gpt-test" }, 0);
  const usage = tokenUsage({ inputTokens: 1 });
  log.open(record, 1);
  Object.assign(record, { usageSent: usage, outcome: "completed" });
  const before = log.totals();

  log.close(record);
  log.close(record);
  record.usageSent = tokenUsage({ inputTokens: 99 });

  expect(before).toEqual([{ provider: "openai", model: "gpt-test", requests: 1, usage }]);
  expect(log.totals()).toEqual(before);
});

test("inherited names are no fields of a body", () => {
  expect(ownValue({}, "constructor")).toBeUndefined();
  expect(ownValue([1], "length")).toBeUndefined();
});

test("totals beyond a thousand models share one name", () => {
  const totals = new UsageTotals();
  for (let model = 0; model < 1002; model += 1) {
    totals.add("openai", `model-${model}`, tokenUsage({ inputTokens: 1 }));
  }
  totals.add("openai", "model-0", tokenUsage({ inputTokens: 1 }));

  const values = totals.values();

  expect(values).toHaveLength(1001);
  expect(values[0]).toMatchObject({ model: "model-0", requests: 2 });
  expect(values.at(-1)).toMatchObject({ model: "(other)", requests: 2 });
});

test("waiting ends with an error after its time or when the server stops", async () => {
  const server = await startProviderServer();
  const late = server.waitForRequest(() => true, { timeoutMs: 1 });
  await expect(late).rejects.toThrow("No matching request in 1 ms; 0 requests recorded.");

  const stopped = expect(server.waitForRequest(() => true)).rejects.toThrow(/was stopped/);
  await server.stop();
  await stopped;
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
  "a wait of %s ms is refused",
  async (timeoutMs) => {
    await expect(fixture.server.waitForRequest(() => true, { timeoutMs })).rejects.toThrow(
      RangeError,
    );
  },
);

test("a predicate that throws rejects its own wait only", async () => {
  const waiters = new RequestWaiters(() => fixture.server.requests());
  await fixture.anthropic.messages.create(ask.messages);

  const broken = waiters.wait(() => {
    throw new Error("bad predicate");
  });

  await expect(broken).rejects.toThrow("bad predicate");
  expect(await waiters.wait(() => true)).toMatchObject({ outcome: "completed" });
});
