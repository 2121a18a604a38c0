import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { EventOptions } from "../src/index.ts";
import { type MetricsFixture, startMetrics } from "./metrics-fixture.ts";

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith("DD_")) vi.stubEnv(name, "");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

interface ReceivedEvent {
  readonly title: string;
  readonly text: string;
  readonly fields: readonly string[];
  readonly tags: readonly string[];
}

/** Reads an event as the Agent does: by the number of bytes that its header announces. */
function parseEvent(line: Buffer): ReceivedEvent {
  const [head = "", titleBytes = "", textBytes = ""] =
    /^_e\{(\d+),(\d+)\}:/.exec(line.toString("latin1")) ?? [];
  const textStart = head.length + Number(titleBytes) + 1;
  const textEnd = textStart + Number(textBytes);
  const rest = line.toString("utf8", textEnd);
  expect(rest === "" || rest.startsWith("|")).toBe(true);
  const fields = rest.split("|").slice(1);
  return {
    title: line.toString("utf8", head.length, head.length + Number(titleBytes)),
    text: line.toString("utf8", textStart, textEnd),
    fields: fields.filter((field) => !/^(#|c:|e:)/.test(field)),
    tags:
      fields
        .find((field) => field.startsWith("#"))
        ?.slice(1)
        .split(",") ?? [],
  };
}

async function sendEvent(
  title: string,
  options?: EventOptions,
): Promise<ReceivedEvent & Pick<MetricsFixture, "faults"> & { readonly bytes: number }> {
  const { record, receiver, faults } = await startMetrics();
  await record((client) => client.event(title, options));
  const datagram = receiver.datagrams[0] ?? Buffer.alloc(0);
  return { ...parseEvent(datagram), faults, bytes: datagram.length };
}

describe("an event", () => {
  test("carries its title as it is, the title as its text, and the unified tags", async () => {
    expect(await sendEvent("deployed")).toMatchObject({
      title: "deployed",
      text: "deployed",
      fields: [],
      tags: ["service:checkout"],
    });
  });

  test("carries every detail", async () => {
    const event = await sendEvent("deployed", {
      text: "version 7",
      alertType: "success",
      priority: "low",
      aggregationKey: "deploy",
      sourceType: "my_apps",
      hostname: "web-1",
      time: 1_700_000_000_000,
      tags: { region: "eu" },
    });

    expect(event).toMatchObject({
      text: "version 7",
      fields: ["d:1700000000", "h:web-1", "k:deploy", "p:low", "s:my_apps", "t:success"],
      tags: ["service:checkout", "region:eu"],
    });
    expect(event.faults()).toEqual({});
  });

  test("announces the bytes of its title and text, not their characters", async () => {
    expect(await sendEvent("Größe 😀", { text: "für | alle" })).toMatchObject({
      title: "Größe 😀",
      text: "für | alle",
    });
  });

  test("keeps line breaks as the two characters that the Agent turns back", async () => {
    expect(await sendEvent("a\nb", { text: "c\r\nd\re\nf" })).toMatchObject({
      title: "a\\nb",
      text: "c\\nd\\ne\\nf",
    });
  });

  test("has fields that cannot end themselves or the line", async () => {
    const { fields } = await sendEvent("t", { hostname: "h|t:error\nevil.metric:1|c" });

    expect(fields).toEqual(["h:h_t:error\\nevil.metric:1_c"]);
  });

  test("leaves out and counts what is no alert type, priority or time", async () => {
    const event = await sendEvent("t", {
      alertType: "fatal" as "error",
      priority: "toString" as "low",
      time: Number.NaN,
      hostname: "",
    });

    expect(event.fields).toEqual([]);
    expect(event.faults()).toEqual({ event_field_invalid: 3 });
  });

  test("shows neither a secret nor personal data in any text", async () => {
    const secret = "jane.doe@example.com";
    const { record, receiver } = await startMetrics();

    await record((client) => {
      client.event(secret, {
        text: secret,
        hostname: secret,
        aggregationKey: secret,
        sourceType: secret,
      });
    });

    expect(receiver.datagrams.join()).not.toContain("jane.doe");
  });

  test("without a title is dropped and counted", async () => {
    const { record, faults } = await startMetrics();

    const lines = await record((client) => {
      client.event("");
      client.event(undefined as unknown as string, { text: "text" });
      client.increment("c");
    });

    expect(lines.map(({ name }) => name)).toEqual(["c"]);
    expect(faults()).toEqual({ event_without_title: 2 });
  });

  test("fits the Agent's buffer however long it is, and the cut is counted", async () => {
    const long = "€".repeat(9_000);
    const event = await sendEvent(long, {
      text: long,
      hostname: long,
      aggregationKey: long,
      sourceType: long,
      tags: Object.fromEntries(Array.from({ length: 99 }, (_, index) => [`k${index}`, long])),
    });

    expect(event.bytes).toBeLessThanOrEqual(8_192);
    expect(event.title).toBe("€".repeat(166));
    expect(event.text).toBe("€".repeat(1_833));
    expect(event.fields.map((field) => field.length)).toEqual([68, 68, 68]);
    expect(event.faults()).toEqual({ event_cut: 5, metric_tags_over_limit: 1 });
  });

  test("of any text arrives as one line", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", minLength: 1 }), async (text) => {
        const { record, receiver } = await startMetrics();
        await record((client) => client.event(`t${text}`, { text, hostname: text }));

        expect(receiver.datagrams).toHaveLength(1);
        expect(receiver.datagrams[0]?.includes("\n")).toBe(false);
        expect(parseEvent(receiver.datagrams[0] ?? Buffer.alloc(0)).tags).toEqual([
          "service:checkout",
        ]);
      }),
      { numRuns: 15 },
    );
  });
});
