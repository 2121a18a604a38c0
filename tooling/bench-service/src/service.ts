// A small chat service: one HTTP request makes three model calls and two tool calls, in ten spans.
//
// node dist/service.js TELEMETRY RECEIVER_URL DOGSTATSD_PORT PROVIDER_URL PEERS [llmobs] [fetch]
import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, request } from "node:http";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { text } from "node:stream/consumers";
import type { ModelResponse, StartTelemetry, Telemetry } from "./telemetry/telemetry.ts";

const [name = "none", url = "", dogstatsdPort = "0", provider = "", peers = "", ...extras] =
  process.argv.slice(2);
const { start } = (await import(`./telemetry/${name}.js`)) as { start: StartTelemetry };
const telemetry = start({
  url,
  dogstatsdPort: Number(dogstatsdPort),
  peers,
  llmobs: extras.includes("llmobs"),
});
const model = "gpt-4o-mini";
const endpoint = new URL(`${provider}/v1/chat/completions`);
const agent = new Agent({ keepAlive: true });
const ask = extras.includes("fetch") ? askByFetch : askByHttp;

function bodyOf(question: string): string {
  return JSON.stringify({ model, messages: [{ role: "user", content: question }] });
}

/**
 * Not by `fetch`, unless that is wanted: each of its responses outlives every young collection of V8, since its body is
 * watched for being thrown away, and with it what hangs on the call's asynchronous context. Pauses of ten milliseconds
 * and more, and most of the memory, are those of `fetch` then, whatever observes it.
 */
async function askByHttp(question: string): Promise<ModelResponse> {
  const body = bodyOf(question);
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  const sent = request(endpoint, { method: "POST", agent, headers });
  sent.end(body);
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  return JSON.parse(await text(response));
}

async function askByFetch(question: string): Promise<ModelResponse> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(endpoint, { method: "POST", headers, body: bodyOf(question) });
  return (await response.json()) as ModelResponse;
}

async function answer(question: string, { agent: traceAgent, span, tool, model: call }: Telemetry) {
  const account = await span("cache.get", { "db.system": "redis" }, async () => ({ plan: "pro" }));
  return traceAgent("helper", async (run) => {
    const plan = await call(model, () => ask(`Plan: ${question}`));
    const found = await tool(run, "search", { query: question }, async () => ["guide", "policy"]);
    const facts = await call(model, () => ask(`Use ${found.join()} for ${question}`));
    const order = await tool(run, "look_up", { plan: account.plan }, async () => ({
      state: "sent",
    }));
    const final = await call(model, () => ask(`Answer with ${order.state}`));
    await span("db.query", { "db.system": "postgresql" }, async () => undefined);
    return span("render", { template: "answer" }, async () =>
      [plan, facts, final].map((response) => response.choices[0]?.message.content).join("\n"),
    );
  });
}

async function handle(request: IncomingMessage): Promise<string> {
  const { question } = JSON.parse(await text(request)) as { question: string };
  return telemetry.request(() => answer(question, telemetry));
}

const server = createServer((request, response) => {
  handle(request).then(
    (body) => response.end(body),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      response.writeHead(500).end();
    },
  );
});
const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();
/** `usage` is answered with what the process has used so far, `stop` ends it. */
process.on("message", (message) => {
  if (message === "stop") {
    void telemetry.stop().finally(() => process.exit());
    return;
  }
  const { user, system } = process.cpuUsage();
  process.send?.({
    cpuMicroseconds: user + system,
    residentBytes: process.memoryUsage().rss,
    loopDelayP99Ms: delay.percentile(99) / 1e6,
  });
  delay.reset();
});
process.on("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address !== null && typeof address === "object") process.send?.(address.port);
});
