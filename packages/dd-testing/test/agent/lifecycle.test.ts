import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import type { TestAgentOptions } from "../../src/agent/agent-options.ts";
import { startTestAgent } from "../../src/agent/start-test-agent.ts";
import { plainPut, rawConnection } from "../support/raw-http.ts";
import { oneSpanPayload, putTraces } from "../support/trace-payload.ts";
import { withAgent } from "../support/with-agent.ts";

const entry = new URL("../../src/index.ts", import.meta.url).href;

describe("an agent", () => {
  test("gives a child process the way to itself, and switches off what a test does not want", async () => {
    const agent = await withAgent();
    const { port } = new URL(agent.url);

    expect(agent.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(agent.env).toEqual({
      DD_TRACE_AGENT_URL: agent.url,
      DD_AGENT_HOST: "127.0.0.1",
      DD_TRACE_AGENT_PORT: port,
      DD_DOGSTATSD_HOST: "127.0.0.1",
      DD_DOGSTATSD_PORT: String(agent.dogstatsdPort),
      DD_DOGSTATSD_URL: `udp://127.0.0.1:${agent.dogstatsdPort}`,
      DD_LLMOBS_AGENTLESS_ENABLED: "false",
      DD_INSTRUMENTATION_TELEMETRY_ENABLED: "false",
      DD_REMOTE_CONFIGURATION_ENABLED: "false",
      DD_CRASHTRACKING_ENABLED: "false",
      DD_TRACE_STARTUP_LOGS: "false",
    });
  });

  test("runs beside others without sharing anything", async () => {
    const [left, right] = [await withAgent(), await withAgent()];

    await putTraces(left.url, oneSpanPayload());

    expect([left.spans().length, right.spans().length]).toEqual([1, 0]);
    expect(left.dogstatsdPort).not.toBe(right.dogstatsdPort);
  });

  test("hands out new lists that the caller may change", async () => {
    const agent = await withAgent();
    await putTraces(agent.url, oneSpanPayload());

    agent.spans().pop();
    agent.traces()[0] = { traceId: "", traceIdHex: "", spans: [] };

    expect(agent.spans()).toHaveLength(1);
    expect(agent.traces()[0]?.spans).toHaveLength(1);
  });

  test("forgets everything on clear and goes on", async () => {
    const agent = await withAgent({ maxSpans: 1 });
    await putTraces(agent.url, oneSpanPayload());
    await putTraces(agent.url, oneSpanPayload());
    await putTraces(agent.url, Uint8Array.of(0xc1));

    agent.clear();
    const cleared = [agent.spans(), agent.requests(), agent.rejections(), agent.discarded().spans];
    await putTraces(agent.url, oneSpanPayload());

    expect(cleared).toEqual([[], [], [], 0]);
    expect(agent.spans()).toHaveLength(1);
  });
});

describe("stop", () => {
  test("closes idle, busy and stalled connections and may be called again", async () => {
    const agent = await withAgent();
    const idle = await rawConnection(agent.url);
    const busy = await rawConnection(agent.url);
    const stalled = await rawConnection(agent.url);
    busy.socket.write("PUT /v0.4/traces HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nhalf");
    await agent.fail("stall");
    stalled.socket.write(plainPut("/v0.4/traces", oneSpanPayload()));
    await agent.waitFor({ spans: 1 });

    await Promise.all([agent.stop(), agent.stop()]);
    await agent.stop();

    await Promise.all([idle.ended, busy.ended, stalled.ended]);
    await expect(fetch(agent.url)).rejects.toThrow();
    const socket = createSocket("udp4").bind(agent.dogstatsdPort, "127.0.0.1");
    await once(socket, "listening");
    socket.close();
  });

  test("keeps what arrived readable", async () => {
    const agent = await withAgent();
    await putTraces(agent.url, oneSpanPayload());

    await agent.stop();

    expect(agent.spans()).toHaveLength(1);
  });

  test("ends a refusing agent too", async () => {
    const agent = await withAgent();
    await agent.fail("refuse");

    await expect(agent.stop()).resolves.toBeUndefined();
  });

  test("is what await using calls", async () => {
    let url = "";
    {
      await using agent = await startTestAgent();
      url = agent.url;
    }

    await expect(fetch(url)).rejects.toThrow();
  });
});

describe("startTestAgent", () => {
  test("rejects for a port that is taken, and leaves nothing open", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const udp = createSocket("udp4").bind(0, "127.0.0.1");
    await once(udp, "listening");
    const dogstatsdPort = udp.address().port;

    await expect(startTestAgent({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    await expect(startTestAgent({ dogstatsdPort })).rejects.toMatchObject({ code: "EADDRINUSE" });

    other.close();
    udp.close();
  });

  test("takes the ports it is given", async () => {
    const first = await withAgent();
    const port = Number(new URL(first.url).port);
    const { dogstatsdPort } = first;
    await first.stop();

    const second = await withAgent({ port, dogstatsdPort });

    expect([second.url, second.dogstatsdPort]).toEqual([first.url, dogstatsdPort]);
  });

  test.each<[unknown, string]>([
    [{ maxSpan: 1 }, "unknown option maxSpan"],
    [{ constructor: 1 }, "unknown option constructor"],
    [{ port: 70_000 }, "port must be a whole number from 0 to 65535"],
    [{ maxSpans: -1 }, "maxSpans must be a whole number"],
    [{ maxBytes: 1.5 }, "maxBytes must be a whole number"],
    [{ maxBytes: "1" }, "maxBytes must be of type number"],
    [{ unref: 1 }, "unref must be of type boolean"],
    [{ rateByService: null }, "rateByService must be of type object"],
  ])("rejects for the options %j", async (options, message) => {
    await expect(startTestAgent(options as TestAgentOptions)).rejects.toThrow(message);
  });

  test("takes an option that is undefined for absent", async () => {
    const options = { maxSpans: undefined } as unknown as TestAgentOptions;

    const agent = await withAgent(options);
    await putTraces(agent.url, oneSpanPayload());

    expect(agent.spans()).toHaveLength(1);
  });

  test.each([
    [true, "ends"],
    [false, "stays"],
  ])("with unref %s the process of an agent nobody stopped %s", async (unref, fate) => {
    const script = `
      import { startTestAgent } from ${JSON.stringify(entry)};
      const agent = await startTestAgent({ unref: ${unref} });
      await (await fetch(agent.url + "/info")).text();
      console.log("started");
    `;
    const child = spawn(
      process.execPath,
      ["--conditions=@llmdevops/source", "--input-type=module", "-e", script],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    const ended = once(child, "exit").then(() => "ends");
    await once(child.stdout, "data");
    const graceMs = unref ? 10_000 : 500;

    const observed = await Promise.race([
      ended,
      new Promise((resolve) => setTimeout(resolve, graceMs, "stays")),
    ]);

    expect(observed).toBe(fate);
    child.kill();
    await ended;
  });
});
