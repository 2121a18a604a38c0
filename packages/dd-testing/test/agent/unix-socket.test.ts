import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestAgent } from "../../src/index.ts";
import { oneSpanPayload } from "../support/trace-payload.ts";

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
});
