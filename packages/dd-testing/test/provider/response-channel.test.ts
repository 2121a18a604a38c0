import { getEventListeners, once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { ResponseChannel } from "../../src/provider/response-channel.ts";

/** Answers one request by a function and hands back the channel and the body. */
async function serveOnce(
  answer: (channel: ResponseChannel) => Promise<unknown>,
): Promise<{ channel: ResponseChannel; body: string }> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const served = once(server, "request").then(async ([, response]) => {
    const channel = new ResponseChannel(response);
    await answer(channel);
    return channel;
  });
  const { port } = server.address() as AddressInfo;
  const body = await fetch(`http://127.0.0.1:${port}`).then(
    (response) => response.text(),
    (error: unknown) => String(error),
  );
  const channel = await served;
  server.closeAllConnections();
  server.close();
  return { channel, body };
}

test("writing leaves no listener behind, however long the stream is", async () => {
  const counts: number[] = [];

  const { channel, body } = await serveOnce(async (opened) => {
    opened.open(200, {});
    for (let piece = 0; piece < 20; piece += 1) {
      await opened.write("x");
      counts.push(getEventListeners(opened.closed, "abort").length);
    }
    await opened.finish("y");
  });

  expect(counts).toEqual(Array(20).fill(0));
  expect(body).toBe(`${"x".repeat(20)}y`);
  expect(channel.end).toBe("finished");
});

test("nothing can be written once the channel has ended", async () => {
  const results: boolean[] = [];

  const { channel } = await serveOnce(async (opened) => {
    opened.destroy();
    opened.open(200, {});
    results.push(await opened.write("x"), await opened.finish("y"), await opened.finish(""));
  });

  expect(results).toEqual([false, false, false]);
  expect(channel.end).toBe("destroyed");
  expect(channel.closed.aborted).toBe(true);
});

test("the first reason for an end stays", async () => {
  const { channel } = await serveOnce(async (opened) => {
    opened.open(200, {});
    await opened.finish("done");
    opened.destroy("server_stopped");
  });

  expect(channel.end).toBe("finished");
});
