import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { lastJson, runModule } from "./support/child-process.ts";
import { type Intake, startIntake } from "./support/intake.ts";

vi.setConfig({ testTimeout: 30_000 });

// What goes to Datadog directly goes through a proxy here, which only notes where it should have gone.
const wanted: (string | undefined)[] = [];
const proxy = createServer();
proxy.on("connect", (request, socket) => {
  wanted.push(request.url);
  // The process may be gone before it has read the answer.
  socket.on("error", () => {});
  socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
});
let agent: Intake;
let environment: Record<string, string>;

beforeAll(async () => {
  agent = await startIntake();
  await once(proxy.listen(0, "127.0.0.1"), "listening");
  environment = {
    DD_SERVICE: "checkout",
    DD_TRACE_AGENT_URL: agent.url,
    HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    DD_LLMOBS_ENABLED: "true",
    DD_LLMOBS_AGENTLESS_ENABLED: "true",
  };
});
beforeEach(() => {
  wanted.length = 0;
});
afterAll(async () => {
  await agent.stop();
  proxy.closeAllConnections();
  proxy.close();
});

/** Records one span for LLM Observability and says what became of it. */
const program = (options: string) => `
  const { createTracing } = await import("@llmdevops/dd-core");
  const lines = [];
  const keep = (line) => void lines.push(line);
  const before = process.env.DD_API_KEY;
  const tracing = createTracing({
    flushTimeoutMs: 400,
    delivery: { retryBaseMs: 1, retryCapMs: 5, flushOnExit: false },
    logger: { error: keep, warn: keep, info() {}, debug() {} },
    ${options}
  });
  tracing.startSpan("ask", { llmobs: { kind: "workflow" } }).finish();
  const { link } = await tracing.flush();
  process.stdout.write(JSON.stringify({
    dropped: link.dropped,
    events: link.accepted,
    lines: lines.filter((line) => line.includes("API key")),
    untouched: process.env.DD_API_KEY === before,
    configuration: String(tracing.configurationReport()),
  }));
  process.exit(0);`;

test("with a key of the environment, events are meant for LLM Observability's intake at DD_SITE", async () => {
  const finished = await runModule(program(""), {
    ...environment,
    DD_SITE: "datadoghq.eu",
    DD_API_KEY: "0123456789abcdef0123456789abcdef",
  });
  const report = lastJson(finished) as { configuration: string };

  expect(new Set(wanted)).toEqual(new Set(["llmobs-intake.datadoghq.eu:443"]));
  expect(report).toMatchObject({ events: 2, dropped: {}, lines: [], untouched: true });
  expect(report.configuration).toContain("apiKey = [set] (DD_API_KEY)");
  expect(report.configuration).toContain("site = datadoghq.eu (DD_SITE)");
  expect(finished.output).not.toContain("0123456789");
});

test("a key that only the option credentials knows is enough", async () => {
  const options = `site: "us3.datadoghq.com", credentials: { getCredential: () => "0123456789abcdef" },`;
  const finished = await runModule(program(options), environment);
  const report = lastJson(finished) as { configuration: string };

  expect(new Set(wanted)).toEqual(new Set(["llmobs-intake.us3.datadoghq.com:443"]));
  expect(report).toMatchObject({ events: 2, dropped: {}, lines: [], untouched: true });
  expect(report.configuration).toContain("apiKey = [credentials] (option)");
  expect(finished.output + finished.errors).not.toContain("0123456789");
});

test("without a key that is said once, nothing is sent to Datadog, and the Agent gets its traces", async () => {
  const finished = await runModule(program(""), environment);

  expect(lastJson(finished)).toMatchObject({
    dropped: { api_key_missing: 1 },
    lines: [expect.stringMatching(/no API key.*DD_API_KEY.*credentials/)],
    untouched: true,
  });
  expect(wanted).toEqual([]);
  expect(agent.received.map(({ path }) => path)).toContain("/v0.4/traces");
});

test("through the Agent no key is needed, none is missed, and nothing is sent to Datadog", async () => {
  agent.received.length = 0;
  const finished = await runModule(program(""), {
    ...environment,
    DD_LLMOBS_AGENTLESS_ENABLED: "false",
  });

  expect(lastJson(finished)).toMatchObject({ dropped: {}, events: 2, lines: [], untouched: true });
  expect(wanted).toEqual([]);
  expect(agent.received.map(({ path }) => path)).toContain("/evp_proxy/v2/api/v2/llmobs");
});
