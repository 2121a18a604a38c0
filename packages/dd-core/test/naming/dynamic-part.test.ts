import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dynamicPartOf, withoutDynamicParts } from "../../src/naming/dynamic-part.ts";

describe("a name that is the same at every call has no dynamic part", () => {
  test.each([
    "order.place",
    "GET /users/:id/orders",
    "GET /api/v1/users/{userId}",
    "POST /v1/chat/completions",
    "SELECT users",
    "redis.GET session_prefix",
    "kafka.consume order_events",
    "gpt-4o-2024-08-06",
    "claude-sonnet-4-5-20250929",
    "anthropic.claude-3-5-sonnet-20241022-v2:0",
    "arn:aws:bedrock:us-east-1:123456789012:inference-profile/eu.x",
    "llama3.1:70b",
    "step 12",
    "GET 404",
    "v2.14.3",
    "Umlaute und Zeichen: äöü €",
    "is this a question?",
    "",
  ])("%s", (name) => {
    expect(dynamicPartOf(name)).toBeUndefined();
    expect(withoutDynamicParts(name)).toBe(name);
  });
});

describe("a value in a name is found, and not shown", () => {
  test.each([
    ["GET /users/42", "a number", "GET /users/?"],
    ["GET /users/42/orders/7", "a number", "GET /users/?/orders/?"],
    ["session:user:12345:cart", "a number", "session:user:?:cart"],
    ["kafka.consume order_events offset=98234", "a number", "kafka.consume order_events offset=?"],
    ["SELECT * FROM users WHERE id=12345", "a number", "SELECT * FROM users WHERE id=?"],
    ["GET /a/3F2504E0-4F89-11D3-9A0C-0305E82C3301", "a UUID", "GET /a/?"],
    ["job 3f2504e04f8911d39a0c0305e82c3301", "a UUID", "job ?"],
    ["GET /c/5f3a9c1e7b2d4a6f", "an identifier", "GET /c/?"],
    ["order-5f3a9c1e7b2d4a6f8", "an identifier", "?"],
    ["mail ada@example.com", "personal data", "mail ?"],
    ["mail [EMAIL_REDACTED]", "personal data", "mail ?"],
    ["GET /search?q=shoes", "a query", "GET /search?…"],
    ["GET /search?all&q=shoes", "a query", "GET /search?…"],
    ["GET /0#=ada@example.com", "a number", "GET /?#=?"],
  ])("%s", (name, part, shown) => {
    expect(dynamicPartOf(name)).toBe(part);
    expect(withoutDynamicParts(name)).toBe(shown);
  });

  test("whatever is around it, and what is shown has none any more", () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { maxLength: 4 });
    const values = fc.oneof(fc.uuid(), fc.integer({ min: 1_000 }).map(String), fc.emailAddress());
    fc.assert(
      fc.property(words, values, words, (before, value, after) => {
        const name = ["GET", `/${[...before, value, ...after].join("/")}`].join(" ");
        const shown = withoutDynamicParts(name);

        expect(dynamicPartOf(name)).toBeDefined();
        expect(shown).not.toContain(value);
        expect(dynamicPartOf(shown)).toBeUndefined();
      }),
      { examples: [[[], "5000#=ada@example.com", []]] },
    );
  });
});

test("any text is judged without an error, and a long one by its beginning", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 400 }), (name) => {
      dynamicPartOf(name);
      expect(withoutDynamicParts(name).length).toBeLessThanOrEqual(Math.max(name.length, 202));
    }),
  );
  expect(withoutDynamicParts("x".repeat(100_000)).length).toBeLessThanOrEqual(202);
});
