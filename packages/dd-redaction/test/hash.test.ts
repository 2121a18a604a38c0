import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createKeyedHash } from "../src/hash/keyed-hash.ts";
import { sha256 } from "../src/hash/sha-256.ts";

describe("sha256", () => {
  it("agrees with the platform for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(Buffer.from(sha256(bytes))).toEqual(createHash("sha256").update(bytes).digest());
      }),
    );
  });

  it("agrees with the platform around the ends of blocks", () => {
    for (let length = 0; length <= 200; length++) {
      const bytes = new Uint8Array(length).fill(length);
      expect(Buffer.from(sha256(bytes))).toEqual(createHash("sha256").update(bytes).digest());
    }
  });
});

describe("createKeyedHash", () => {
  it("is the front of HMAC-SHA-256 for any key and text", () => {
    const key = fc.oneof(
      fc.string({ minLength: 1, maxLength: 100 }),
      fc.uint8Array({ minLength: 1, maxLength: 100 }),
    );
    fc.assert(
      fc.property(key, fc.string({ unit: "binary" }), (secret, text) => {
        const expected = createHmac("sha256", secret).update(text).digest("hex").slice(0, 16);
        expect(createKeyedHash(secret)(text)).toBe(expected);
      }),
    );
  });
});
