import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { type ProviderServerOptions, startProviderServer } from "../../src/index.ts";
import { ask, post } from "./provider-fixture.ts";

const source = fileURLToPath(
  new URL("../../src/provider/start-provider-server.ts", import.meta.url),
);

/** Runs a script that starts a server, and hands back how the process ended. */
async function runServerProcess(options: string): Promise<{ code: number | null; out: string }> {
  const script = `
    import { startProviderServer } from ${JSON.stringify(source)};
    const server = await startProviderServer(${options});
    await fetch(server.url + "/v1/messages", { method: "POST", body: "{}" });
    console.log("answered");
    if (!${options}.unref) setTimeout(() => server.stop().then(() => console.log("stopped")), 1);
  `;
  const child = spawn(
    process.execPath,
    ["--conditions=@llmdevops/source", "--input-type=module", "--eval", script],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return { out: await text(child.stdout), code: await ended };
}

test("a server alone does not keep the process alive", async () => {
  expect(await runServerProcess("{ unref: true }")).toEqual({ code: 0, out: "answered\n" });
});

test("a server with unref off keeps the process until it is stopped", async () => {
  expect(await runServerProcess("{ unref: false }")).toEqual({
    code: 0,
    out: "answered\nstopped\n",
  });
});

test("an open connection does not keep the process alive either", async () => {
  const script = `
    import { startProviderServer } from ${JSON.stringify(source)};
    console.log((await startProviderServer({ unref: true })).url);
    process.stdin.resume();
  `;
  const child = spawn(
    process.execPath,
    ["--conditions=@llmdevops/source", "--input-type=module", "--eval", script],
    {
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const [url] = await once(child.stdout, "data");
  const socket = connect(Number(new URL(String(url).trim()).port), "127.0.0.1");
  socket.on("error", () => {});
  await once(socket, "connect");

  child.stdin.end();

  expect(await ended).toBe(0);
  socket.destroy();
});

test("stopping does not wait for a request that is half sent", async () => {
  const server = await startProviderServer();
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write("POST /v1/messages HTTP/1.1\r\nHost: x\r\n");
  // An answer on another connection shows that the server has seen the first one.
  await post(`${server.url}/v1/messages`, ask.messages);

  await server.stop();
  socket.destroy();

  expect(server.requests()).toHaveLength(1);
});

test.each([
  [{ port: -1 }, RangeError],
  [{ port: 65_536 }, RangeError],
  [{ maxRequests: 0 }, RangeError],
  [{ maxRequests: Number.NaN }, RangeError],
  [{ maxLogBytes: 1 }, RangeError],
  [{ maxBodyBytes: 0.5 }, RangeError],
  [{ port: "0" }, TypeError],
  [{ onUnscripted: "ignore" }, TypeError],
  [{ ports: 0 }, TypeError],
])("the options %o are refused", async (options, error) => {
  await expect(startProviderServer(options as ProviderServerOptions)).rejects.toThrow(error);
});

test("an option that is undefined has its default", async () => {
  const undefinedOptions = { port: undefined } as unknown as ProviderServerOptions;

  const server = await startProviderServer(undefinedOptions);

  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  await server.stop();
});

test("`await using` stops the server", async () => {
  const server = await startProviderServer();

  await server[Symbol.asyncDispose]();

  await expect(fetch(server.url)).rejects.toThrow();
});

test("a port that is taken rejects the start", async () => {
  const server = await startProviderServer();
  const port = Number(new URL(server.url).port);

  await expect(startProviderServer({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });

  await server.stop();
});

test("stopping again, and scripting a stopped server, do no harm", async () => {
  const server = await startProviderServer();
  await post(`${server.url}/v1/messages`, ask.messages);

  await server.stop();
  await server.stop();
  server.enqueue({ text: "too late" });

  expect(server.requests()).toHaveLength(1);
  await expect(fetch(server.url)).rejects.toThrow();
});

test("a client that goes away in the middle of its request leaves the server well", async () => {
  const server = await startProviderServer();
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  await new Promise((resolve) => socket.once("connect", resolve));
  socket.write("POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{");
  await new Promise<void>((resolve) => {
    socket.once("close", () => resolve());
    socket.end(() => socket.destroy());
  });

  const response = await post(`${server.url}/v1/messages`, ask.messages);

  expect(response.status).toBe(200);
  expect(server.requests()).toHaveLength(1);
  await server.stop();
});

test("a request target that is no URL closes the connection and nothing else", async () => {
  const server = await startProviderServer();
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  socket.write("POST http://[ HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
  await text(socket);

  expect((await post(`${server.url}/v1/messages`, ask.messages)).status).toBe(200);
  await server.stop();
});

test("many requests at once keep their answers apart", async () => {
  const server = await startProviderServer();
  const prompts = Array.from({ length: 100 }, (_, index) => `prompt ${index}`);

  const bodies = await Promise.all(
    prompts.map(async (content) => {
      const messages = [{ role: "user", content }];
      const response = await post(`${server.baseUrls.openai}/chat/completions`, {
        model: "gpt-test",
        messages,
      });
      return (await response.json()) as { choices: [{ message: { content: string } }] };
    }),
  );

  expect(bodies.map(({ choices }) => choices[0].message.content)).toEqual(
    prompts.map((prompt) => `Echo: ${prompt}`),
  );
  expect(server.usageSent()).toMatchObject([{ requests: 100 }]);
  await server.stop();
});
