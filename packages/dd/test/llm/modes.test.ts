import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startTestAgent, type TestAgent } from "@llmdevops/dd-testing";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";

vi.setConfig({ testTimeout: 30_000 });

const application = fileURLToPath(new URL("fixtures/one-call.mjs", import.meta.url));
// What goes to Datadog directly goes through a proxy here, which only notes where it should have gone.
const wanted: (string | undefined)[] = [];
const proxy = createServer();
proxy.on("connect", (request, socket) => {
  wanted.push(request.url);
  // The application may have hung up.
  socket.on("error", () => {});
  socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
});
let agent: TestAgent;

beforeAll(async () => {
  agent = await startTestAgent();
  await once(proxy.listen(0, "127.0.0.1"), "listening");
});

beforeEach(() => {
  wanted.length = 0;
  agent.clear();
});

afterAll(async () => {
  await agent.stop();
  proxy.closeAllConnections();
  proxy.close();
});

interface Outcome {
  readonly answer: string;
  readonly metrics: readonly string[];
  readonly faults: Readonly<Record<string, number>>;
}

async function run(environment: Record<string, string>, ...args: string[]): Promise<Outcome> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--conditions=@llmdevops/source", application, ...args],
    {
      env: { PATH: process.env["PATH"], ...agent.env, DD_SERVICE: "assistant", ...environment },
    },
  );
  return JSON.parse(stdout) as Outcome;
}

test("without LLM Observability and without metrics a call is a span with tokens and cost", async () => {
  const { answer, faults } = await run({ DD_LLMOBS_ENABLED: "false" });

  await agent.waitFor({ spans: 1 });
  expect(answer).toBe("Within 30 days.");
  expect(agent.spans()[0]?.metrics).toMatchObject({
    "llm.input_tokens": 1_000,
    "llm.cost.total_usd": 0.0027,
  });
  expect(agent.llmobsSpans()).toEqual([]);
  expect(agent.evaluations()).toEqual([]);
  expect(faults).toEqual({ llmobs_evaluation_disabled: 1 });
});

test("without tracing a call runs, and its metrics are sent", async () => {
  const { answer, metrics } = await run({ DD_TRACE_ENABLED: "false" }, "--metrics");

  expect(answer).toBe("Within 30 days.");
  expect(metrics).toContain("llm.request.count");
  expect(metrics).toContain("llm.request.tokens.input");
  expect(metrics).toContain("llm.request.cost");
  expect(agent.spans()).toEqual([]);
});

test("agentless, LLM Observability goes to Datadog's intakes and the spans to the Agent", async () => {
  const { port } = proxy.address() as AddressInfo;
  const { answer } = await run({
    DD_LLMOBS_ENABLED: "true",
    DD_LLMOBS_AGENTLESS_ENABLED: "true",
    DD_API_KEY: "0123456789abcdef0123456789abcdef",
    DD_SITE: "datadoghq.eu",
    HTTPS_PROXY: `http://127.0.0.1:${port}`,
  });

  await agent.waitFor({ spans: 1 });
  expect(answer).toBe("Within 30 days.");
  expect(agent.spans()[0]?.metrics).toMatchObject({ "llm.cost.total_usd": 0.0027 });
  expect(agent.llmobsSpans()).toEqual([]);
  expect(new Set(wanted)).toEqual(
    new Set(["llmobs-intake.datadoghq.eu:443", "api.datadoghq.eu:443"]),
  );
});
