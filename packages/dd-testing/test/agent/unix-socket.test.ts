import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestAgent } from "../../src/index.ts";
import { oneSpanPayload } from "../support/trace-payload.ts";
import { withAgent } from "../support/with-agent.ts";

const where = process.platform === "win32" ? " (not run: it is for systems with unix sockets)" : "";

describe.skipIf(process.platform === "win32")(`the unix socket of the agent${where}`, () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "agent-socket-"));
  });
  afterAll(() => rm(directory, { recursive: true }));

  async function put(socketPath: string): Promise<number | undefined> {
    const headers = { "x-datadog-trace-count": "1", "datadog-meta-tracer-version": "1.0.0" };
    const sent = request({
      socketPath,
      path: "/v0.4/traces",
      method: "PUT",
      headers,
      agent: false,
    });
    sent.end(oneSpanPayload());
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    response.resume();
    return response.statusCode;
  }

  test("takes what the port takes, and fails and ends with it", async () => {
    const socketPath = join(directory, "apm.socket");
    const agent = await startTestAgent({ socketPath });
    expect(await put(socketPath)).toBe(200);
    expect(agent.spans()).toHaveLength(1);

    await agent.fail("refuse");
    await expect(put(socketPath)).rejects.toThrow(/ENOENT|ECONNREFUSED/);
    await agent.fail(null);
    expect(await put(socketPath)).toBe(200);

    await agent.stop();
    expect(existsSync(socketPath)).toBe(false);
  });

  test("that cannot be opened leaves no port open", async () => {
    const agent = await startTestAgent({ socketPath: join(directory, "taken.socket") });
    await expect(startTestAgent({ socketPath: join(directory, "taken.socket") })).rejects.toThrow(
      "EADDRINUSE",
    );
    await expect(
      startTestAgent({ socketPath: join(directory, "absent", "apm.socket") }),
    ).rejects.toThrow();
    await agent.stop();
  });

  function packet(lines: string): Buffer {
    const head = Buffer.alloc(4);
    head.writeUInt32LE(Buffer.byteLength(lines));
    return Buffer.concat([head, Buffer.from(lines)]);
  }

  test("of DogStatsD takes packets with their length, wherever they are cut", async () => {
    const dogstatsdSocketPath = join(directory, "dsd.socket");
    const agent = await withAgent({ dogstatsdSocketPath });
    const bytes = Buffer.concat([packet("a:1|c\nb:2|g"), packet("_sc|db|0"), packet("")]);

    const socket = connect(dogstatsdSocketPath).setNoDelay();
    for (const byte of bytes) socket.write(Buffer.from([byte]));
    await agent.waitFor({ metrics: 2, serviceChecks: 1 });
    socket.destroy();

    expect(agent.metrics().map(({ name, values }) => [name, values])).toEqual([
      ["a", [1]],
      ["b", [2]],
    ]);
    expect(agent.rejections()).toEqual([]);
  });

  test("of DogStatsD ends a connection whose packet is too large or cut short, and says so", async () => {
    const dogstatsdSocketPath = join(directory, "small.socket");
    const agent = await withAgent({ dogstatsdSocketPath, dogstatsdBufferBytes: 20 });

    const large = connect(dogstatsdSocketPath);
    large.write(Buffer.concat([packet("a:1|c"), packet("b".repeat(21))]));
    await once(large, "close");
    const cut = connect(dogstatsdSocketPath);
    cut.end(packet("c:1|c").subarray(0, 6));
    await agent.waitFor({ rejections: 2 });

    expect(agent.metrics().map(({ name }) => name)).toEqual(["a"]);
    expect(agent.rejections().map(({ reason }) => reason)).toEqual([
      "a packet of 21 bytes is larger than the receive buffer of 20",
      "the connection ended within a packet",
    ]);
  });

  test("of DogStatsD fails, heals and ends with the agent", async () => {
    const dogstatsdSocketPath = join(directory, "fails.socket");
    const agent = await startTestAgent({ dogstatsdSocketPath });
    const send = async (): Promise<void> => {
      const socket = connect(dogstatsdSocketPath);
      await once(socket, "connect");
      socket.end(packet("a:1|c"));
    };

    await agent.fail("refuse");
    await expect(send()).rejects.toThrow(/ENOENT|ECONNREFUSED/);
    await agent.fail(null);
    await send();
    await agent.waitFor({ metrics: 1 });
    await agent.stop();

    expect(existsSync(dogstatsdSocketPath)).toBe(false);
    await expect(
      startTestAgent({ dogstatsdSocketPath: join(directory, "no", "dsd") }),
    ).rejects.toThrow();
  });
});
