import { encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MsgpackError } from "../../src/agent/msgpack/msgpack-error.ts";
import { MsgpackReader } from "../../src/agent/msgpack/msgpack-reader.ts";

function read(bytes: Uint8Array | number[]): unknown {
  const reader = new MsgpackReader(Uint8Array.from(bytes));
  const value = reader.readValue();
  reader.expectEnd();
  return value;
}

const documents = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.double({ noNaN: true }),
    fc.string({ unit: "grapheme" }),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
    fc.array(tie("value"), { maxLength: 20 }),
    fc.dictionary(
      fc.string().filter((key) => key !== "__proto__"),
      tie("value"),
      { maxKeys: 20, noNullPrototype: true },
    ),
  ),
})).value;

describe("MsgpackReader", () => {
  test("reads back every document another implementation writes", () => {
    fc.assert(
      fc.property(documents, (document) => {
        expect(read(encode(document, { useBigInt64: true }))).toEqual(plain(document));
      }),
    );
  });

  test("fails only with MsgpackError, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          read(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(MsgpackError);
        }
      }),
    );
  });

  test("refuses every document that is cut short", () => {
    fc.assert(
      fc.property(documents, fc.nat(), (document, cut) => {
        const bytes = encode(document, { useBigInt64: true });
        expect(() => read(bytes.subarray(0, cut % bytes.length))).toThrow(MsgpackError);
      }),
    );
  });

  test.each([
    ["positive fixint", [0x7f], 127n],
    ["negative fixint", [0xe0], -32n],
    ["uint 8", [0xcc, 0xff], 255n],
    ["uint 16", [0xcd, 0xff, 0xfe], 65_534n],
    ["uint 32", [0xce, 0xff, 0xff, 0xff, 0xff], 4_294_967_295n],
    ["uint 64", [0xcf, 255, 255, 255, 255, 255, 255, 255, 255], 18_446_744_073_709_551_615n],
    ["int 8", [0xd0, 0x80], -128n],
    ["int 16", [0xd1, 0x80, 0x00], -32_768n],
    ["int 32", [0xd2, 0x80, 0, 0, 0], -2_147_483_648n],
    ["int 64", [0xd3, 0x80, 0, 0, 0, 0, 0, 0, 0], -9_223_372_036_854_775_808n],
  ])("reads %s exactly", (_name, bytes, expected) => {
    expect(new MsgpackReader(Uint8Array.from(bytes)).readInteger()).toBe(expected);
  });

  test("tells 5.0 from 5", () => {
    expect(() => new MsgpackReader(encode(5.5)).readInteger()).toThrow(
      "expected integer, found float at byte 0",
    );
    const five = Uint8Array.from([0xcb, 0x40, 0x14, 0, 0, 0, 0, 0, 0]);
    expect(() => new MsgpackReader(five).readInteger()).toThrow("found float");
    expect(new MsgpackReader(five).readNumber()).toBe(5);
  });

  test.each([31, 32, 255, 256, 65_535, 65_536])("reads a string of %i bytes", (length) => {
    const text = "x".repeat(length);

    expect(read(encode(text))).toBe(text);
  });

  test("reads a 32-bit float", () => {
    expect(read([0xca, 0x3f, 0xc0, 0, 0])).toBe(1.5);
  });

  test.each([
    ["str 8", [0xd9, 2, 0x68, 0x69]],
    ["str 16", [0xda, 0, 2, 0x68, 0x69]],
    ["str 32", [0xdb, 0, 0, 0, 2, 0x68, 0x69]],
    ["fixstr", [0xa2, 0x68, 0x69]],
  ])("reads a string written as %s", (_name, bytes) => {
    expect(read(bytes)).toBe("hi");
  });

  test.each([
    ["bin 8", [0xc4, 2, 7, 8]],
    ["bin 16", [0xc5, 0, 2, 7, 8]],
    ["bin 32", [0xc6, 0, 0, 0, 2, 7, 8]],
    ["fixext 2", [0xd5, 1, 7, 8]],
    ["ext 8", [0xc7, 2, 1, 7, 8]],
    ["ext 16", [0xc8, 0, 2, 1, 7, 8]],
    ["ext 32", [0xc9, 0, 0, 0, 2, 1, 7, 8]],
  ])("reads the bytes of %s", (_name, bytes) => {
    expect(read(bytes)).toEqual(Buffer.from([7, 8]));
  });

  test("refuses an array that promises four billion elements without allocating them", () => {
    expect(() => read([0xdd, 0xff, 0xff, 0xff, 0xff])).toThrow(
      "truncated: 4294967295 elements promised at byte 0, 0 bytes left",
    );
  });

  test("refuses a map with fewer bytes than keys and values", () => {
    expect(() => read([0x82, 0xa1, 0x61, 0x01])).toThrow("truncated: 2 elements promised");
  });

  test("refuses nesting deeper than 64 levels", () => {
    const deep = (levels: number) => [...Array<number>(levels).fill(0x91), 0x01];

    expect(() => read(deep(65))).toThrow("nested deeper than 64 levels");
    expect(read(deep(64))).toBeInstanceOf(Array);
  });

  test("refuses the reserved type byte 0xc1", () => {
    expect(() => read([0xc1])).toThrow("invalid type byte 0xc1 at byte 0");
  });

  test("refuses bytes after the end", () => {
    expect(() => read([0x01, 0x02])).toThrow("1 bytes after the end, at byte 1");
  });

  test("passes over every document another implementation writes, to its last byte", () => {
    fc.assert(
      fc.property(documents, (document) => {
        const reader = new MsgpackReader(encode(document, { useBigInt64: true }));
        reader.skipValue();
        expect(reader.remaining).toBe(0);
      }),
    );
  });

  test("passes over nesting of any depth", () => {
    const reader = new MsgpackReader(new Uint8Array(1_000_000).fill(0x91).fill(0xc0, -1));

    reader.skipValue();

    expect(reader.remaining).toBe(0);
  });

  test("reads integer keys as text and refuses keys that are neither", () => {
    expect(read([0x81, 0x07, 0x01])).toEqual({ 7: 1 });
    expect(() => read([0x81, 0x81, 0xa1, 0x61, 0x01, 0x01])).toThrow(
      "expected string, found map at byte 1",
    );
  });

  test("keeps a key __proto__ as data", () => {
    const value = read([0x81, 0xa9, ...Buffer.from("__proto__"), 0x81, 0xa1, 0x61, 0x01]);

    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.getOwnPropertyDescriptor(value, "__proto__")?.value).toEqual({ a: 1 });
  });
});

/** What a document looks like after a round trip: small bigints become numbers, -0 becomes 0. */
function plain(value: unknown): unknown {
  if (Object.is(value, -0)) return 0;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  }
  return value;
}
