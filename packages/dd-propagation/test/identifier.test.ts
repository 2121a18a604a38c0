import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decimalToHex,
  generateSpanId,
  generateTraceId,
  hexToDecimal,
  traceIdFromHex,
  traceIdToHex,
  traceIdUpperHex,
} from "../src/index.ts";

const uint64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });

describe("decimalToHex and hexToDecimal", () => {
  test.each([
    ["0", "0000000000000000"],
    ["1", "0000000000000001"],
    ["987654321", "000000003ade68b1"],
    ["9007199254740991", "001fffffffffffff"],
    ["9007199254740993", "0020000000000001"],
    ["12379814468735227512", "abcdefab12345678"],
    ["18446744073709551615", "ffffffffffffffff"],
  ])("turn %s into %s and back", (decimal, hex) => {
    expect(decimalToHex(decimal)).toBe(hex);
    expect(hexToDecimal(hex)).toBe(decimal);
  });

  test("agree with BigInt for every 64-bit number", () => {
    fc.assert(
      fc.property(uint64, (value) => {
        const hex = value.toString(16).padStart(16, "0");

        expect(decimalToHex(value.toString())).toBe(hex);
        expect(hexToDecimal(hex.toUpperCase())).toBe(value.toString());
      }),
    );
  });

  test.each([
    "",
    "-1",
    "+1",
    "1.0",
    " 1",
    "1e3",
    "abcdef123456",
    "18446744073709551616",
    "9".repeat(21),
  ])("refuse %j as a decimal", (text) => {
    expect(decimalToHex(text)).toBeUndefined();
  });

  test.each([
    "",
    "3ade68b1",
    "0x0000003ade68b1",
    "000000003ade68b",
    "g000000000000000",
    "0".repeat(17),
  ])("refuse %j as hexadecimal", (text) => {
    expect(hexToDecimal(text)).toBeUndefined();
  });
});

describe("a trace id", () => {
  const hex = "640cfd8d00000000abcdefab12345678";

  test("is put together from Datadog's two parts", () => {
    expect(traceIdToHex("12379814468735227512", "640CFD8D00000000")).toBe(hex);
    expect(traceIdToHex("1")).toBe("00000000000000000000000000000001");
  });

  test("is taken apart into Datadog's two parts", () => {
    expect(traceIdFromHex(hex.toUpperCase())).toBe("12379814468735227512");
    expect(traceIdFromHex(hex.slice(16))).toBe("12379814468735227512");
    expect(traceIdUpperHex(hex.toUpperCase())).toBe("640cfd8d00000000");
  });

  test("of 64 bits has no upper half", () => {
    expect(traceIdUpperHex(`${"0".repeat(16)}abcdefab12345678`)).toBeUndefined();
    expect(traceIdUpperHex("abcdefab12345678")).toBeUndefined();
  });

  test("is refused when a part is malformed or all is zero", () => {
    expect(traceIdToHex("x")).toBeUndefined();
    expect(traceIdToHex("1", "640cfd8d")).toBeUndefined();
    expect(traceIdToHex("0")).toBeUndefined();
    expect(traceIdFromHex("0".repeat(32))).toBeUndefined();
    expect(traceIdFromHex(hex.slice(1))).toBeUndefined();
    expect(traceIdUpperHex("z".repeat(32))).toBeUndefined();
  });
});

describe("generated ids", () => {
  test("are distinct and have the right length over several refills of the random pool", () => {
    const ids = Array.from({ length: 2_000 }, generateSpanId);

    expect(new Set(ids).size).toBe(2_000);
    expect(ids.filter((id) => !/^[0-9a-f]{16}$/.test(id))).toEqual([]);
  });

  test("begin with the time in seconds and 32 zero bits when they are trace ids", () => {
    expect(generateTraceId(128, 1_678_573_965_999)).toMatch(/^640d018d00000000[0-9a-f]{16}$/);
  });

  test("have no upper half when they are to have 64 bits", () => {
    expect(generateTraceId(64)).toMatch(/^0{16}[0-9a-f]{16}$/);
  });
});
