import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DogstatsdMessage, parseDatagram } from "../../src/agent/dogstatsd/parse-datagram.ts";

const parse = (datagram: string) => parseDatagram(Buffer.from(datagram));
const kinds = (messages: DogstatsdMessage[]) => messages.map(({ kind }) => kind);

/** Pieces from which hostile messages are made; far more telling than random letters. */
const pieces = fc.constantFrom(
  ..."_e{|_sc|:|#|@|T|c:|d:|m:|,|}|1|0|-1|1e9|{5,4}|é|🎉|\\n|\n|\r|a|||\u0000".split(
    /(?<=.)(?=.)/u,
  ),
  "_e{",
  "_sc|",
  "{5,4}:",
  "title|text",
);

describe("parseDatagram", () => {
  test("reads one message a line and skips empty lines", () => {
    const messages = parse("a:1|c\n\n_e{1,1}:t|x\r\n_sc|up|0\nnonsense\n");

    expect(kinds(messages)).toEqual(["metric", "event", "serviceCheck", "refused"]);
    expect(messages.map(({ bytes }) => bytes)).toEqual([5, 11, 8, 8]);
  });

  test("keeps the good lines around a bad one, and says what was wrong", () => {
    expect(parse("a:1|c\na:x|c\nb:2|c")).toMatchObject([
      { metric: { name: "a" } },
      { kind: "refused", reason: 'not a number: "x"' },
      { metric: { name: "b" } },
    ]);
  });

  test("takes everything that is neither event nor check for a metric", () => {
    expect(kinds(parse("_e:1|c\n_s:1|g"))).toEqual(["metric", "metric"]);
  });

  test("never throws and loses no line, whatever the bytes", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.array(pieces, { maxLength: 40 }).map((parts) => Buffer.from(parts.join(""))),
    );
    fc.assert(
      fc.property(bytes, (datagram) => {
        const lines = Buffer.from(datagram).toString("latin1").split("\n");
        const withText = lines.filter((line) => line.replace(/\r$/, "") !== "");
        expect(parseDatagram(datagram)).toHaveLength(withText.length);
      }),
      { numRuns: 2000 },
    );
  });

  test("reads back every metric that is written by the protocol", () => {
    const word = fc.stringMatching(/^[a-zA-Z][\w.é]{0,20}$/);
    const metric = fc.record({
      name: word,
      type: fc.constantFrom("c", "g", "ms", "h", "d"),
      values: fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
        minLength: 1,
        maxLength: 5,
      }),
      tags: fc.array(
        fc.tuple(word, word).map(([key, value]) => `${key}:${value}`),
        {
          minLength: 1,
          maxLength: 5,
        },
      ),
      sampleRate: fc.double({ min: 0.001, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(metric, ({ name, type, values, tags, sampleRate }) => {
        const numbers = values.map((value) => (Object.is(value, -0) ? 0 : value));
        const line = `${name}:${numbers.join(":")}|${type}|@${sampleRate}|#${tags.join(",")}`;
        expect(parse(line)).toMatchObject([
          { metric: { name, type, values: numbers, tags, sampleRate } },
        ]);
      }),
    );
  });
});
