import { execFile, execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { inspect, promisify } from "node:util";
import { startTestAgent, type TestAgent } from "@llmdevops/dd-testing";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

vi.setConfig({ testTimeout: 30_000 });

const application = fileURLToPath(new URL("fixtures/one-call.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "agentless-"));
const key = join(folder, "key.pem");
const certificate = join(folder, "certificate.pem");
const hasCertificate = createCertificate();
const apiKey = "0123456789abcdef0123456789abcdef";
const servers: { close(): void }[] = [];
const sockets: Socket[] = [];
const received: { readonly url: string; readonly key: unknown }[] = [];
let agent: TestAgent;
let proxyUrl: string;

/** One for Datadog's site in Europe; by OpenSSL, since Node reads certificates and makes none. */
function createCertificate(): boolean {
  const names = "subjectAltName=DNS:*.datadoghq.eu";
  const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"];
  try {
    execFileSync(
      "openssl",
      [...request, "-keyout", key, "-out", certificate, "-subj", "/CN=test", "-addext", names],
      { stdio: "ignore" },
    );
    return true;
  } catch {
    process.stderr.write("skipped: there is no openssl to make a certificate with\n");
    return false;
  }
}

function joined(left: Socket, right: Socket): void {
  sockets.push(left, right);
  for (const socket of [left, right]) socket.on("error", () => socket.destroy());
  left.pipe(right).pipe(left);
}

/** Hands what the intake was sent to the embedded Agent, which takes it as it takes what it is to forward. */
async function takeIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { host = "", "dd-api-key": sentKey, "content-type": type = "" } = request.headers;
  received.push({ url: `https://${host}${request.url}`, key: sentKey });
  const [subdomain = ""] = host.split(".");
  const answer = await fetch(`${agent.url}/evp_proxy/v2${request.url}`, {
    method: "POST",
    headers: { "content-type": type, "x-datadog-evp-subdomain": subdomain },
    body: await buffer(request),
  });
  response.writeHead(answer.status).end(await answer.text());
}

/** A proxy that leads to a server that has the certificate, and which hands what it decrypts to the embedded Agent. */
beforeAll(async () => {
  agent = await startTestAgent();
  if (!hasCertificate) return;
  const intake = createHttpsServer(
    { key: readFileSync(key), cert: readFileSync(certificate) },
    (request, response) => void takeIn(request, response),
  );
  const proxy = createServer();
  proxy.on("connect", (_request, socket: Socket) => {
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    joined(socket, connect((intake.address() as AddressInfo).port, "127.0.0.1"));
  });
  servers.push(intake, proxy);
  await Promise.all([
    once(intake.listen(0, "127.0.0.1"), "listening"),
    once(proxy.listen(0, "127.0.0.1"), "listening"),
  ]);
  proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
});

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
  await agent.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function callWith(environment: Record<string, string>): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--conditions=@llmdevops/source", application],
    {
      env: {
        PATH: process.env["PATH"],
        ...agent.env,
        DD_SERVICE: "assistant",
        DD_LLMOBS_ENABLED: "true",
        DD_LLMOBS_AGENTLESS_ENABLED: "true",
        DD_API_KEY: apiKey,
        DD_SITE: "datadoghq.eu",
        HTTPS_PROXY: proxyUrl,
        FLUSH_TIMEOUT_MS: "10000",
        ...environment,
      },
    },
  );
  return stdout;
}

test.skipIf(!hasCertificate)(
  "agentless, LLM Observability reaches Datadog's intake over TLS, with the key in its header only",
  async () => {
    const output = await callWith({ NODE_EXTRA_CA_CERTS: certificate });
    await agent.waitFor({ spans: 1, llmobsSpans: 1, evaluations: 1 });

    expect(JSON.parse(output)).toMatchObject({ answer: "Within 30 days.", faults: {} });
    expect(received.toSorted((one, other) => one.url.localeCompare(other.url))).toEqual([
      { url: "https://api.datadoghq.eu/api/intake/llm-obs/v2/eval-metric", key: apiKey },
      { url: "https://llmobs-intake.datadoghq.eu/api/v2/llmobs", key: apiKey },
    ]);
    expect(agent.llmobsSpans()).toHaveLength(1);
    expect(inspect([agent.spans(), agent.llmobsSpans(), output], { depth: null })).not.toContain(
      apiKey,
    );
  },
);

test.skipIf(!hasCertificate)(
  "agentless, a server whose certificate nobody vouches for is sent nothing, and the call goes on",
  async () => {
    agent.clear();
    received.length = 0;
    // It is tried again until the time is over.
    const output = await callWith({ FLUSH_TIMEOUT_MS: "500" });
    await agent.waitFor({ spans: 1 });

    expect(JSON.parse(output)).toMatchObject({ answer: "Within 30 days." });
    expect(received).toEqual([]);
    expect(agent.llmobsSpans()).toEqual([]);
  },
);
