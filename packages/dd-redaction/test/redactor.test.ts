import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { createRedactor, createStreamRedactor, RedactionConfigurationError } from "../src/index.ts";
import { harmlessWord, plantedSecrets, textWithSecret } from "./secrets.ts";

const redactor = createRedactor();

describe("redact", () => {
  it.each(Object.entries(plantedSecrets))("replaces a value of the rule %s", (rule, secret) => {
    const fresh = createRedactor();

    const output = fresh.redact(`before ${secret} after`);

    expect(output).not.toContain(secret);
    expect(output).toMatch(/^before \[[A-Z_]+\] after$/);
    expect(fresh.report().rules).toEqual({ [rule]: 1 });
  });

  it("lets no planted secret through and is idempotent", () => {
    fc.assert(
      fc.property(textWithSecret, ({ text, secret }) => {
        const once = redactor.redact(text);
        expect(once).not.toContain(secret);
        expect(redactor.redact(once)).toBe(once);
      }),
      { numRuns: 500 },
    );
  });

  it("is idempotent and never throws for any text", () => {
    const nasty = fc.stringMatching(/^[-+@.:=/"'\\[\]{}()0-9a-cA-C_ ,;%]{0,80}$/);
    fc.assert(
      fc.property(fc.oneof(nasty, fc.string({ unit: "binary" }), fc.string()), (text) => {
        const once = redactor.redact(text);
        expect(redactor.redact(once)).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });

  it("is idempotent where secrets touch each other", () => {
    const piece = fc.oneof(
      fc.constantFrom(...Object.values(plantedSecrets), "password=", '"token":"', "Bearer "),
      harmlessWord,
      fc.constantFrom(" ", "  ", "-", ".", ":", "=", "@", '"', "'", "/", "(", "\n", "9", "x"),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const once = redactor.redact(pieces.join(""));
        expect(redactor.redact(once)).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });

  it("returns the same string when nothing matched", () => {
    fc.assert(
      fc.property(fc.array(harmlessWord, { maxLength: 30 }), (words) => {
        const text = words.join(" ");
        expect(Object.is(redactor.redact(text), text)).toBe(true);
      }),
    );
  });

  it.each([
    ["a span id", "17293847562938475629"],
    ["a trace id", "0af7651916cd43dd8448eb211c80319c"],
    ["a traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"],
    ["a UUID", "550e8400-e29b-41d4-a716-446655440000"],
    ["a date", "2024-11-20T01:43:07.123Z"],
    ["a model id", "claude-sonnet-4-20250514"],
    ["another model id", "gpt-5-2025-08-07"],
    ["a price", "0.00000123456789"],
    ["a package", "react@18.3.1"],
    ["a repository", "git@github.com:llmdevops/dd.git"],
  ])("leaves %s alone", (_, text) => {
    expect(redactor.redact(text)).toBe(text);
  });

  it("leaves any 64-bit decimal id and any 128-bit hexadecimal id alone", () => {
    const decimal = fc.bigInt({ min: 10n ** 16n, max: 2n ** 64n - 1n }).map(String);
    const hexadecimal = fc
      .bigInt({ min: 0n, max: 2n ** 128n - 1n })
      .map((id) => id.toString(16).padStart(32, "0"));
    fc.assert(
      fc.property(fc.oneof(decimal, hexadecimal), (id) => {
        expect(redactor.redact(`trace_id=${id}`)).toBe(`trace_id=${id}`);
      }),
      { numRuns: 2000 },
    );
  });

  it("leaves any UUID alone, also one of digits only", () => {
    const digits = fc.string({
      unit: fc.constantFrom(..."0123456789"),
      minLength: 32,
      maxLength: 32,
    });
    const sparse = fc.string({
      unit: fc.constantFrom(..."00112233445566778899ab"),
      minLength: 32,
      maxLength: 32,
    });
    const uuids = fc
      .oneof(fc.uuid(), digits, sparse)
      .map((text) => text.replaceAll("-", ""))
      .map((hex) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"));
    const redactors = (["default", "gdpr", "hipaa"] as const).map((preset) =>
      createRedactor({ preset }),
    );
    fc.assert(
      fc.property(uuids, fc.constantFrom("", "run ", "call-", "id="), (uuid, before) => {
        for (const each of redactors) expect(each.redact(before + uuid)).toBe(before + uuid);
      }),
      { numRuns: 3000 },
    );
  });

  it("leaves a UUID alone that has a bank account's check digits in it", () => {
    const text = "run BAAAE0C4-1650-0270-9011-755983613217 ended";
    expect(redactor.redact(text)).toBe(text);
  });

  it("replaces a UUID where a rule of the application asks for it", () => {
    const own = createRedactor({ customRules: [{ name: "id", pattern: /[0-9a-f]{8}-/ }] });
    expect(own.redact("550e8400-e29b-41d4-a716-446655440000")).not.toContain("550e8400");
  });

  it.each([
    ["a card beside a UUID", "4111-1111-1111-1111 550e8400-e29b-41d4-a716-446655440000"],
    ["a phone number in what is too long for a UUID", "020-7946-0958-a1b2-446655440000x"],
  ])("still replaces %s", (_, text) => {
    expect(redactor.redact(text)).not.toBe(text);
  });

  it("replaces values under sensitive keys in JSON text and keeps it JSON", () => {
    const text =
      '{"password":"hunter2","pin":12,"secret":{"a":[1,"}"]},"secret2":4711,"note":"hi"}';

    expect(JSON.parse(redactor.redact(text))).toEqual({
      password: "[SECRET_REDACTED]",
      pin: 12,
      secret: "[SECRET_REDACTED]",
      secret2: "[SECRET_REDACTED]",
      note: "hi",
    });
  });

  it("understands JSON in JSON strings, however deep", () => {
    let text: string = JSON.stringify({ api_key: 'ab"c\\d', city: "Oslo" });
    for (let depth = 0; depth < 3; depth++) {
      text = JSON.stringify({ arguments: text, at: "ada@example.com" });
      const output = redactor.redact(text);
      expect(output).not.toContain("ab");
      expect(output).not.toContain("ada@");
      let inner: unknown = JSON.parse(output);
      for (let level = depth; level >= 0; level--) {
        inner = JSON.parse((inner as { arguments: string }).arguments);
      }
      expect(inner).toEqual({ api_key: "[SECRET_REDACTED]", city: "Oslo" });
    }
  });

  it("keeps JSON valid whatever the values are", () => {
    const entry = fc.tuple(
      fc.constantFrom("password", "apiKey", "note", "token", "count", "email"),
      fc.jsonValue({ maxDepth: 2 }),
    );
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 5 }), fc.boolean(), (entries, nested) => {
        const json = JSON.stringify(Object.fromEntries(entries));
        const text = nested ? JSON.stringify({ arguments: json }) : json;
        expect(() => JSON.parse(redactor.redact(text))).not.toThrow();
      }),
      { numRuns: 1000 },
    );
  });

  it("sees through escapes of printable characters", () => {
    expect(redactor.redact('{"m":"ada\\u0040example.com"}')).toBe('{"m":"[EMAIL_REDACTED]"}');
    expect(redactor.redact('{"p\\u0061ssword":"hunter2"}')).toBe(
      '{"password":"[SECRET_REDACTED]"}',
    );
    const harmless = '{"m":"a\\u0020b"}';
    expect(redactor.redact(harmless)).toBe(harmless);
  });

  it("keeps the escape before a secret whole", () => {
    expect(redactor.redact("a\\nada@example.com")).toBe("a\\n[EMAIL_REDACTED]");
    expect(redactor.redact("a\\npassword: hunter22")).toBe("a\\npassword: [SECRET_REDACTED]");
  });

  it("replaces overlapping matches as one, named by the more specific rule", () => {
    const key = plantedSecrets["anthropic_key"];

    expect(redactor.redact(`api_key=${key}`)).toBe("api_key=[API_KEY_REDACTED]");
    expect(redactor.redact("password=ada@example.com")).toBe("password=[SECRET_REDACTED]");
    expect(redactor.redact("https://bob:pw@example.com/x")).toBe(
      "https://[URL_CREDENTIALS_REDACTED]@example.com/x",
    );
  });

  it("finds passwords in sentences, on command lines and in headers", () => {
    expect(redactor.redact("My password is Tr0ub4dor, ok?")).toBe(
      "My password is [SECRET_REDACTED], ok?",
    );
    expect(redactor.redact("pearer and so on: this is abc123")).toBe(
      "pearer and so on: this is abc123",
    );
    expect(redactor.redact("run --api-key abc123def --fast")).toBe(
      "run --api-key [SECRET_REDACTED] --fast",
    );
    expect(redactor.redact("Authorization: Digest username=ada, response=0a1b2c")).toBe(
      "Authorization: Digest [SECRET_REDACTED]",
    );
  });

  it("finds secrets behind words that announce another one", () => {
    const block = plantedSecrets["private_key"] ?? "";

    expect(redactor.redact(`Bearer ${block}`)).toBe("Bearer [PRIVATE_KEY_REDACTED]");
    expect(redactor.redact(`Bearer abcdef12${block}`)).not.toContain(block.slice(40));
    expect(redactor.redact("authorization: password=swordfish")).toBe(
      "authorization: password=[SECRET_REDACTED]",
    );
  });

  it("applies a rule only to its targets", () => {
    const logsOnly = createRedactor({ rules: { email: { targets: ["logs"] } } });

    expect(logsOnly.redact("ada@example.com", "logs")).toBe("[EMAIL_REDACTED]");
    expect(logsOnly.redact("ada@example.com", "tags")).toBe("ada@example.com");
    expect(logsOnly.redact("ada@example.com")).toBe("ada@example.com");
  });

  it("falls back to the rules for tags for a target it does not know", () => {
    expect(redactor.redact("ada@example.com", "nowhere" as "tags")).toBe("[EMAIL_REDACTED]");
  });

  it("turns rules on and off by preset and by name", () => {
    const address = "10.1.2.3 ada@example.com";

    expect(createRedactor({ preset: "gdpr" }).redact(address)).toBe(
      "[IP_REDACTED] [EMAIL_REDACTED]",
    );
    expect(createRedactor({ rules: { ipv4: true, email: false } }).redact(address)).toBe(
      "[IP_REDACTED] ada@example.com",
    );
    expect(createRedactor({ preset: "off" }).redact(address)).toBe(address);
    expect(createRedactor({ preset: "off" }).shouldBlock("password")).toBe(true);
    expect(
      createRedactor({ rules: { email: { label: "[MAIL]" }, ipv4: { label: "[IP]" } } }).redact(
        address,
      ),
    ).toBe("10.1.2.3 [MAIL]");
  });

  it("gives the same result with and without memory, and counts every time", () => {
    const forgetful = createRedactor({ memo: false });
    const remembering = createRedactor();
    const text = "x".repeat(100).concat(" ada@example.com and bob@example.org");

    for (let time = 1; time <= 5; time++) {
      expect(remembering.redact(text)).toBe(forgetful.redact(text));
      expect(remembering.report().rules).toEqual({ email: time * 2 });
    }
  });

  it("keeps what touches a secret from becoming one", () => {
    expect(redactor.redact("4111111111111111-219-09-9999")).toBe("[CC_REDACTED]-[SSN_REDACTED]");
    expect(redactor.redact("+14155552671 550e8400-e29b")).toBe("[PHONE_REDACTED] 550e8400-e29b");
    expect(redactor.redact("DE89 3704 0044 0532 0130 00 4111 1111 1111 1111")).toBe(
      "[IBAN_REDACTED] [CC_REDACTED]",
    );
  });

  it("takes a point in time for no key, and what it is a part of for one", () => {
    for (const time of ["at 2024-11-20T12:30:59Z", "2024-11-20T12:hunter2hunter2", "T12:30:59"]) {
      expect(redactor.redact(time)).toBe(time);
    }
    for (const key of ["password-2024-11-20T12", "apiKey-20T12", "secret_1-20T12"]) {
      expect(redactor.redact(`${key}: hunter2hunter2`)).toBe(`${key}: [SECRET_REDACTED]`);
    }
    const own = createRedactor({ keys: { block: ["shift"] } });
    expect(own.redact("shift-2024-11-20T12: hunter2hunter2")).toBe(
      "shift-2024-11-20T12: [SECRET_REDACTED]",
    );
  });

  it("takes no label for a sensitive key", () => {
    const text = '{"[PRIVATE_KEY_REDACTED]":1,"[API_KEY:0123456789abcdef]":"x"}';

    expect(redactor.redact(text)).toBe(text);
    expect(redactor.shouldBlock("[API_KEY_REDACTED]")).toBe(false);
    expect(redactor.shouldBlock("[API_KEY_REDACTED].password")).toBe(true);
  });

  it("reads numbers as well as texts", () => {
    expect(redactor.redactValue(4111111111111111)).toBe("[CC_REDACTED]");
    expect(redactor.redactValue(1732153387123)).toBe(1732153387123);
  });
});

describe("wrong arguments", () => {
  it.each([undefined, null, 7, Symbol("s"), Object.create(null) as object])(
    "fails closed for what is no text",
    (wrong) => {
      const fresh = createRedactor({ keyPolicies: { note: "keep" } });
      const text = wrong as unknown as string;

      expect(() => fresh.redact(text)).not.toThrow();
      expect(fresh.shouldBlock(text)).toBe(true);
      expect(fresh.redactEntry(text, "value")).toBe("[REDACTED]");
    },
  );

  it("redacts for a target it does not know as for tags", () => {
    expect(redactor.redactValue(["ada@example.com"], "toString" as "tags")).toEqual([
      "[EMAIL_REDACTED]",
    ]);
  });
});

describe("replacement", () => {
  const hashKey = "0123456789abcdef";

  it("masks all but the last four letters or digits", () => {
    const masking = createRedactor({ replacement: "mask" });

    expect(masking.redact("card 4111 1111 1111 1111")).toBe("card ********1111");
    expect(masking.redact("password=abc12")).toBe("password=********");
    expect(masking.redact(masking.redact("password=abcdef1234"))).toBe("password=********1234");
  });

  it("hashes equal values to equal labels under one key", () => {
    const hashing = createRedactor({ replacement: "hash", hashKey });
    const other = createRedactor({ replacement: "hash", hashKey: "another key, longer" });

    const output = hashing.redact("ada@example.com, ada@example.com, bob@example.com");
    const labels = output.split(", ");

    expect(labels[0]).toMatch(/^\[EMAIL:[0-9a-f]{16}\]$/);
    expect(labels[1]).toBe(labels[0]);
    expect(labels[2]).not.toBe(labels[0]);
    expect(other.redact("ada@example.com")).not.toBe(labels[0]);
    expect(hashing.redact(output)).toBe(output);
  });

  it("stays idempotent in every style", () => {
    for (const replacement of ["label", "mask", "hash"] as const) {
      const styled = createRedactor({ replacement, hashKey });
      fc.assert(
        fc.property(textWithSecret, ({ text, secret }) => {
          const once = styled.redact(text);
          expect(once).not.toContain(secret);
          expect(styled.redact(once)).toBe(once);
        }),
      );
    }
  });
});

describe("options", () => {
  it.each([
    ["an unknown preset", { preset: "all" as "off" }, /preset/],
    ["an unknown rule", { rules: { nonsense: true } as object }, /no rule named nonsense/],
    ["hash without a key", { replacement: "hash" as const }, /hashKey/],
    ["a short key", { hashKey: "short" }, /16 bytes/],
    ["an unknown style", { replacement: "blur" as "mask" }, /replacement/],
    ["a label of another form", { rules: { email: { label: "***" } } }, /label/],
    ["an unknown target", { rules: { email: { targets: ["disk" as "logs"] } } }, /target/],
    ["an unknown key policy", { keyPolicies: { a: "burn" as "mask" } }, /keyPolicies/],
    ["a limit below one", { limits: { maxDepth: 0 } }, /maxDepth/],
    ["a depth that risks the stack", { limits: { maxDepth: 5000 } }, /maxDepth/],
  ])("refuses %s", (_, options, message) => {
    expect(() => createRedactor(options)).toThrow(RedactionConfigurationError);
    expect(() => createRedactor(options)).toThrow(message);
  });

  it("gives its error a stable code", () => {
    expect(() => createRedactor({ hashKey: "" })).toThrow(
      expect.objectContaining({ code: "ERR_REDACTION_CONFIGURATION" }) as Error,
    );
  });
});

describe("options that do not help", () => {
  const fail = () => {
    throw new Error("sk-ant-secret");
  };
  const throwing = new Proxy({}, { get: fail, ownKeys: fail });

  it.each([
    [/cannot be read/, throwing],
    [/cannot be read/, Object.defineProperty({}, "preset", { get: fail, enumerable: true })],
    [/cannot be read/, { keys: throwing }],
    [/cannot be read/, { rules: { email: throwing } }],
    [/rules.email must be/, { rules: { email: "no" } }],
    [/rules.email.enabled must be/, { rules: { email: { enabled: "no" } } }],
    [/customRules\[0\] must be a rule, not null/, { customRules: [null] }],
    [/customRules must be a list/, { customRules: 5 }],
    [/customRules\[0\].name must be/, { customRules: [{ name: 5n, words: ["a"] }] }],
    [/customRules.a.words must be/, { customRules: [{ name: "a", words: 5 }] }],
    [/customRules.a.find must be/, { customRules: [{ name: "a", find: 5 }] }],
    [/rules.email.targets must be/, { rules: { email: { targets: 5 } } }],
    [/hashKey must be a text or bytes, not a symbol/, { hashKey: Symbol("key") }],
    [/memo must be true or false/, { memo: 1 }],
    [/keys.builtIn must be true/, { keys: { builtIn: "no" } }],
    [/keys.block must be a list/, { keys: { block: "name" } }],
    [/sensitiveKeys must be one of/, { sensitiveKeys: "hide" }],
    [/customRuleBudgetMs must be a positive/, { customRuleBudgetMs: Number.NaN }],
    [/limits must be an object/, { limits: [] }],
    [/limits.maxWidth must be/, { limits: { maxWidth: Symbol("wide") } }],
    [/options must be an object/, null],
  ])("are refused by our own error: %s", (message, options) => {
    for (const create of [createRedactor, createStreamRedactor]) {
      expect(() => create(options as object)).toThrow(RedactionConfigurationError);
      expect(() => create(options as object)).toThrow(message);
    }
  });

  it("never show the text of a value that is more than a word", () => {
    const secret = "sk-ant-api03-0123456789abcdefghij";
    for (const name of ["preset", "replacement", "sensitiveKeys", "memo", "customRuleBudgetMs"]) {
      expect(() => createRedactor({ [name]: secret })).toThrow(/not a text of 33 characters/);
    }
    expect(() => createRedactor({ rules: { [secret]: true } as object })).toThrow(
      /named \(a name that/,
    );
  });

  it("are warned of once for all that nothing knows, and do not stop anything", () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const options = {
      presett: "hipaa",
      keys: { blok: ["a"] },
      rules: { email: { lable: "[A]" } },
      customRules: [{ name: "a", words: ["b"], target: "logs" }],
      "sk-ant-api03-0123456789abcdefghij": 1,
    };

    expect(createRedactor(options as object).redact("mail ada@example.com")).toBe(
      "mail [EMAIL_REDACTED]",
    );
    expect(warn).toHaveBeenCalledTimes(1);
    const message = String(warn.mock.calls[0]?.[0]);
    for (const name of ["presett", "keys.blok", "rules.email.lable", "customRules.0.target"]) {
      expect(message).toContain(name);
    }
    expect(message).not.toContain("sk-ant");
    createRedactor({ preset: "hipaa", rules: { email: true } });
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });
});
