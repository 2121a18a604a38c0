import { createClient, type Logger, markDeployment } from "@llmdevops/dd";
import { bunyanStream, createJSONLogger, pinoOptions, winstonFormat } from "@llmdevops/dd-core";
import { startTestAgent } from "@llmdevops/dd-testing";
import { afterAll, expect, test } from "vitest";
import { PlantedSecrets } from "./planted-secrets.ts";
import { startRecordingRelay } from "./recording-relay.ts";

const secrets = new PlantedSecrets();
const plant = (entry: string) => secrets.plant(entry);
const errorWith = (entry: string) => secrets.errorWith(entry);
const leaks = (text: string) => secrets.leaks(text);

const diagnostics: string[] = [];
const logLines: string[] = [];
const note = (message: string) => void diagnostics.push(message);
const logger: Logger = { error: note, warn: note, info: note, debug: note, trace: note };

process.env["DD_TAGS"] = `owner:${plant("DD_TAGS")}`;
const agent = await startTestAgent();
const relay = await startRecordingRelay(agent);
const client = createClient({
  service: "vault",
  env: "test",
  version: "1.2.3",
  tags: { contact: plant("tags"), api_key: plant("tag under a sensitive key") },
  agent: { url: relay.url },
  dogstatsd: { host: "127.0.0.1", port: relay.dogstatsdPort },
  llmobs: { enabled: true, mlApp: "vault" },
  content: { mode: "full" },
  logger,
  onError: (error) => diagnostics.push(String(error), String(error.stack)),
});
delete process.env["DD_TAGS"];
afterAll(async () => {
  await relay.stop();
  await agent.stop();
});

function plantInSpans(): void {
  const linked = client.startSpan("linked");
  const span = client.startSpan(plant("span name"), {
    resource: plant("resource"),
    service: plant("service"),
    type: plant("type"),
    tags: {
      plain: plant("start tag"),
      [plant("start tag's key")]: 1,
      nested: { deep: [{ mail: plant("nested start tag") }] },
      password: plant("start tag under a sensitive key"),
      error: errorWith("start tag error"),
    },
    links: [{ context: linked, attributes: { note: plant("start link") } }],
    baggage: { user: plant("baggage"), secret: plant("baggage under a sensitive key") },
  });
  span.setTag("plain", plant("setTag"));
  span.setTag(plant("setTag's key"), true);
  span.setTag("map", new Map([["mail", plant("setTag with a Map")]]));
  span.setTag("url", new URL(`https://ada:${plant("setTag with a URL")}@host/`));
  span.setTags({ json: JSON.stringify({ mail: plant("setTags with JSON") }) });
  span.setTag("resource.name", plant("resource.name")).setTag("span.type", plant("span.type"));
  span.setError(errorWith("setError"));
  span.setError(errorWith("setError, handled"), { handled: true });
  span.setError(plant("setError with a text"));
  span.addEvent(plant("event name"), {
    note: plant("event attribute"),
    list: [plant("event list")],
    [plant("event key")]: 1,
  });
  span.addLink(linked, { note: plant("addLink"), [plant("addLink's key")]: 1 });
  linked.finish();
  const headers = client.injectContext<Record<string, string>>({}, span);
  expect(leaks(JSON.stringify(headers)), "in the headers to the next service").toEqual([]);
  client.extractContext({ "x-datadog-trace-id": plant("malformed header"), traceparent: "x" });
  span.finish();
}

/** A context that no extraction has made, and that says more than an id. */
const contextWith = (entry: string) => ({
  traceId: "11",
  traceIdHex: "0000000000000000000000000000000b",
  spanId: "22",
  samplingPriority: 2,
  origin: plant(`${entry}: origin`),
  traceState: [["vendor", plant(`${entry}: tracestate`)]] as const,
  tags: { "_dd.p.note": plant(`${entry}: tag`), "baggage.user.id": plant(`${entry}: user`) },
  baggage: { mail: plant(`${entry}: baggage`), [plant(`${entry}: baggage key`)]: "1" },
});

function plantInContexts(): void {
  const childOf = contextWith("parent");
  const span = client.startSpan("remote child", {
    childOf,
    links: [{ context: contextWith("link") }],
  });
  span.addLink(contextWith("addLink's context"));
  const headers = client.injectContext<Record<string, string>>({}, span);
  expect(leaks(JSON.stringify(headers)), "in the headers to the next service").toEqual([]);
  expect(leaks(JSON.stringify(span.context())), "in the span's context").toEqual([]);
  span.finish();
}

function plantInDeployments(): void {
  markDeployment(client, {
    kind: "rollback",
    version: plant("deployment version"),
    previousVersion: plant("deployment previous version"),
    id: plant("deployment id"),
    strategy: plant("deployment strategy"),
    reason: plant("deployment reason"),
    commitSha: plant("deployment commit"),
    repositoryUrl: `https://ada:${plant("deployment repository")}@code.example.com/x.git`,
    rollsBack: contextWith("deployment taken back"),
    traces: [contextWith("deployment's trace")],
  });
}

async function plantInTraces(): Promise<void> {
  const sync = errorWith("trace, thrown");
  expect(() =>
    client.trace("sync", () => {
      throw sync;
    }),
  ).toThrow(sync);
  const rejected = errorWith("trace, rejected");
  await expect(client.trace("async", () => Promise.reject(rejected))).rejects.toBe(rejected);
}

function plantInMetrics(): void {
  client.increment("plain", 1, {
    mail: plant("metric tag"),
    [plant("metric tag's key")]: "a",
    password: plant("metric tag under a sensitive key"),
  });
  client.distribution("durations", 1, { who: plant("distribution tag") });
  client.set("visitors", plant("value of a set"));
  client.increment(plant("metric name"));
  client.event(plant("event title"), {
    text: plant("event text"),
    aggregationKey: plant("event aggregation key"),
    tags: { mail: plant("event tag") },
  });
  client.serviceCheck("vault.up", "ok", {
    message: plant("service check message"),
    tags: { mail: plant("service check tag") },
  });
}

async function plantInModelCalls(): Promise<void> {
  await client.traceLLM(
    {
      name: plant("LLM span name"),
      provider: "anthropic",
      model: plant("model"),
      tags: { note: plant("LLM tag") },
      metricTags: { team: plant("LLM metric tag") },
      parameters: { stop: plant("LLM parameter") },
      sessionId: plant("session id"),
      userId: plant("user id"),
    },
    async (span) => {
      span.setInput([{ role: "user", content: plant("LLM input") }]);
      span.setOutput(plant("LLM output"));
      span.setFinishReason(plant("finish reason"));
      span.recordChunk({ contentDelta: plant("chunk") });
      client.recordEvaluation(span, {
        label: "quality",
        value: plant("evaluation value"),
        reasoning: plant("evaluation reasoning"),
        tags: { note: plant("evaluation tag") },
      });
      client.recordFeedback({
        span,
        label: "helpful",
        value: plant("feedback value"),
        submitter: { id: plant("feedback submitter") },
      });
    },
  );
  const failed = errorWith("traceLLM");
  const call = client.traceLLM({ provider: plant("provider"), model: "m" }, () =>
    Promise.reject(failed),
  );
  await expect(call).rejects.toBe(failed);
}

async function plantInAgents(): Promise<void> {
  await client.traceAgent(
    {
      agentName: plant("agent name"),
      agentType: plant("agent type"),
      collaboratingAgents: [plant("collaborator")],
      tags: { note: plant("agent tag") },
      conversationId: plant("conversation id"),
    },
    async (span) => {
      await client.traceAgentStep(span, plant("step name"), async () => "done");
      await client.traceToolCall(
        span,
        plant("tool name"),
        { mail: plant("tool input") },
        async () => ({ mail: plant("tool output") }),
      );
      const failed = errorWith("tool error");
      await client.traceToolCall(span, "failing", {}, () => Promise.reject(failed)).catch(() => {});
    },
  );
}

function plantInLogs(): void {
  const json = createJSONLogger(client, { destination: { write: (line) => logLines.push(line) } });
  const span = client.startSpan("logged");
  client.withSpan(span, () => {
    json.info(plant("log message"), {
      field: plant("log field"),
      [plant("log key")]: 1,
      nested: { list: [plant("nested log field")] },
      error: errorWith("log error"),
    });
    json.error("failed", errorWith("log error in place of fields"));
    logLines.push(pinoOptions(client).hooks.streamWrite(`{"msg":"${plant("pino line")}"}\n`));
    const record = winstonFormat(client).transform({ level: "info", message: plant("winston") });
    logLines.push(JSON.stringify(record));
    logLines.push(JSON.stringify(client.injectTraceContext({ mail: plant("log record") })));
    const destination = { write: (line: string) => logLines.push(line) };
    bunyanStream(client, destination).stream.write({
      msg: plant("bunyan"),
      err: errorWith("bunyan"),
    });
  });
  span.finish();
}

test("a secret planted in any entry of the client is in nothing that leaves the process", async () => {
  plantInSpans();
  plantInContexts();
  plantInDeployments();
  await plantInTraces();
  plantInMetrics();
  await plantInModelCalls();
  await plantInAgents();
  plantInLogs();
  const report = await client.shutdown();
  await agent.waitFor({ metrics: ({ name }) => name === "plain" });

  expect(report.complete).toBe(true);
  // All of it has arrived, so that nothing is free of secrets for being absent.
  const names = agent.spans().map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(["linked", "remote child", "deployment", "sync", "async", "logged"]),
  );
  expect(agent.llmobsSpans().length).toBeGreaterThanOrEqual(5);
  expect(agent.evaluations().length).toBeGreaterThan(0);
  expect(agent.events()).toHaveLength(2);
  expect(agent.serviceChecks()).toHaveLength(1);
  expect(logLines).toHaveLength(6);
  expect(relay.text()).toContain("[EMAIL_REDACTED]");

  expect(leaks(relay.text()), "to the Agent").toEqual([]);
  expect(leaks(logLines.join("")), "to the log stream").toEqual([]);
  expect(leaks(diagnostics.join("\n")), "to the diagnostics").toEqual([]);
  expect(leaks(JSON.stringify(client.health())), "in health()").toEqual([]);
  expect(leaks(String(client.configuration())), "in configuration()").toEqual([]);
  expect(secrets.count).toBeGreaterThan(110);
});

test("the search finds what has not passed the guard", () => {
  expect(leaks("a LEAK0X b")).toEqual(["DD_TAGS"]);
});
