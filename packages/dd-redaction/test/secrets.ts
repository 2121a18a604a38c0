import fc from "fast-check";
import { fillPlaceholders } from "../corpus/fake-values.ts";

/** One example per rule of the default preset, made up at run time. */
export const plantedSecrets: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    private_key: "{pem:RSA PRIVATE KEY}",
    anthropic_key: "sk{dash}ant-api03-{alnum:60}",
    openai_key: "sk{dash}proj-{alnum:48}",
    aws_key: "{aws:AKIA}",
    google_key: "{gkey}",
    azure_key: "AccountKey={b64:86}==",
    github_token: "ghp{us}{alnum:36}",
    slack_token: "xoxb{dash}{digits:12}-{alnum:24}",
    stripe_key: "sk{us}live_{alnum:24}",
    provider_key: "glpat{dash}{alnum:20}",
    jwt: "{jwt}",
    payment_card: "4111 1111 1111 1111",
    ssn: "219-09-9999",
    iban: "DE89 3704 0044 0532 0130 00",
    email: "ada.lovelace@example.com",
    phone: "+14155552671",
  }).map(([rule, template], index) => [rule, fillPlaceholders(template, index)]),
);

/** Any planted secret. */
export const secret: fc.Arbitrary<string> = fc.constantFrom(...Object.values(plantedSecrets));

/** Text that no rule matches. */
export const harmlessWord: fc.Arbitrary<string> = fc.constantFrom(
  "the",
  "model",
  "claude-sonnet-4-20250514",
  "answered",
  "42",
  "日本語",
  "🙂",
  "v1.2.3",
  "550e8400-e29b-41d4-a716-446655440000",
  "(see",
  "above)",
  "{}",
  "[1,2]",
  '"quoted"',
);

/** A text with one secret between words. */
export const textWithSecret: fc.Arbitrary<{ readonly text: string; readonly secret: string }> = fc
  .tuple(
    fc.array(harmlessWord, { maxLength: 6 }),
    secret,
    fc.array(harmlessWord, { maxLength: 6 }),
    fc.constantFrom(" ", "\n", "\t", " | "),
  )
  .map(([before, planted, after, separator]) => ({
    text: [...before, planted, ...after].join(separator),
    secret: planted,
  }));
