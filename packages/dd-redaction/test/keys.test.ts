import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRedactor } from "../src/index.ts";
import { keySegments } from "../src/keys/segments.ts";

const redactor = createRedactor();

describe("shouldBlock", () => {
  it.each([
    ..."password user.password userPassword USER_PASSWORD password2 password_hash passwordConfirm".split(
      " ",
    ),
    ..."secret client_secret clientSecret CLIENT-SECRET secretValue authorization Authorization".split(
      " ",
    ),
    ..."proxy-authorization cookie set-cookie Set-Cookie cookies.session api-key x-api-key apiKey".split(
      " ",
    ),
    ..."APIKey api_key apikey X_API_KEY access_token accessToken refreshToken id_token auth.token".split(
      " ",
    ),
    ..."token http.request.header.authorization db.credentials private_key privateKey ssn".split(
      " ",
    ),
    ..."DB_PASSWORD DBPassword passphrase connectionString secret_id пароль contraseña 密码".split(
      " ",
    ),
  ])("blocks %s", (key) => {
    expect(redactor.shouldBlock(key)).toBe(true);
  });

  it.each([
    ..."llm.input_tokens llm.output_tokens llm.total_tokens llm.cache_read_input_tokens".split(" "),
    ..."llm.time_to_first_token_ms llm.tokens_per_second llm.time_per_output_token".split(" "),
    ..."llm.request.tokens.cache_write llm.prompt_hash agent.run_id agent.tool tool.cached".split(
      " ",
    ),
    ..."author tokenizer monkey keyboard key keys primary_key cache_key public_key idempotency_key".split(
      " ",
    ),
    ..."next_token eos_token max_tokens token_count token_type secret_name password_reset_at".split(
      " ",
    ),
    ..."session_id user_id _dd.p.tid dd.trace_id env service version peer.service passenger".split(
      " ",
    ),
    ..."authority secretary cookiecutter compass bypass".split(" "),
    "",
    "...",
  ])("lets %s pass", (key) => {
    expect(redactor.shouldBlock(key)).toBe(false);
  });

  it("decides the same for every spelling of the same segments", () => {
    const word = fc.constantFrom("user", "db", "api", "key", "password", "token", "count", "name");
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
        const camel = words
          .map((part, index) => (index === 0 ? part : part[0]?.toUpperCase() + part.slice(1)))
          .join("");
        const spellings = [
          words.join("_"),
          words.join("."),
          words.join("-"),
          camel,
          words.join("_").toUpperCase(),
        ];
        const [first, ...rest] = spellings.map((key) => redactor.shouldBlock(key));
        for (const decision of rest) expect(decision).toBe(first);
      }),
    );
  });

  it("blocks further keys and allows others", () => {
    const own = createRedactor({ keys: { block: ["customer.name"], allow: ["public.token"] } });

    expect(own.shouldBlock("order.customerName")).toBe(true);
    expect(own.shouldBlock("customer.names")).toBe(false);
    expect(own.shouldBlock("publicToken")).toBe(false);
    expect(own.shouldBlock("other.public_token")).toBe(true);
  });

  it("knows only the given keys when the built-in words are off", () => {
    const own = createRedactor({ keys: { builtIn: false, block: ["badge"] } });

    expect(own.shouldBlock("password")).toBe(false);
    expect(own.shouldBlock("user.badge")).toBe(true);
    expect(own.redact('{"password":"hunter2","badge":"b-17"}')).toBe(
      '{"password":"hunter2","badge":"[SECRET_REDACTED]"}',
    );
  });

  it("decides by the end of a key that is too long", () => {
    expect(redactor.shouldBlock(`${"a.".repeat(5000)}password`)).toBe(true);
  });

  it("decides right again after more keys than it remembers", () => {
    const fresh = createRedactor();
    for (let index = 0; index < 5000; index++) fresh.shouldBlock(`key_${index}`);

    expect(fresh.shouldBlock("user.password")).toBe(true);
    expect(fresh.shouldBlock("key_1")).toBe(false);
  });
});

describe("redactEntry", () => {
  it("replaces the value under a sensitive key whatever its type", () => {
    for (const value of ["x", 1, true, 10n, ["a"], { a: 1 }, new Map(), () => 1, Symbol("s")]) {
      expect(redactor.redactEntry("user.password", value)).toBe("[REDACTED]");
    }
  });

  it("leaves nothing under a sensitive key as nothing", () => {
    expect(redactor.redactEntry("password", null)).toBe(null);
    expect(redactor.redactEntry("password", undefined)).toBe(undefined);
  });

  it("redacts the value under any other key", () => {
    expect(redactor.redactEntry("note", "ada@example.com")).toBe("[EMAIL_REDACTED]");
    expect(redactor.redactEntry("llm.input_tokens", 1234)).toBe(1234);
  });

  it("leaves blocked keys out and counts them", () => {
    const blocking = createRedactor({ sensitiveKeys: "block" });

    expect(blocking.redactEntry("password", "x")).toBe(undefined);
    expect(blocking.redactValue({ password: "x", a: 1, m: new Map([["token", 1]]) })).toEqual({
      a: 1,
      m: new Map(),
    });
    expect(blocking.report().keys).toBe(3);
  });

  it("follows the policy of a key in any spelling", () => {
    const own = createRedactor({
      hashKey: "0123456789abcdef",
      keyPolicies: {
        "user.id": "hash",
        card: "mask",
        password: "keep",
        "raw.text": "block",
        note: "replace",
        token: "redact",
      },
    });

    expect(own.redactEntry("userId", "u-17")).toMatch(/^\[REDACTED:[0-9a-f]{16}\]$/);
    expect(own.redactEntry("user_id", "u-17")).toBe(own.redactEntry("user.id", "u-17"));
    expect(own.redactEntry("card", "4111111111111111")).toBe("********1111");
    expect(own.redactEntry("password", "ada@example.com")).toBe("ada@example.com");
    expect(own.redactEntry("rawText", "x")).toBe(undefined);
    expect(own.redactEntry("note", "x")).toBe("[REDACTED]");
    expect(own.redactEntry("token", "ada@example.com")).toBe("[EMAIL_REDACTED]");
  });
});

describe("keySegments", () => {
  it.each([
    ["x-api-key", ["x", "api", "key"]],
    ["xApiKey", ["x", "api", "key"]],
    ["APIKeyID", ["api", "key", "id"]],
    ["password2", ["password", "2"]],
    ["ПарольПользователя", ["пароль", "пользователя"]],
    ["ｐａｓｓｗｏｒｄ", ["password"]],
    ["__proto__", ["proto"]],
  ])("splits %s", (key, segments) => {
    expect(keySegments(key)).toEqual(segments);
  });
});
