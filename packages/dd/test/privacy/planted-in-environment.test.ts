import { createClient, type Logger } from "@llmdevops/dd";
import { createJSONLogger } from "@llmdevops/dd-core";
import { startTestAgent } from "@llmdevops/dd-testing";
import { afterAll, expect, test } from "vitest";
import { PlantedSecrets } from "./planted-secrets.ts";
import { startRecordingRelay } from "./recording-relay.ts";

const secrets = new PlantedSecrets();
const plant = (entry: string) => secrets.plant(entry);

const diagnostics: string[] = [];
const logLines: string[] = [];
const auditLines: string[] = [];
const note = (message: string) => void diagnostics.push(message);
const logger: Logger = { error: note, warn: note, info: note, debug: note, trace: note };

/** What an operator sets; dd-trace reads most of it by itself. */
const environment: Record<string, string> = {
  DD_SERVICE: plant("DD_SERVICE"),
  DD_ENV: plant("DD_ENV"),
  DD_VERSION: plant("DD_VERSION"),
  DD_TAGS: `owner:${plant("DD_TAGS")},api_key:${plant("DD_TAGS under a sensitive key")}`,
  DD_TRACE_TAGS: `contact:${plant("DD_TRACE_TAGS")}`,
  DD_TRACE_GLOBAL_TAGS: `writer:${plant("DD_TRACE_GLOBAL_TAGS")}`,
  OTEL_SERVICE_NAME: plant("OTEL_SERVICE_NAME"),
  OTEL_RESOURCE_ATTRIBUTES: `host.owner=${plant("OTEL_RESOURCE_ATTRIBUTES")},plain=kept`,
  DD_LLMOBS_ENABLED: "true",
  DD_LLMOBS_ML_APP: plant("DD_LLMOBS_ML_APP"),
  DD_GIT_REPOSITORY_URL: `https://ada:${plant("DD_GIT_REPOSITORY_URL")}@code.example.com/shop.git`,
  DD_GIT_COMMIT_SHA: "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3",
  DD_API_KEY: plant("DD_API_KEY"),
  DD_TRACE_SAMPLING_RULES: JSON.stringify([{ name: plant("sampling rule"), sample_rate: 1 }]),
};
const agent = await startTestAgent();
const relay = await startRecordingRelay(agent);
Object.assign(process.env, environment);
const client = createClient({
  agent: { url: relay.url },
  dogstatsd: { host: "127.0.0.1", port: relay.dogstatsdPort },
  logger,
  onError: (error) => diagnostics.push(String(error), String(error.stack)),
  audit: { write: (line) => auditLines.push(line) },
});
for (const name of Object.keys(environment)) delete process.env[name];
afterAll(async () => {
  await relay.stop();
  await agent.stop();
});

/** What another process sends; whoever is there may have put anything into it. */
const incoming = {
  "x-datadog-trace-id": "11",
  "x-datadog-parent-id": "22",
  "x-datadog-sampling-priority": "2",
  "x-datadog-origin": plant("x-datadog-origin"),
  "x-datadog-tags": `_dd.p.note=${plant("x-datadog-tags")},_dd.p.dm=-4`,
  baggage: `user.id=${plant("baggage that becomes a tag")},who=${plant("baggage")},${plant("baggage key").replace("@", "%40")}=1,area=eu`,
};
const traceparent = {
  traceparent: "00-0000000000000000000000000000000b-0000000000000016-01",
  tracestate: `dd=s:2;o:${plant("origin in a tracestate")};t.note:${plant("tag in a tracestate")},vendor=${plant("tracestate of another vendor")},other=a`,
};

function headersAfter(carrier: object): Record<string, string> {
  const context = client.extractContext(carrier);
  if (context === null) throw new Error("nothing was extracted");
  return client.trace("entry", { childOf: context }, (span) => {
    span.addLink(context, { note: plant("link to what came in") });
    return client.injectContext<Record<string, string>>({}, span);
  });
}

test("a secret in the environment or from another process is in nothing that leaves this one", async () => {
  const json = createJSONLogger(client, { destination: { write: (line) => logLines.push(line) } });
  const headers = [headersAfter(incoming), headersAfter(traceparent)];
  client.trace("root", () => json.info("logged", { of: "root" }));
  client.increment("requests");
  await client.traceLLM({ provider: "openai", model: "m" }, async () => "answer");
  const { complete } = await client.shutdown();
  await agent.waitFor({ metrics: ({ name }) => name === "requests" });

  expect(complete).toBe(true);
  expect(agent.spans().map(({ name }) => name)).toEqual(
    expect.arrayContaining(["entry", "root", "llm.request"]),
  );
  expect(agent.llmobsSpans()).toHaveLength(1);
  expect(logLines).toHaveLength(1);
  expect(auditLines.length).toBeGreaterThan(2);

  expect(secrets.leaks(relay.text()), "to the Agent").toEqual([]);
  expect(secrets.leaks(JSON.stringify(headers)), "to the next service").toEqual([]);
  expect(secrets.leaks(logLines.join("")), "to the log stream").toEqual([]);
  expect(secrets.leaks(auditLines.join("")), "to the audit log").toEqual([]);
  expect(secrets.leaks(diagnostics.join("\n")), "to the diagnostics").toEqual([]);
  expect(secrets.leaks(JSON.stringify(client.health())), "in health()").toEqual([]);
  expect(secrets.leaks(String(client.configuration())), "in configuration()").toEqual([]);
  expect(secrets.leaks(JSON.stringify(client.configuration())), "in its parts").toEqual([]);
});

test("what is no secret arrives: tags of the environment, baggage, the commit", () => {
  const root = agent.spans().find(({ name }) => name === "root");

  expect(root).toMatchObject({
    service: "[EMAIL_REDACTED]",
    meta: {
      plain: "kept",
      owner: "[EMAIL_REDACTED]",
      "_dd.git.commit.sha": "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3",
      "_dd.git.repository_url": "https://code.example.com/shop.git",
    },
  });
});
