import { createSocket } from "node:dgram";
import { StatsD } from "hot-shots";
import { describe, expect, test } from "vitest";
import type { TestAgent } from "../../src/agent/test-agent.ts";
import { withAgent } from "../support/with-agent.ts";

async function send(agent: TestAgent, datagram: string): Promise<void> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => {
    socket.send(datagram, agent.dogstatsdPort, "127.0.0.1", () => resolve());
  });
  socket.close();
}

describe("the DogStatsD server", () => {
  test("takes what hot-shots sends of every kind", async () => {
    const agent = await withAgent();
    const client = new StatsD({
      host: "127.0.0.1",
      port: agent.dogstatsdPort,
      prefix: "llm.",
      globalTags: { env: "test" },
      includeDatadogTelemetry: false,
      maxBufferSize: 1432,
    });
    client.increment("count", 2, { model: "m" });
    client.decrement("count");
    client.gauge("gauge", 1.5);
    client.timing("time", 12);
    client.histogram("hist", 3);
    client.distribution("dist", 4);
    client.set("users", "a:b");
    client.event("deploy", "line 1\nline 2", { alert_type: "warning", priority: "low" });
    client.check("up", client.CHECKS.CRITICAL, { message: "no answer" });
    await new Promise<void>((resolve) => {
      client.close(() => resolve());
    });

    await agent.waitFor({ metrics: 6, events: 1, serviceChecks: 1 });

    const seen = agent.metrics().map(({ name, type, values }) => [name, type, ...values]);
    expect(seen).toContainEqual(["llm.count", "c", 2]);
    expect(seen).toContainEqual(["llm.count", "c", -1]);
    expect(seen).toContainEqual(["llm.gauge", "g", 1.5]);
    expect(seen).toContainEqual(["llm.time", "ms", 12]);
    expect(seen).toContainEqual(["llm.hist", "h", 3]);
    expect(seen).toContainEqual(["llm.dist", "d", 4]);
    expect(seen).toContainEqual(["llm.users", "s", "a:b"]);
    expect(agent.metrics()[0]?.tags).toEqual(expect.arrayContaining(["env:test", "model:m"]));
    expect(agent.events()).toMatchObject([
      { title: "llm.deploy", text: "line 1\nline 2", alertType: "warning", priority: "low" },
    ]);
    expect(agent.serviceChecks()).toMatchObject([
      { name: "llm.up", status: 2, message: "no answer" },
    ]);
    expect(agent.rejections()).toEqual([]);
  });

  test("records a message it refuses and takes the rest of the datagram", async () => {
    const agent = await withAgent();

    await send(agent, "a:1|c\nnonsense\nb:2|g");
    await agent.waitFor({ metrics: 2 });

    expect(agent.rejections()).toEqual([
      { path: "dogstatsd", status: null, reason: 'no value in "nonsense"', bodySize: 8 },
    ]);
  });

  test("cuts a datagram that is longer than the Agent's receive buffer", async () => {
    const agent = await withAgent({ dogstatsdBufferBytes: 12 });

    await send(agent, "aa:1|c\nbbb:22|c");
    await agent.waitFor({ metrics: 1, rejections: 2 });

    expect(agent.metrics().map(({ name }) => name)).toEqual(["aa"]);
    expect(agent.rejections().map(({ reason }) => reason)).toEqual([
      "a datagram of 15 bytes was cut to the receive buffer of 12",
      'unknown metric type "" in "bbb:2"',
    ]);
  });

  test("takes a datagram that fills the receive buffer", async () => {
    const agent = await withAgent({ dogstatsdBufferBytes: 6 });

    await send(agent, "aa:1|c");
    await agent.waitFor({ metrics: 1 });

    expect(agent.rejections()).toEqual([]);
  });

  test("reports a timestamp on a type for which the Agent drops the metric", async () => {
    const agent = await withAgent();

    await send(agent, "a:1|c|T1657100430\nb:1|g|T1657100430\nc:1|d|T1657100430");
    await agent.waitFor({ metrics: 3 });

    expect(agent.checkFailures()).toEqual([
      {
        check: "dogstatsd_timestamp_type",
        path: "dogstatsd",
        message: "c: the Agent drops a metric of type d with a timestamp",
      },
    ]);
  });

  test.each(["/dogstatsd/v1/proxy", "/dogstatsd/v2/proxy"])(
    "takes lines over HTTP at %s, more of them than a datagram holds",
    async (path) => {
      const agent = await withAgent();
      const body = Array.from({ length: 2000 }, (_, index) => `m${index}:1|c`).join("\n");

      const answer = await fetch(`${agent.url}${path}`, { method: "POST", body });

      expect(answer.status).toBe(200);
      expect(agent.metrics()).toHaveLength(2000);
      expect(agent.rejections()).toEqual([]);
    },
  );

  test("loses datagrams while refusing and takes them again on the same port", async () => {
    const agent = await withAgent();

    await agent.fail("refuse");
    await send(agent, "lost:1|c");
    await agent.fail(null);
    await send(agent, "kept:1|c");
    await agent.waitFor({ metrics: (metric) => metric.name === "kept" });

    expect(agent.metrics().map(({ name }) => name)).toEqual(["kept"]);
  });
});
