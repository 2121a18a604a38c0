import { flat } from "./texts.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

function pseudoRandom(length: number, characters: string): string {
  let state = 42;
  let text = "";
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    text += characters[(state >>> 8) % characters.length];
  }
  return text;
}

const units: Readonly<Record<string, string>> = {
  "one long word": "a",
  "at signs": "@",
  "at and dots": "a@a.",
  "dots after at": ".a",
  digits: "4111",
  "digits and dashes": "1-",
  "digits and spaces": "4 ",
  "digits and brackets": "(0) ",
  "phone like": "+1 415 ",
  bearer: "Bearer ",
  "bearer token": "Bearer a.",
  sk: "sk-",
  "jwt starts": "-eyJ",
  "jwt starts with dots": "eyJ.",
  "private keys": "-----BEGIN PRIVATE KEY-----",
  "private key starts": "-----BEGIN ",
  "pair signs": ":",
  "pair signs with spaces": " = ",
  "open secrets": '"secret":"',
  "open objects": '"secret":{',
  "nested quotes": '\\"password\\":',
  "quotes and colons": '":',
  "password equals": "password=",
  "token colon": "token: ",
  backslashes: "\\",
  "ascii escapes": "\\u0041",
  schemes: "a://",
  "schemes with colon": "a://b:",
  brackets: "[",
  labels: "[EMAIL_REDACTED]",
  "iban starts": "DE89 ",
  "ipv6 like": "a:",
  "percent at": "%40",
  "wide letters": "é",
  "wide address": "é@",
  cookies: "cookie: a=",
  hyphens: "--",
  equals: "--password ",
  logins: "curl -u aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ",
  "token starts": "glrt-sk_key-dapi",
};

/** Names and texts meant to make a redactor slow, each of `length` characters. */
export function adversarialTexts(length: number): Map<string, string> {
  const texts = new Map<string, string>([
    ["hex", pseudoRandom(length, "0123456789abcdef")],
    ["base64url", pseudoRandom(length, alphabet)],
    ["base64", pseudoRandom(length, alphabet.replace("-_", "+/"))],
  ]);
  for (const [name, unit] of Object.entries(units)) {
    texts.set(name, unit.repeat(Math.ceil(length / unit.length)).slice(0, length));
  }
  texts.set("at after a long word", `${"a".repeat(length - 8)}@a.bc x`);
  texts.set("dots after one at", `a@${"a.".repeat(length >> 1)}`);
  for (const [name, text] of texts) texts.set(name, flat(text));
  return texts;
}
