import fc from "fast-check";
import { expect, test } from "vitest";
import { StringCache } from "../../src/agent/msgpack/string-cache.ts";

test("any bytes, in any order and again, are decoded as Node decodes them", () => {
  const cache = new StringCache();
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 80 }), fc.uint8Array({ maxLength: 2 }));
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 20 }), (parts) => {
      const source = Buffer.concat(parts);
      let start = 0;
      for (const part of parts) {
        const end = start + part.length;
        expect(cache.read(source, start, end)).toBe(Buffer.from(part).toString("utf8"));
        start = end;
      }
    }),
    { numRuns: 300 },
  );
});

test("a string stays what it was when the memory of its document is used again", () => {
  const cache = new StringCache();
  const source = Buffer.from("service");

  expect(cache.read(source, 0, 7)).toBe("service");
  source.write("another");

  expect(cache.read(source, 0, 7)).toBe("another");
  expect(cache.read(Buffer.from("service"), 0, 7)).toBe("service");
});
