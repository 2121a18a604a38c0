/** What a credential with a fixed prefix looks like: `stem` + `anchor` + `rest`. */
export interface TokenShape {
  /** Name of the rule it belongs to. */
  readonly rule: string;
  /** Literal text before the anchor. */
  readonly stem: string;
  /** One character of the prefix that is rare in prose; the search is for it. */
  readonly anchor: string;
  /** What follows the anchor; linear. */
  readonly rest: RegExp;
  /** Whether it may follow a letter or digit: no other text looks like it. */
  readonly anywhere: boolean;
}

function shape(rule: string, stem: string, anchor: string, rest: RegExp): TokenShape {
  return { rule, stem, anchor, rest, anywhere: false };
}

function unmistakable(rule: string, stem: string, anchor: string, rest: RegExp): TokenShape {
  return { rule, stem, anchor, rest, anywhere: true };
}

/**
 * Credentials of providers by their published prefixes (GitHub secret scanning patterns and the
 * providers' own documentation), the more specific first.
 */
export const tokenShapes: readonly TokenShape[] = [
  unmistakable("anthropic_key", "sk", "-", /ant-[\w-]{16,}/),
  shape("provider_key", "sk", "-", /or-v\d-[\w-]{16,}/),
  shape("provider_key", "sk", "-", /lf-[\w-]{16,}/),
  unmistakable("openai_key", "sk", "-", /(?:proj|svcacct|admin|None)-[\w-]{16,}/),
  shape("openai_key", "sk", "-", /(?=[\w-]{0,40}\d)[\w-]{20,}|[A-Za-z0-9]{20,}/),
  unmistakable("stripe_key", "sk", "_", /(?:live|test)_[A-Za-z0-9]{10,}/),
  unmistakable("stripe_key", "rk", "_", /(?:live|test)_[A-Za-z0-9]{10,}/),
  shape("stripe_key", "whsec", "_", /[A-Za-z0-9+/]{24,}={0,2}/),
  unmistakable("github_token", "ghp", "_", /[A-Za-z0-9]{36,}/),
  unmistakable("github_token", "gho", "_", /[A-Za-z0-9]{36,}/),
  unmistakable("github_token", "ghu", "_", /[A-Za-z0-9]{36,}/),
  unmistakable("github_token", "ghs", "_", /[A-Za-z0-9]{36,}/),
  unmistakable("github_token", "ghr", "_", /[A-Za-z0-9]{36,}/),
  unmistakable("github_token", "github", "_", /pat_\w{36,}/),
  unmistakable("slack_token", "xo", "x", /[abcdeoprs][.-][A-Za-z0-9%.+/-]{10,}/),
  shape("slack_token", "xapp", "-", /\d-[A-Za-z0-9-]{10,}/),
  unmistakable(
    "slack_token",
    "hooks.slack.com",
    "/",
    /(?:services|workflows|triggers)\/[\w/]{20,}/,
  ),
  unmistakable("aws_key", "", "A", /(?:KIA|SIA)[A-Z2-7]{16}/),
  shape("google_key", "", "A", /Iza[\w-]{35,}/),
  shape("google_key", "GOCSPX", "-", /[\w-]{20,}/),
  shape("google_key", "ya2", "9", /\.[\w-]{20,}(?:\.[\w-]{8,})*/),
  // Client secrets of Microsoft Entra: three characters, a digit, `Q~`, 31 to 34 characters.
  shape("azure_key", "", "Q", /~[\w.~-]{31,34}/),
  shape("azure_key", "AccountKey", "=", /[A-Za-z0-9+/]{40,}={0,2}/),
  shape("azure_key", "SharedAccessKey", "=", /[A-Za-z0-9+/]{40,}={0,2}/),
  shape("azure_key", "sig", "=", /[A-Za-z0-9%+/]{40,}={0,2}/),
  shape("jwt", "ey", "J", /[\w-]{8,}\.[\w-]{8,}(?:(?:\.[\w-]+){1,3}|\.(?![\w-]))?/),
  unmistakable("provider_key", "glpat", "-", /[\w.-]{20,}/),
  shape("provider_key", "npm", "_", /[A-Za-z0-9]{36,}/),
  shape("provider_key", "pypi", "-", /[\w-]{50,}/),
  shape("provider_key", "hf", "_", /[A-Za-z0-9]{30,}/),
  shape("provider_key", "gsk", "_", /[A-Za-z0-9]{40,}/),
  shape("provider_key", "xai", "-", /[A-Za-z0-9]{40,}/),
  shape("provider_key", "pplx", "-", /[A-Za-z0-9]{40,}/),
  shape("provider_key", "r8", "_", /[A-Za-z0-9]{37,}/),
  shape("provider_key", "lsv2", "_", /(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}/),
  shape("provider_key", "S", "G", /\.[\w-]{16,32}\.[\w-]{32,64}/),
  shape("provider_key", "dop", "_", /v1_[a-f0-9]{64}/),
  shape("provider_key", "shpat", "_", /[a-fA-F0-9]{32}/),
];
