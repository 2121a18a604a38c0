import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { datagramBytes, tagBytes } from "../src/delivery/datagram-limits.ts";
import { startMetrics } from "./metrics-fixture.ts";

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith("DD_")) vi.stubEnv(name, "");
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

test("many values share datagrams of at most 1432 bytes, and none is lost", async () => {
  const { record, receiver } = await startMetrics({
    env: "prod",
    cardinality: { maxValuesPerTag: 300 },
  });

  const lines = await record((client) => {
    for (let index = 0; index < 300; index += 1) {
      client.distribution("request.duration", index, { route: `/orders/${index}` });
    }
  }, 300);

  expect(lines.map(({ value }) => Number(value))).toEqual(Array.from(Array(300).keys()));
  expect(receiver.datagrams.length).toBeLessThan(30);
  for (const datagram of receiver.datagrams) expect(datagram.length).toBeLessThanOrEqual(1_432);
});

test("one value with everything at its limit fits a datagram", async () => {
  vi.stubEnv("DD_EXTERNAL_ENV", `it-false,cn-${"n".repeat(90)}`);
  vi.stubEnv("DD_CARDINALITY", "orchestrator");
  vi.spyOn(Math, "random").mockReturnValue(0);
  const long = "é".repeat(200);
  const tags = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`k${index}`, long]));
  const { record, receiver, faults } = await startMetrics({
    service: long,
    env: long,
    tags: { team: long },
  });

  await record((client) => {
    client.set("x".repeat(300), "s".repeat(300), tags, { sampleRate: 0.123456789012345 });
    const options = { sampleRate: 0.123456789012345, timestamp: Date.now() };
    client.gauge("x".repeat(300), -Number.MIN_VALUE * 1.1, tags, options);
  }, 2);

  expect(receiver.datagrams).toHaveLength(2);
  for (const datagram of receiver.datagrams) {
    expect(datagram.toString()).toContain("|e:it-false,cn-nnn");
    expect(datagram.length).toBeLessThanOrEqual(1_432);
  }
  expect(faults()).toEqual({ metric_tags_over_limit: 3 });
  vi.restoreAllMocks();
});

test("what is gathered is sent after the flush interval", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const { metrics, receiver } = await startMetrics({ flushIntervalMs: 5_000 });
  metrics.increment("c");

  vi.advanceTimersByTime(4_999);
  metrics.increment("c");
  expect(receiver.datagrams).toHaveLength(0);
  vi.advanceTimersByTime(1);

  expect((await receiver.lines(1)).map(({ value }) => value)).toEqual(["2"]);
  expect(receiver.datagrams).toHaveLength(1);
  vi.useRealTimers();
  await metrics.close();
  receiver.stop();
});

test("a unix socket takes datagrams as long as the Agent's buffer", () => {
  const socket = { protocol: "uds", path: "/s" } as const;
  const network = { protocol: "udp", host: "h", port: 1 } as const;

  expect(datagramBytes(socket)).toBe(8_192);
  expect(datagramBytes(network)).toBe(1_432);
  expect(tagBytes(socket, {})).toBe(7_764);
  expect(tagBytes(network, {})).toBe(1_004);
  expect(tagBytes(network, { DD_EXTERNAL_ENV: "é1" })).toBe(1_001);
});
