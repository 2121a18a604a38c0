import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { internalModule } from "../src/dd-trace/internal-module.ts";
import { joinedPayloads } from "../src/dd-trace/llmobs-event-text.ts";
import { readPath } from "../src/dd-trace/untyped.ts";
import { startRealTracing } from "./support/real-tracing.ts";

const { tracing, intake } = await startRealTracing({ llmobs: { enabled: true, mlApp: "desk" } });
afterAll(() => intake.stop());
beforeEach(() => {
  intake.received.length = 0;
});

interface SpanWriter {
  append(event: object, routing?: object): boolean;
  makePayload(events: readonly unknown[]): unknown[];
  _getBuffer(): object;
}

const prototype = readPath(
  internalModule("dd-trace/src/llmobs/writers/spans.js"),
  "prototype",
) as SpanWriter;

function observe(inputData: string): void {
  const span = tracing.startSpan("work", { llmobs: { kind: "task" } });
  tracing.annotate(span, { inputData });
  span.finish();
}

async function sentPayloads(): Promise<unknown[][]> {
  await tracing.flush();
  return intake.received
    .filter(({ path }) => path.endsWith("/api/v2/llmobs"))
    .map(({ body }) => JSON.parse(body.toString()) as unknown[]);
}

test("events that are kept as text arrive as dd-trace makes payloads of them, in order", async () => {
  const make = vi.spyOn(prototype, "makePayload");
  for (const input of ["one", "“zwei” – 三 🎉", '"],[\\']) observe(input);
  const made = make.mock.results.map(({ value }) => value as unknown[]);
  make.mockRestore();

  const payloads = await sentPayloads();
  expect(made).toHaveLength(3);
  expect(payloads).toEqual([made.flat().map((entry) => JSON.parse(JSON.stringify(entry)))]);
});

test("an event that may be too large is measured by dd-trace, and arrives among the others", async () => {
  const large = "a ".repeat(750_000);
  for (const input of ["before", large, "after"]) observe(input);

  const [entries = []] = await sentPayloads();
  const inputs = entries.map((entry) => readPath(entry, "spans", "0", "meta", "input", "value"));
  expect(inputs).toHaveLength(3);
  expect([inputs[0], inputs[2]]).toEqual(["before", "after"]);
  expect(String(inputs[1]).length).toBeGreaterThan(900_000);
});

test("an event for another account stays in dd-trace's own hands", async () => {
  const buffer = { events: [] as object[], size: 0 };
  const writer = Object.assign(Object.create(prototype) as SpanWriter, {
    _getBuffer: () => buffer,
  });
  const event = { name: "theirs", tags: [], meta: {} };

  expect(writer.append(event, { apiKey: "another" })).toBe(true);
  expect(buffer.events).toEqual([event]);
  expect(await sentPayloads()).toEqual([]);
});

test("payloads of one event each make one payload", () => {
  expect(joinedPayloads(['[{"a":1}]'])).toBe('[{"a":1}]');
  expect(joinedPayloads(['[{"a":"]"}]', "[{}]"])).toBe('[{"a":"]"},{}]');
});
