import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRedactor, createStreamRedactor, type StreamRedactor } from "../src/index.ts";
import { harmlessWord, plantedSecrets, secret } from "./secrets.ts";

const redactor = createRedactor({ memo: false });

function pushAll(stream: StreamRedactor, chunks: readonly string[]): string {
  return chunks.map((chunk) => stream.push(chunk)).join("") + stream.end();
}

function split(text: string, size: number): string[] {
  const chunks: string[] = [];
  for (let index = 0; index < text.length; index += size)
    chunks.push(text.slice(index, index + size));
  return chunks;
}

describe("createStreamRedactor", () => {
  it("gives what redacting the whole text gives, however it is cut", () => {
    const word = fc.oneof({ weight: 8, arbitrary: harmlessWord }, { weight: 1, arbitrary: secret });
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 100, maxLength: 300, size: "max" }),
        fc.integer({ min: 1, max: 900 }),
        (words, size) => {
          const text = words.join(" ");
          expect(pushAll(createStreamRedactor({ redactor }), split(text, size))).toBe(
            redactor.redact(text),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it("lets no secret through at any position of the cuts", () => {
    for (const planted of Object.values(plantedSecrets)) {
      for (let shift = 0; shift < planted.length; shift += 7) {
        const text = `${"word ".repeat(100)}${"x".repeat(shift)} ${planted} ${"word ".repeat(300)}`;
        const output = pushAll(createStreamRedactor({ redactor, lookBack: 512 }), split(text, 13));
        expect(output).not.toContain(planted);
        expect(output).toBe(redactor.redact(text));
      }
    }
  });

  it("lets text go before the end", () => {
    const stream = createStreamRedactor();

    const output = stream.push("word ".repeat(400));

    expect(output.length).toBeGreaterThan(1000);
    expect(stream.end().length).toBeGreaterThan(0);
  });

  it.each([
    [
      "a private key",
      `-----BEGIN PRIVATE KEY-----\n${"MIIEabcd+/12\n".repeat(3000)}-----END PRIVATE KEY-----`,
      "[PRIVATE_KEY_REDACTED]",
    ],
    [
      "a quoted secret",
      `{"password":"${'ab\\"cd\\\\'.repeat(3000)}","n":1}`,
      '{"password":"[SECRET_REDACTED]","n":1}',
    ],
    [
      "an escaped secret",
      `"{\\"password\\":\\"${'ab\\\\\\"cd'.repeat(3000)}\\",\\"n\\":1}"`,
      '"{\\"password\\":\\"[SECRET_REDACTED]\\",\\"n\\":1}"',
    ],
    ["a token", `${plantedSecrets["jwt"]}${"abcd".repeat(5000)}`, "[JWT_REDACTED]"],
  ])("reads over %s that is longer than it holds", (_, long, replacement) => {
    for (const size of [1, 13, 1000, 100_000]) {
      const output = pushAll(
        createStreamRedactor({ redactor }),
        split(`before ${long} after`, size),
      );
      expect(output).toBe(`before ${replacement} after`);
    }
  });

  it("lets nothing more go when a sensitive object never ends", () => {
    const text = `{"secret":{"a":"${"x y ".repeat(5000)}"},"b":"later"}`;

    expect(pushAll(createStreamRedactor({ redactor }), split(text, 50))).toBe(
      '{"secret":"[SECRET_REDACTED]"',
    );
  });

  it("sees escaped secrets", () => {
    const text = `{"m":"ada\\u0040example.com"} ${"word ".repeat(300)}`;

    expect(pushAll(createStreamRedactor({ redactor }), split(text, 5))).toBe(redactor.redact(text));
  });

  it("lets nothing more of a text go after a rule failed, and starts afresh with the next", () => {
    let calls = 0;
    const failing = createRedactor({
      customRules: [
        {
          name: "broken",
          find: () => {
            if (++calls === 1) throw new Error("bug");
            return [];
          },
        },
      ],
    });
    const stream = createStreamRedactor({ redactor: failing });

    expect(pushAll(stream, split("word ".repeat(500), 100))).toBe("[REDACTION_FAILED]");
    expect(failing.report().failures).toEqual({ broken: 1 });
    expect(pushAll(stream, ["next"])).toBe("next");
  });

  it("takes redactor options of its own and counts in the redactor it shares", () => {
    const stream = createStreamRedactor({ rules: { email: { label: "[MAIL]" } } });
    expect(pushAll(stream, ["ada@exa", "mple.com"])).toBe("[MAIL]");

    const shared = createRedactor();
    pushAll(createStreamRedactor({ redactor: shared }), ["ada@exa", "mple.com"]);
    expect(shared.report().rules).toEqual({ email: 1 });
  });

  it("leaves out chunks that are no strings", () => {
    const stream = createStreamRedactor();

    expect(pushAll(stream, [undefined, "a", Object.create(null), "b"] as string[])).toBe("ab");
  });

  it("refuses wrong options", () => {
    expect(() => createStreamRedactor({ lookBack: 1 })).toThrow(/lookBack/);
    expect(() => createStreamRedactor({ target: "disk" as "logs" })).toThrow(/target/);
    const foreign = { ...redactor } as typeof redactor;
    expect(() => createStreamRedactor({ redactor: foreign })).toThrow(/createRedactor/);
  });
});
