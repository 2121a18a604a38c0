import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startMetrics } from "./metrics-fixture.ts";

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith("DD_")) vi.stubEnv(name, "");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** The line without what identifies the container. */
function withoutOrigin(text: string): string {
  return text.replace(/\|c:[^|]*/, "");
}

describe("a service check", () => {
  test("reports each of the four states under its name as it is", async () => {
    const { record, faults } = await startMetrics();

    const lines = await record((client) => {
      client.serviceCheck("db.can connect", "ok");
      client.serviceCheck("db", "warning");
      client.serviceCheck("db", "critical");
      client.serviceCheck("db", "unknown");
    }, 4);

    expect(lines.map(({ text }) => withoutOrigin(text))).toEqual([
      "_sc|db.can connect|0|#service:checkout",
      "_sc|db|1|#service:checkout",
      "_sc|db|2|#service:checkout",
      "_sc|db|3|#service:checkout",
    ]);
    expect(faults()).toEqual({});
  });

  test("carries every detail, the message last", async () => {
    const { record } = await startMetrics();

    const [line] = await record((client) => {
      client.serviceCheck("db", "critical", {
        message: "refused",
        hostname: "web-1",
        time: 1_700_000_000_000,
        tags: { region: "eu" },
      });
    });

    expect(withoutOrigin(line?.text ?? "")).toBe(
      "_sc|db|2|d:1700000000|h:web-1|#service:checkout,region:eu|m:refused",
    );
  });

  test("cannot end its fields or its line", async () => {
    const { record } = await startMetrics();

    const lines = await record((client) => {
      client.serviceCheck("a|b\nc", "ok", {
        hostname: "h|i\r\nj",
        message: "m|n\nevil.metric:1|c",
      });
    });

    expect(lines.map(({ text }) => withoutOrigin(text))).toEqual([
      "_sc|a_b_c|0|h:h_i_j|#service:checkout|m:m_n_evil.metric:1_c",
    ]);
  });

  test("of a state or time that is none is reported as unknown or now, and counted", async () => {
    const { record, faults } = await startMetrics();

    const lines = await record((client) => {
      client.serviceCheck("db", "constructor" as "ok");
      client.serviceCheck("db", 0 as unknown as "ok");
      client.serviceCheck("db", "ok", { time: Number.NaN });
    }, 3);

    expect(lines.map(({ text }) => withoutOrigin(text))).toEqual([
      "_sc|db|3|#service:checkout",
      "_sc|db|3|#service:checkout",
      "_sc|db|0|#service:checkout",
    ]);
    expect(faults()).toEqual({ service_check_field_invalid: 3 });
  });

  test("without a name is dropped and counted", async () => {
    const { record, faults } = await startMetrics();

    const lines = await record((client) => {
      client.serviceCheck("", "ok");
      client.serviceCheck(undefined as unknown as string, "ok");
      client.increment("c");
    });

    expect(lines).toHaveLength(1);
    expect(faults()).toEqual({ service_check_without_name: 2 });
  });

  test("shows no personal data, and is cut to what a datagram holds", async () => {
    const { record, receiver, faults } = await startMetrics();
    const long = "€".repeat(1_000);

    const [line] = await record((client) => {
      client.serviceCheck("jane.doe@example.com", "ok", {
        hostname: "jane.doe@example.com",
        message: `jane.doe@example.com ${long}`,
      });
    });

    expect(line?.text).not.toContain("jane.doe");
    expect(line?.text.endsWith("€")).toBe(true);
    expect(receiver.datagrams[0]?.length).toBeLessThanOrEqual(1_432);
    expect(faults()).toEqual({ service_check_cut: 1 });
  });
});
