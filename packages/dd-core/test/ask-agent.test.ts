import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { askAgent, installedTracer } from "../src/index.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** An Agent that answers with this body, or not at all. */
async function agentWith(body: string | undefined): Promise<string> {
  server = createServer((_request, response) => {
    if (body !== undefined) response.end(body);
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("tells the version, the endpoints and the port of DogStatsD that the Agent names", async () => {
  const info = {
    version: "7.60.0",
    endpoints: ["/v0.5/traces", 7],
    config: { statsd_port: 8_126 },
  };

  expect(await askAgent(await agentWith(JSON.stringify(info)))).toEqual({
    reachable: true,
    reason: undefined,
    version: "7.60.0",
    endpoints: ["/v0.5/traces"],
    statsdPort: 8_126,
  });
});

test("gives up on an Agent that does not answer", async () => {
  expect(await askAgent(await agentWith(undefined), 50)).toMatchObject({
    reachable: false,
    reason: "no answer in time",
  });
});

test.each(["", "ftp://agent", "http://", "unix:///%zz"])(
  "never rejects: %j is no address",
  async (address) => {
    expect(await askAgent(address)).toMatchObject({
      reachable: false,
      reason: "no Agent's address",
    });
  },
);

test("finds dd-trace and the variables that it reads, without loading it", () => {
  const tracer = installedTracer();

  expect(tracer?.version).toMatch(/^6\./);
  expect(tracer?.variables).toEqual(expect.arrayContaining(["DD_SERVICE", "DD_TRACE_DEBUG"]));
});
