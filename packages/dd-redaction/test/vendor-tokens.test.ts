import { describe, expect, test } from "vitest";
import { createRedactor } from "../src/index.ts";

const lower = "abcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";
const alphabets: Readonly<Record<string, string>> = {
  a: lower + lower.toUpperCase() + digits,
  h: "0123456789abcdef",
  d: digits,
  s: "$",
  l: lower + digits,
  U: lower.toUpperCase() + digits,
  B: `${lower.toUpperCase()}234567`,
};

/** Fills `{a40}` with 40 characters of an alphabet, the same in every run; this file holds no credential. */
function fill(form: string): string {
  let state = form.length;
  const next = (alphabet: string) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return alphabet[(state >>> 9) % alphabet.length] ?? "";
  };
  return form.replace(/\{(\w)(\d+)\}/g, (_, kind: string, count: string) => {
    const length = Number(count);
    const filled = Array.from({ length }, () => next(alphabets[kind] ?? "")).join("");
    // A digit and both cases: what every long random text has somewhere.
    return kind === "a" && length > 3 ? `${filled.slice(3)}7Qz` : filled;
  });
}

/** Forms of the vendors' own documentation and of GitHub's secret scanning. */
const forms: readonly (readonly [vendor: string, form: string])[] = [
  ["OpenAI, legacy", "sk-{a48}"],
  ["OpenAI, project", "sk-proj-{a60}_{a60}"],
  ["OpenAI, service account", "sk-svcacct-{a60}"],
  ["OpenAI, administrator", "sk-admin-{a60}"],
  ["Anthropic", "sk-ant-api03-{a80}-{a10}AA"],
  ["Anthropic, OAuth", "sk-ant-oat01-{a80}"],
  ["DeepSeek", "sk-{h32}"],
  ["OpenRouter", "sk-or-v1-{h64}"],
  ["Groq", "gsk_{a52}"],
  ["xAI", "xai-{a80}"],
  ["Perplexity", "pplx-{a48}"],
  ["Hugging Face", "hf_{a34}"],
  ["Hugging Face, organisation", "api_org_{a34}"],
  ["Replicate", "r8_{a37}"],
  ["NVIDIA", "nvapi-{a64}"],
  ["Cerebras", "csk-{l48}"],
  ["Together", "tgp_v1_{a43}"],
  ["Fireworks", "fw_{a24}"],
  ["Voyage", "pa-{a43}"],
  ["Pinecone", "pcsk_{a6}_{a60}"],
  ["Tavily", "tvly-dev-{a32}"],
  ["ElevenLabs", "sk_{h48}"],
  ["LangSmith", "lsv2_pt_{h32}_{h10}"],
  ["LangSmith, older", "ls__{h32}"],
  ["Firecrawl", "fc-{h32}"],
  ["Jina", "jina_{h32}{a30}"],
  ["E2B", "e2b_{h40}"],
  ["AWS", "AKIA{B16}"],
  ["AWS, temporary", "ASIA{B16}"],
  ["AWS, bearer", "ABIA{B16}"],
  ["Amazon Bedrock", "ABSK{a120}"],
  ["Amazon Bedrock, session", "bedrock-api-key-{a100}"],
  ["Google, API", "AIzaSy{a33}"],
  ["Google, access token", "ya29.{a60}"],
  ["Google, refresh token", "1//0{d1}{a60}"],
  ["Google, client secret", "GOCSPX-{a28}"],
  ["Microsoft Entra", "ab18Q~{a34}"],
  ["Azure AI services", "{a52}JQQJ99{U8}AC{a16}"],
  ["GitHub", "ghp_{a36}"],
  ["GitHub, fine-grained", "github_pat_{a22}_{a59}"],
  ["GitHub, app", "ghs_{a36}"],
  ["GitLab", "glpat-{a20}"],
  ["GitLab, routable", "glpat-{a27}.01.{l9}"],
  ["GitLab, runner", "glrt-{a20}"],
  ["GitLab, deploy", "gldt-{a20}"],
  ["GitLab, trigger", "glptt-{h40}"],
  ["Slack, bot", "xoxb-{d12}-{d12}-{a24}"],
  ["Slack, application", "xapp-1-A{U10}-{d12}-{h64}"],
  ["Stripe", "sk_live_{a24}"],
  ["Stripe, restricted", "rk_live_{a24}"],
  ["Stripe, webhook", "whsec_{a32}"],
  ["Twilio", "SK{h32}"],
  ["SendGrid", "SG.{a22}.{a43}"],
  ["Mailgun", "key-{h32}"],
  ["Mailchimp", "{h32}-us14"],
  ["Brevo", "xkeysib-{h64}-{a16}"],
  ["Resend", "re_{a8}_{a24}"],
  ["npm", "npm_{a36}"],
  ["PyPI", "pypi-AgEIcHlwaS5vcmc{a150}"],
  ["RubyGems", "rubygems_{h48}"],
  ["Docker", "dckr_pat_{a27}"],
  ["DigitalOcean", "dop_v1_{h64}"],
  ["DigitalOcean, refresh", "dor_v1_{h64}"],
  ["Heroku", "HRKU-{a60}"],
  ["Shopify", "shpat_{h32}"],
  ["Shopify, shared secret", "shpss_{h32}"],
  ["Atlassian", "ATATT3xFfGF0{a170}"],
  ["Bitbucket", "ATBB{a32}"],
  ["Linear", "lin_api_{a40}"],
  ["Notion", "secret_{a43}"],
  ["Notion, newer", "ntn_{d11}{a35}"],
  ["Figma", "figd_{a40}"],
  ["Postman", "PMAK-{h24}-{h34}"],
  ["New Relic", "NRAK-{U27}"],
  ["Grafana", "glsa_{a32}_{h8}"],
  ["Sentry", "sntryu_{h64}"],
  ["Dynatrace", "dt0c01.{U24}.{U64}"],
  ["HashiCorp Vault", "hvs.{a90}"],
  ["Terraform Cloud", "{a14}.atlasv1.{a67}"],
  ["Doppler", "dp.pt.{a43}"],
  ["Pulumi", "pul-{h40}"],
  ["Databricks", "dapi{h32}"],
  ["Supabase", "sbp_{h40}"],
  ["PlanetScale", "pscale_tkn_{a43}"],
  ["Telegram", "{d10}:AA{a33}"],
  ["Discord", "MTA{a23}.G{a5}.{a38}"],
  ["Square", "sq0atp-{a22}"],
  ["PayPal", "access_token{s1}production{s1}{l16}{s1}{h32}"],
  ["Plaid", "access-production-{h8}-{h4}-{h4}-{h4}-{h12}"],
  ["Razorpay", "rzp_live_{a14}"],
  ["Alibaba Cloud", "LTAI{a20}"],
  ["age", "AGE-SECRET-KEY-1{U58}"],
  ["Netlify", "nfp_{a40}"],
  ["Buildkite", "bkua_{h40}"],
  ["OpenShift", "sha256~{a43}"],
  ["RFC 8959", "secret-token:{a20}"],
];

const redactor = createRedactor();

describe("the credentials of", () => {
  test.for(forms)("%s are found wherever they stand, and nothing else goes", ([, form]) => {
    const token = fill(form);

    for (const [before, after] of [
      ["", ""],
      ["use ", " for it"],
      ['{"value":"', '"}'],
      ["(", ")"],
      ["first line\\n", "\\nsecond line"],
      ["https://example.com/?a=1&x=", "&y=2"],
    ]) {
      const output = redactor.redact(`${before}${token}${after}`);

      expect(output).toMatch(/\[[A-Z_]+_REDACTED\]/);
      expect(output).not.toContain(token.slice(-10));
      expect(output.startsWith(before ?? "")).toBe(true);
      expect(output.endsWith(after ?? "")).toBe(true);
    }
  });

  test.each([
    fill("https://hooks.slack.com/services/T{U9}/B{U9}/{a24}"),
    fill("https://discord.com/api/webhooks/{d18}/{a68}"),
    fill("https://acme.webhook.office.com/webhookb2/{h8}-{h28}@{h36}/IncomingWebhook/{h32}/{h36}"),
    fill("https://hooks.zapier.com/hooks/catch/{d7}/{l8}/"),
  ])("the address of a webhook, which is a credential: %s", (address) => {
    expect(redactor.redact(address)).not.toContain(address.slice(-7));
  });
});

describe("what only looks like a credential stays", () => {
  test.each([
    "skip-to-content-link-for-accessibility-users and risk-management-2024",
    "npm_config_registry, hf_hub_download, gsk_learn, fw_version_1_2_3_build_20241120",
    "page-key-d41d8cd98f00b204e9800998ecf8427e",
    "key-value-store-partition-assignment-strategy",
    "access-production-ready-cluster-configuration",
    "secret_santa_list_of_the_year_2024 and the secret-token rotation",
    "pa-system-announcement-for-the-building-2-north-side-and-the-other",
    "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
    "SKU1234567890 and SKIPPED, LTAI, ATBB, ABSK, EZ",
    "cus_NffrFeUfNV2Hib, pi_3MtwBwLkdIwHu7ix28a3tqPa, req_abc123DEF456, asst_abc123",
    "v1.0-2024-11-20 and v1.0-alpha",
    "re_match_2_groups, e2b_sandbox, ops_team_2024, ls__init__, sb_admin_2",
    "2024:AAPL and 123456789:AAPL",
    "MTA in New York. Good morning, everyone.",
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
    "550e8400-e29b-41d4-a716-446655440000",
    "docker run -u 1000:1000 --user node:node image",
    "chown www-data:www-data /srv && curl -fsS http://localhost:8080/health",
  ])("%s", (text) => {
    expect(redactor.redact(text)).toBe(text);
  });
});

describe("logins of command lines", () => {
  test.each([
    [
      "curl -u admin:hunter22 https://example.com",
      "curl -u admin:[SECRET_REDACTED] https://example.com",
    ],
    [
      "curl -sS --user 'admin:hunter22' https://example.com",
      "curl -sS --user 'admin:[SECRET_REDACTED]' https://example.com",
    ],
    [
      `curl ${"-s ".repeat(30)}-u admin:hunter22 x`,
      `curl ${"-s ".repeat(30)}-u admin:[SECRET_REDACTED] x`,
    ],
    [`curl ${"-s ".repeat(60)}-u admin:hunter22 x`, `curl ${"-s ".repeat(60)}-u admin:hunter22 x`],
    ["curl -s x\ndocker run -u 1000:1000group2", "curl -s x\ndocker run -u 1000:1000group2"],
    ["curl page-up:hunter22", "curl page-up:hunter22"],
    ["curl -u $NAME:$PASSWORD https://example.com", "curl -u $NAME:$PASSWORD https://example.com"],
    ["PGPASSWORD=abc123 psql", "PGPASSWORD=[SECRET_REDACTED] psql"],
  ])("%s", (text, expected) => {
    expect(redactor.redact(text)).toBe(expected);
  });
});

describe("variables in place of a secret", () => {
  test.each(["password: {s1}{DB_PASSWORD}", "password={s1}{secrets.db}", '"{s1}{TOKEN}"'])(
    "%s stays",
    (form) => {
      const text = fill(form);

      expect(redactor.redact(text)).toBe(text);
    },
  );

  test("a default beside the variable may be the secret", () => {
    expect(redactor.redact(fill("password={s1}{DB_PASSWORD:-hunter22}"))).not.toContain("hunter22");
  });
});

describe("numbers with spaces and hyphens that do not break a line", () => {
  test.each([
    ["+1 (415) 555\u20112671", "[PHONE_REDACTED]"],
    ["+33\u00a06\u00a012\u00a034\u00a056\u00a078", "[PHONE_REDACTED]"],
    ["4111\u00a01111\u202f1111\u20091111", "[CC_REDACTED]"],
    ["123\u201145\u20106789", "[SSN_REDACTED]"],
    ["DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000", "[IBAN_REDACTED]"],
    ["(11) 91234-5678", "[PHONE_REDACTED]"],
  ])("%s is found", (number, label) => {
    expect(redactor.redact(`– ${number} …`)).toBe(`– ${label} …`);
  });

  test.each([
    "2019\u20132024",
    "pages 1\u2013300\u2013412",
    "1\u202f234\u202f567,89 €",
    "2024\u201111\u201120",
    "11) 1234 5678",
  ])("%s is none", (text) => {
    expect(redactor.redact(text)).toBe(text);
  });
});
