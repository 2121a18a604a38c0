import { createMockClient } from "@llmdevops/dd-testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  areRecordingsPresent,
  geminiStream,
  type RecordedCall,
  recordedStreams,
} from "./recorded-calls.ts";
import { replayCall } from "./replay-call.ts";

const client = createMockClient({ service: "replay", content: { mode: "full" } });

/** What depends on the clock, or numbers the span. */
const differs =
  /^(traceId|traceIdHex|spanId|parentId|startTime|durationMs)$|_ms$|^time_|tokens_per_second/;

/** A span without what two runs may differ in. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, part: unknown) => (differs.test(key) ? undefined : part)),
  );
}

async function spanOf(call: RecordedCall, pieces: readonly Uint8Array[]): Promise<unknown> {
  client.reset();
  await replayCall(call, pieces, client);
  const spans = client.getSpans();
  expect(spans).toHaveLength(1);
  const [span] = spans;
  return plain({ span });
}

/** The body in pieces that begin at these places. */
function cutAt(body: Buffer, places: readonly number[]): Uint8Array[] {
  const sorted = [...new Set([0, ...places.map((place) => place % body.length)])].toSorted(
    (a, b) => a - b,
  );
  return sorted.map((start, index) => new Uint8Array(body.subarray(start, sorted[index + 1])));
}

/** One piece per event, as providers send them; an event stream of Amazon says how long each is. */
function cutByEvents({ body, contentType }: RecordedCall): Uint8Array[] {
  const places: number[] = [];
  if (contentType.includes("amazon")) {
    for (let at = 0; at < body.length; at += body.readUInt32BE(at)) places.push(at);
  } else {
    for (let at = body.indexOf("\n\n"); at >= 0; at = body.indexOf("\n\n", at + 2)) {
      places.push(at + 2);
    }
  }
  return cutAt(body, places);
}

async function expectSameSpan(call: RecordedCall, runs: number): Promise<void> {
  const expected = await spanOf(call, cutByEvents(call));
  expect(expected).not.toEqual({});
  expect(await spanOf(call, [new Uint8Array(call.body)])).toEqual(expected);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(1_000_000), { maxLength: 12 }), async (places) => {
      expect(await spanOf(call, cutAt(call.body, places))).toEqual(expected);
    }),
    { numRuns: runs },
  );
}

test("a stream of Gemini gives the same span wherever its bytes are cut", async () => {
  const call = await geminiStream();

  await expectSameSpan(call, 40);
  const pieces = Array.from(call.body, (byte) => Uint8Array.of(byte));
  expect(await spanOf(call, pieces)).toEqual(await spanOf(call, cutByEvents(call)));
});

describe.skipIf(!areRecordingsPresent)("recorded with the official SDKs", () => {
  test.each(areRecordingsPresent ? recordedStreams() : [])(
    "$name gives the same span wherever its bytes are cut",
    async (call) => {
      await expectSameSpan(call, 8);
    },
  );
});
