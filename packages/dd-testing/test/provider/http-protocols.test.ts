import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { useProviderServer } from "./provider-fixture.ts";

const fixture = useProviderServer();

function port(): number {
  return Number(new URL(fixture.server.url).port);
}

test("a connection that ends before it says anything is ended", async () => {
  const socket = connect(port(), "127.0.0.1");
  socket.resume();
  await once(socket, "connect");
  socket.end();

  await once(socket, "close");
});

test("a stream that its client resets with an error harms nobody else", async () => {
  fixture.server.enqueue({ delayMs: 600_000 });
  const session = connectHttp2(fixture.server.url);
  const path = "/model/test/converse";
  const failing = session.request({ ":method": "POST", ":path": path });
  failing.on("error", () => {});
  failing.end('{ "messages": [] }');
  await fixture.server.waitForRequest(() => true);
  failing.close(2);
  await fixture.server.waitForRequest(({ outcome }) => outcome === "aborted_by_client");

  const next = session.request({ ":method": "POST", ":path": path });
  next.end('{ "messages": [] }');
  const [headers] = await once(next, "response");
  session.destroy();

  expect(headers[":status"]).toBe(200);
});

test("bytes that are neither HTTP/1.1 nor HTTP/2 end their connection and no other", async () => {
  for (const bytes of ["PRI * HTTP/2.0\r\n\r\nXX", "PRI ", "\u0000\u0001", "GET"]) {
    const socket = connect(port(), "127.0.0.1");
    socket.on("error", () => {});
    socket.resume();
    socket.end(bytes);
    await once(socket, "close");
  }

  expect((await fetch(fixture.server.url)).status).toBe(404);
});

test("a connection that says nothing does not hold the server up when it stops", async () => {
  const silent = connect(port(), "127.0.0.1");
  silent.on("error", () => {});
  await once(silent, "connect");
  const http2 = connectHttp2(fixture.server.url);
  await once(http2, "connect");

  await fixture.server.stop();

  await Promise.all([once(silent, "close"), once(http2, "close")]);
});
