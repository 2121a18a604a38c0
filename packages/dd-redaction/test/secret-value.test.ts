import { describe, expect, test } from "vitest";
import { createRedactor } from "../src/index.ts";

const redactor = createRedactor();
/** What a template of code holds in place of a value; written so that it is none here. */
const inserted = (name: string) => ["$", "{", name, "}"].join("");

describe("code and prose beside a sensitive key stay", () => {
  test.each([
    "Create a new API key: https://example.com/account?to=%2Fapi-keys",
    "headers: { Authorization: `Bearer {token}` },".replace("{token}", inserted("token")),
    `Authorization: "Bearer ${inserted("this.apiKey")}"`,
    '{"authorization":"Bearer <token>","password":"[redacted]","secret":"[Filtered]"}',
    "const token = authorization?.match(/^bearer (.+)$/i)?.[1];",
    "jwt: /^[A-Za-z0-9-_]+$/",
    "credentials?: AccessTokenProvider | null | undefined;",
    "token: refreshTokenProvider",
  ])("%s", (text) => {
    expect(redactor.redact(text)).toBe(text);
  });
});

describe("a value that only resembles code goes", () => {
  test.each([
    "password=https-is-not-an-address1",
    'authorization: "Bearer q1w2e3r4t5"',
    'authorization: "Bearer [redacted] q1w2e3r4"',
    "password=CorrectHorseBatteryStaple",
    "password: CorrectHorseBatteryStaple",
    "api_key: https://user:q1w2e3r4@example.com",
    "webhook_secret=https://example.com/q1w2e3r4",
    "secret: kXqZvBnMwRtYpLsDfGhJ",
    '"password":"token q1w2e3r4"',
  ])("%s", (text) => {
    const output = redactor.redact(text);

    expect(output).toMatch(/_REDACTED\]/);
    expect(output).not.toMatch(/q1w2e3r4|BatteryStaple|kXqZ|address1/);
  });
});

describe("keys that are written in one word", () => {
  test.each(
    (
      "pgpassword dbpassword dbpass rootpassword adminpassword userpassword userpass sshpass apitoken apisecret " +
      "appsecret consumersecret sharedsecret webhooksecret oauthtoken authkey masterkey sharedkey storagekey " +
      "sharedaccesskey secretaccesskey x-functions-key"
    ).split(" "),
  )("%s is sensitive", (key) => {
    expect(redactor.shouldBlock(key)).toBe(true);
    expect(redactor.shouldBlock(key.toUpperCase())).toBe(true);
  });

  test.each(["passenger", "compass", "bypass", "storagekeyboard", "functions", "authkeyboard"])(
    "%s is not",
    (key) => {
      expect(redactor.shouldBlock(key)).toBe(false);
    },
  );
});
