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
  /** What stands before the anchor in place of a stem, where it differs from token to token. */
  readonly lead?: TokenLead;
}

/** The beginning of a token that has no fixed text. */
export interface TokenLead {
  readonly length: number;
  /** Tests the beginning, cut to its length. */
  readonly pattern: RegExp;
  /** Source of a pattern for what follows the anchor, so that the search does not stop at every one. */
  readonly ahead: string;
}

export function shape(rule: string, stem: string, anchor: string, rest: RegExp): TokenShape {
  return { rule, stem, anchor, rest, anywhere: false };
}

export function unmistakable(rule: string, stem: string, anchor: string, rest: RegExp): TokenShape {
  return { rule, stem, anchor, rest, anywhere: true };
}

/** A token that begins with `length` characters which differ from token to token. */
export function led(rule: string, lead: TokenLead, anchor: string, rest: RegExp): TokenShape {
  return { rule, stem: "", anchor, rest, anywhere: false, lead };
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
  shape("slack_token", "xwfp", "-", /[A-Za-z0-9-]{20,}/),
  unmistakable(
    "slack_token",
    "hooks.slack.com",
    "/",
    /(?:services|workflows|triggers)\/[\w/]{20,}/,
  ),
  unmistakable("aws_key", "", "A", /(?:KIA|SIA|BIA|CCA)[A-Z2-7]{16}/),
  // Keys of Amazon Bedrock: for long, and for a session.
  shape("aws_key", "", "A", /BSK[A-Za-z0-9+/]{100,}={0,2}/),
  shape("aws_key", "bedrock", "-", /api-key-[A-Za-z0-9+/]{40,}={0,2}/),
  shape("google_key", "", "A", /Iza[\w-]{35,}/),
  shape("google_key", "GOCSPX", "-", /[\w-]{20,}/),
  shape("google_key", "1/", "/", /0[\w-]{40,}/),
  shape("google_key", "ya2", "9", /\.[\w-]{20,}(?:\.[\w-]{8,})*/),
  // Client secrets of Microsoft Entra: three characters, a digit, `Q~`, 31 to 34 characters.
  led("azure_key", { length: 4, pattern: /^[\w.~-]{3}\d$/, ahead: "~" }, "Q", /~[\w.~-]{31,34}/),
  // Keys of Azure's AI services, 84 characters with a mark in the middle.
  led(
    "azure_key",
    { length: 53, pattern: /^[A-Za-z0-9]{52}J$/, ahead: "QJ99" },
    "Q",
    /QJ99[A-Za-z0-9]{26}/,
  ),
  shape("azure_key", "AccountKey", "=", /[A-Za-z0-9+/]{40,}={0,2}/),
  shape("azure_key", "SharedAccessKey", "=", /[A-Za-z0-9+/]{40,}={0,2}/),
  shape("azure_key", "sig", "=", /[A-Za-z0-9%+/]{40,}={0,2}/),
  shape("jwt", "ey", "J", /[\w-]{8,}\.[\w-]{8,}(?:(?:\.[\w-]+){1,3}|\.(?![\w-]))?/),
];
