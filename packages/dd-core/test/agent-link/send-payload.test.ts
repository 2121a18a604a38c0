import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Payload } from "../../src/agent-link/payload.ts";
import { sendPayload } from "../../src/agent-link/send-payload.ts";

const limits = { connectTimeoutMs: 2_000, responseTimeoutMs: 2_000 };

function payloadTo(url: string, body: Buffer = Buffer.from("spans"), agentless = false): Payload {
  const route = { url, path: "/v0.4/traces", method: "PUT", headers: {}, agentless } as const;
  return { kind: "traces", items: 1, body, route };
}

/** A server below HTTP: it is given the connection when the request has arrived completely. */
async function serve(
  act: (socket: Socket, request: string) => void,
  path?: string,
): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let request = "";
    sockets.add(socket);
    socket.on("error", () => {});
    socket.setEncoding("latin1").on("data", (text: string) => {
      request += text;
      if (request.endsWith("spans")) act(socket, request);
    });
  });
  await once(path === undefined ? server.listen(0, "127.0.0.1") : server.listen(path), "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  if (path !== undefined) return `unix://${path}`;
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answer =
  (status: string, headers = "", body = "") =>
  (socket: Socket) => {
    socket.end(`HTTP/1.1 ${status}\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`);
  };

describe("an attempt is", () => {
  test("delivered when the answer says so, and carries its body", async () => {
    const url = await serve(answer("200 OK", "", '{"rate_by_service":{}}'));

    expect(await sendPayload(payloadTo(url), limits).outcome).toEqual({
      state: "delivered",
      answer: '{"rate_by_service":{}}',
    });
  });

  test("delivered over a unix socket", async () => {
    const directory = await mkdtemp(join(tmpdir(), "llmdevops-"));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    const url = await serve(answer("200 OK"), join(directory, "agent.socket"));

    expect(await sendPayload(payloadTo(url), limits).outcome).toMatchObject({ state: "delivered" });
  });

  test.each(["400 Bad Request", "403 Forbidden", "404 Not Found", "413 Too Large", "302 Found"])(
    "refused by %s, which does not heal",
    async (status) => {
      const url = await serve(answer(status));

      expect(await sendPayload(payloadTo(url), limits).outcome).toEqual({
        state: "refused",
        reason: `status_${status.slice(0, 3)}`,
      });
    },
  );

  test.each(["408 Timeout", "429 Too Many", "500 Oops", "503 Unavailable"])(
    "failed by %s, which may heal",
    async (status) => {
      const url = await serve(answer(status, "retry-after: 2\r\n"));

      expect(await sendPayload(payloadTo(url), limits).outcome).toEqual({
        state: "failed",
        reason: `status_${status.slice(0, 3)}`,
        retryAfterMs: 2_000,
      });
    },
  );

  test("failed when nobody listens", async () => {
    expect(await sendPayload(payloadTo("http://127.0.0.1:1"), limits).outcome).toEqual({
      state: "failed",
      reason: "ECONNREFUSED",
    });
  });

  test("failed when the connection is reset, which says that it was not read", async () => {
    const url = await serve((socket) => socket.resetAndDestroy());

    expect(await sendPayload(payloadTo(url), limits).outcome).toEqual({
      state: "failed",
      reason: "ECONNRESET",
    });
  });

  test("failed when a receiver that does not read lets the time run out", async () => {
    const server = createServer((socket) => void socket.pause());
    await once(server.listen(0, "127.0.0.1"), "listening");
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const large = payloadTo(url, Buffer.alloc(40_000_000));

    const attempt = sendPayload(large, { ...limits, responseTimeoutMs: 100 });
    expect(await attempt.outcome).toEqual({ state: "failed", reason: "response_timeout" });
    expect(attempt.handedOver()).toBe(false);
  });

  test.each([
    ["the connection ends without an answer", (socket: Socket) => socket.end()],
    ["the answer is no HTTP", (socket: Socket) => socket.end("\u0000garbage\r\n\r\n")],
    ["no answer comes in time", () => {}],
  ] as const)("unconfirmed when %s: it may have been taken", async (_what, act) => {
    const url = await serve((socket) => void act(socket));
    const attempt = sendPayload(payloadTo(url), { ...limits, responseTimeoutMs: 150 });

    expect(await attempt.outcome).toMatchObject({ state: "unconfirmed" });
    expect(attempt.handedOver()).toBe(true);
  });

  test.each([
    ["200 OK", "delivered"],
    ["503 Unavailable", "failed"],
  ])("judged by its status %s when the body breaks off", async (status, state) => {
    const url = await serve((socket) => {
      socket.end(`HTTP/1.1 ${status}\r\ncontent-length: 100\r\n\r\n{`);
    });

    expect(await sendPayload(payloadTo(url), limits).outcome).toMatchObject({ state });
  });

  test("delivered when an endless answer follows an accepting status", async () => {
    const url = await serve((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n\r\n${"x".repeat(200_000)}`);
    });

    expect(await sendPayload(payloadTo(url), limits).outcome).toMatchObject({ state: "delivered" });
  });

  test("refused at once where the address or a header cannot be used", async () => {
    const route = { ...payloadTo("http://127.0.0.1:1").route, headers: { "bad name": "x" } };

    expect(await sendPayload(payloadTo("ftp://agent"), limits).outcome).toEqual({
      state: "refused",
      reason: "invalid_address",
    });
    expect(await sendPayload({ ...payloadTo("x"), route }, limits).outcome).toEqual({
      state: "refused",
      reason: "invalid_request",
    });
  });
});

describe("the API key", () => {
  test("is sent with what goes to Datadog directly, and with nothing else", async () => {
    const requests: string[] = [];
    const url = await serve((socket, request) => {
      requests.push(request);
      answer("200 OK")(socket);
    });
    const body = Buffer.from("spans");

    await sendPayload(payloadTo(url, body, true), { ...limits, apiKey: "key-1" }).outcome;
    await sendPayload(payloadTo(url, body, false), { ...limits, apiKey: "key-1" }).outcome;

    expect(requests.map((request) => request.includes("DD-API-KEY: key-1"))).toEqual([true, false]);
  });

  test("never travels unencrypted to another machine; the payload is refused instead", async () => {
    const attempt = sendPayload(payloadTo("http://192.0.2.1:80", Buffer.from("x"), true), {
      ...limits,
      apiKey: "key-1",
    });

    expect(await attempt.outcome).toEqual({ state: "refused", reason: "insecure_destination" });
  });

  test("is needed for what goes to Datadog directly", async () => {
    const attempt = sendPayload(payloadTo("https://192.0.2.1", Buffer.from("x"), true), limits);

    expect(await attempt.outcome).toEqual({ state: "refused", reason: "api_key_missing" });
  });
});
