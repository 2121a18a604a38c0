import { crc32 } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { eventStreamMessage } from "../../src/provider/bedrock/event-stream-message.ts";
import { readMessages } from "./bedrock-fixture.ts";

test("any headers and payload come back from the messages that carry them", () => {
  const header = fc.dictionary(
    fc.string({ minLength: 1, maxLength: 40, unit: "grapheme-ascii" }),
    fc.string({ maxLength: 300, unit: "grapheme" }),
    { maxKeys: 5, noNullPrototype: true },
  );
  const message = fc.record({ headers: header, payload: fc.string({ unit: "grapheme" }) });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 4 }), (messages) => {
      const bytes = messages.map(({ headers, payload }) => eventStreamMessage(headers, payload));

      expect(readMessages(Buffer.concat(bytes))).toEqual(messages);
    }),
    { numRuns: 200 },
  );
});

test("both checksums cover what precedes them", () => {
  const message = Buffer.from(eventStreamMessage({ ":message-type": "event" }, "{}"));

  expect(message.readUInt32BE(8)).toBe(crc32(message.subarray(0, 8)));
  expect(message.readUInt32BE(message.length - 4)).toBe(crc32(message.subarray(0, -4)));
});
