import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import { type RealAgent, realAgentUnavailable, startRealAgent } from "@llmdevops/real-agent";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestAgent } from "../../src/agent/start-test-agent.ts";
import type { TestAgent } from "../../src/agent/test-agent.ts";
import { payloadMatrix } from "../support/payload-matrix.ts";
import { msgpack, oneSpanPayload, putTraces, wireSpan } from "../support/trace-payload.ts";
import { type VerdictPair, verdictTable } from "../support/verdict-table.ts";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

type Verdict = "accepted" | "refused";
type Payload = Uint8Array<ArrayBuffer>;

const link = { trace_id: 1n, span_id: 2n, attributes: { a: "b" }, tracestate: "dd=s:1", flags: 1 };
const event = { name: "e", time_unix_nano: 1_795_226_732_877_010_177n };
const typed = (attribute: unknown) => ({ ...event, attributes: { a: attribute } });
const bytes = (...parts: (Uint8Array | number)[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === "number" ? [part] : [...part])));

/** Payloads on which the real Agent and the embedded one agree. */
const agreed: [string, Payload, Verdict][] = [
  ["one span", oneSpanPayload(), "accepted"],
  ["two traces of two spans", msgpack([twoSpans(1n), twoSpans(2n)]), "accepted"],
  ["no traces", msgpack([]), "accepted"],
  ["a trace without spans", msgpack([[]]), "accepted"],
  ["no parent_id", oneSpanPayload({ parent_id: undefined }), "accepted"],
  ["no service", oneSpanPayload({ service: undefined }), "accepted"],
  ["no meta and no metrics", oneSpanPayload({ meta: undefined, metrics: undefined }), "accepted"],
  ["no type", oneSpanPayload({ type: undefined }), "accepted"],
  ["a nil service", oneSpanPayload({ service: null }), "accepted"],
  ["nil meta", oneSpanPayload({ meta: null }), "accepted"],
  ["nil metrics", oneSpanPayload({ metrics: null }), "accepted"],
  ["a nil tag", oneSpanPayload({ meta: { a: null } }), "accepted"],
  ["an integer metric", oneSpanPayload({ metrics: { a: 1 } }), "accepted"],
  ["an unknown field", oneSpanPayload({ future: { a: [1] } }), "accepted"],
  ["a negative duration", oneSpanPayload({ duration: -5n }), "accepted"],
  ["a trace_id of 0", oneSpanPayload({ trace_id: 0n }), "accepted"],
  ["a span_id of 0", oneSpanPayload({ span_id: 0n }), "accepted"],
  ["spans of two traces in one", msgpack([[...twoSpans(1n), ...twoSpans(2n)]]), "accepted"],
  ["span links", oneSpanPayload({ span_links: [link] }), "accepted"],
  ["native span events", oneSpanPayload({ span_events: [event] }), "accepted"],
  [
    "typed attributes of a span event",
    oneSpanPayload({
      span_events: [
        typed({ type: 0, string_value: "x" }),
        typed({ type: 4, array_value: { values: [{ type: 2, int_value: 1 }] } }),
      ],
    }),
    "accepted",
  ],
  ["meta_struct", oneSpanPayload({ meta_struct: { a: msgpack({ b: 1 }) } }), "accepted"],
  ["an unknown tag of 100 KB", oneSpanPayload({ meta: { a: "x".repeat(100_000) } }), "accepted"],
  ["a string trace_id", oneSpanPayload({ trace_id: "1" }), "refused"],
  ["a float trace_id", oneSpanPayload({ trace_id: 1.5 }), "refused"],
  ["a negative trace_id", oneSpanPayload({ trace_id: -1n }), "refused"],
  ["a numeric name", oneSpanPayload({ name: 1 }), "refused"],
  ["a float start", oneSpanPayload({ start: 1.5 }), "refused"],
  ["a string error", oneSpanPayload({ error: "1" }), "refused"],
  ["a boolean error", oneSpanPayload({ error: true }), "refused"],
  ["a numeric tag", oneSpanPayload({ meta: { a: 1 } }), "refused"],
  ["a string metric", oneSpanPayload({ metrics: { a: "1" } }), "refused"],
  ["a boolean metric", oneSpanPayload({ metrics: { a: true } }), "refused"],
  ["a nil metric", oneSpanPayload({ metrics: { a: null } }), "refused"],
  [
    "a link with a string id",
    oneSpanPayload({ span_links: [{ ...link, trace_id: "1" }] }),
    "refused",
  ],
  ["a link without span_id", oneSpanPayload({ span_links: [{ trace_id: 1 }] }), "refused"],
  [
    "a numeric link attribute",
    oneSpanPayload({ span_links: [{ ...link, attributes: { a: 1 } }] }),
    "refused",
  ],
  [
    "a float event time, as dd-trace 6.21.0 writes it",
    oneSpanPayload({ span_events: [{ ...event, time_unix_nano: 1.5 }] }),
    "refused",
  ],
  ["meta_struct without bytes", oneSpanPayload({ meta_struct: { a: "x" } }), "refused"],
  ["a map", msgpack({ a: 1 }), "refused"],
  ["nil", msgpack(null), "refused"],
  ["a nil trace", msgpack([null]), "refused"],
  ["a nil span", msgpack([[null]]), "refused"],
  ["a span that is a string", msgpack([["x"]]), "refused"],
  ["an integer key", bytes(0x91, 0x91, 0x81, 0x01, 0x01), "refused"],
  ["a payload cut short", oneSpanPayload().slice(0, -3), "refused"],
  ["an empty body", bytes(), "refused"],
  ["text", bytes(Buffer.from("hello world")), "refused"],
  ["JSON", bytes(Buffer.from('[[{"trace_id":1,"span_id":2,"name":"x"}]]')), "refused"],
  ["a promise of four billion traces", bytes(0xdd, 0xff, 0xff, 0xff, 0xff), "refused"],
  ["the reserved type byte", bytes(0xc1), "refused"],
];

/** Payloads that only the embedded Agent refuses, by the rules of Datadog's test agent. */
const stricter: [string, Payload][] = [
  ["no name", oneSpanPayload({ name: undefined })],
  ["no trace_id", oneSpanPayload({ trace_id: undefined })],
  ["no span_id", oneSpanPayload({ span_id: undefined })],
  ["a name in bytes", oneSpanPayload({ name: Uint8Array.of(65) })],
  ["a float duration", oneSpanPayload({ duration: 1.5 })],
  ["an event without time", oneSpanPayload({ span_events: [{ name: "e" }] })],
  ["an unknown attribute type", oneSpanPayload({ span_events: [typed({ type: 9 })] })],
  [
    "an attribute without its value",
    oneSpanPayload({ span_events: [typed({ type: 0, int_value: 1 })] }),
  ],
  ["meta_struct bytes that are no map", oneSpanPayload({ meta_struct: { a: msgpack([1]) } })],
  ["bytes after the end", bytes(oneSpanPayload(), 1)],
];

/** Of the matrix, what the serverless Agent takes and the rules of Datadog's test agent refuse. */
const refusedByOurs: readonly string[] = [
  "trace_id: nil",
  "span_id: nil",
  "name: nil",
  "name: bytes",
  "service: bytes",
  "resource: bytes",
  "type: bytes",
  "duration: text",
  "duration: an empty text",
  "duration: a fraction",
  "duration: true",
  "duration: a map",
  "a tag: bytes",
];

function twoSpans(traceId: bigint): unknown[] {
  return [
    wireSpan({ trace_id: traceId, span_id: 1 }),
    wireSpan({ trace_id: traceId, span_id: 2, parent_id: 1 }),
  ];
}

async function verdict(url: string, body: Payload): Promise<Verdict> {
  return (await putTraces(url, body)).ok ? "accepted" : "refused";
}

const unavailable = realAgentUnavailable();
const where = unavailable === undefined ? "" : ` (not run: ${unavailable})`;

describe.skipIf(unavailable !== undefined)(`beside Datadog's own Agent${where}`, () => {
  let real: RealAgent;
  let embedded: TestAgent;

  beforeAll(async () => {
    [real, embedded] = await Promise.all([startRealAgent(), startTestAgent()]);
  }, 30_000);

  afterAll(async () => {
    await Promise.all([real?.stop(), embedded?.stop()]);
  });

  test.each(agreed)("%s is %3$s by both", async (_name, body, expected) => {
    expect([await verdict(real.url, body), await verdict(embedded.url, body)]).toEqual([
      expected,
      expected,
    ]);
  });

  test.each(stricter)("%s is refused by the embedded one only", async (_name, body) => {
    expect([await verdict(real.url, body), await verdict(embedded.url, body)]).toEqual([
      "accepted",
      "refused",
    ]);
  });

  test("of every field with a value of every kind both take and refuse the same, but for a known list", async () => {
    const differing: string[] = [];
    const pairs: VerdictPair[] = [];
    const compare = async (group: string, title: string, body: Payload): Promise<void> => {
      const [theirs, ours] = [await verdict(real.url, body), await verdict(embedded.url, body)];
      pairs.push({ group, real: theirs, embedded: ours });
      if (theirs !== ours) differing.push(`${title}, ${ours}`);
    };
    for (const [title, body] of payloadMatrix) {
      const [field = ""] = title.split(":", 1);
      await compare(`ten kinds of \`${field}\``.replace(/`(a .*)`/, "$1"), title, body);
    }
    const ofMatrix = [...differing];
    for (const [title, body] of [...agreed, ...stricter]) {
      await compare("one thing right or wrong", title, body);
    }

    expect(payloadMatrix.length + agreed.length + stricter.length).toBeGreaterThanOrEqual(200);
    expect(ofMatrix).toEqual(refusedByOurs.map((title) => `${title}, refused`));
    expect(readme).toContain(verdictTable(pairs));
  });

  test("both answer an accepted payload with the same body", async () => {
    const answers = await Promise.all(
      [real, embedded].map(async ({ url }) => (await putTraces(url, oneSpanPayload())).json()),
    );

    expect(answers[1]).toEqual(answers[0]);
  });

  test("the embedded /info has every field and endpoint of theirs", async () => {
    const [theirs, ours] = (await Promise.all(
      [real, embedded].map(async ({ url }) => (await fetch(`${url}/info`)).json()),
    )) as [Info, Info];

    expect(Object.keys(ours)).toEqual(expect.arrayContaining(Object.keys(theirs)));
    // The full Agent does not list /info itself, the serverless one does.
    const served = theirs.endpoints.filter((path) => path !== "/info");
    expect(ours.endpoints).toEqual(expect.arrayContaining(served));
    expect(Object.keys(ours.config)).toEqual(expect.arrayContaining(Object.keys(theirs.config)));
  });

  test("both refuse a trace with spans of another trace after accepting its payload", async () => {
    const body = msgpack([[...twoSpans(1n), ...twoSpans(2n)]]);
    embedded.clear();

    await Promise.all([putTraces(real.url, body), putTraces(embedded.url, body)]);

    await expect.poll(() => real.log().join("\n")).toContain("Trace has foreign span");
    expect(embedded.spans()).toEqual([]);
    expect(embedded.rejections()).toMatchObject([{ status: 200 }]);
  });

  test("both count the same metrics in the same datagrams", async () => {
    const lines = [
      "a:1|c",
      "b:1.5:2:3|d|@0.5|#env:test,x:y",
      "c:7|g|#only",
      "d:1|c|c:ci-1|e:it-false|card:low",
      "e:one|c",
      "nonsense",
      "f:1",
      ":1|c",
      "g:1|c|@half",
    ];
    embedded.clear();
    const socket = createSocket("udp4");

    for (const line of lines) {
      socket.send(line, real.dogstatsdPort, "127.0.0.1");
      socket.send(line, embedded.dogstatsdPort, "127.0.0.1");
    }
    const settled = () => real.log().filter((line) => /Parsed \d|Failed to parse/.test(line));
    await expect
      .poll(() => settled().length, { timeout: 5000 })
      .toBeGreaterThanOrEqual(lines.length);
    await embedded.waitFor((agent) => agent.metrics().length + agent.rejections().length >= 9);
    socket.close();

    const parsed = real
      .log()
      .map((line) => Number(/Parsed (\d+) valid metrics/.exec(line)?.[1] ?? 0))
      .reduce((sum, count) => sum + count, 0);
    expect(embedded.metrics().map(({ name }) => name)).toEqual(["a", "b", "c", "d"]);
    expect(parsed).toBe(embedded.metrics().length);
  });

  test("what it accepted leaves it for its intake", async () => {
    await putTraces(real.url, oneSpanPayload());

    await expect
      .poll(() => real.intakeRequests().map(({ path }) => path), { timeout: 10_000 })
      .toContain("/api/v0.2/traces");
  });
});

interface Info {
  readonly endpoints: readonly string[];
  readonly config: Readonly<Record<string, unknown>>;
}
