/** What a credential with a fixed prefix looks like. */
export interface TokenShape {
  /** Name of the rule it belongs to. */
  readonly rule: string;
  /** Text every such credential begins with. */
  readonly prefix: string;
  /** What follows the prefix; sticky, linear, and tested at the end of the prefix. */
  readonly body: RegExp;
  /** Characters that would make a match part of a longer word or blob. */
  readonly notBefore?: RegExp;
}

/**
 * Credentials of providers by their published prefixes (GitHub secret scanning patterns and the
 * providers' own documentation). The third character of every prefix is rare in prose, so that
 * one search for all of them skips most of a text.
 */
export const tokenShapes: readonly TokenShape[] = [
  { rule: "anthropic_key", prefix: "sk-ant-", body: /[\w-]{16,}/y },
  { rule: "provider_key", prefix: "sk-or-", body: /v\d-[\w-]{16,}/y },
  { rule: "provider_key", prefix: "sk-lf-", body: /[\w-]{16,}/y },
  { rule: "provider_key", prefix: "pk-lf-", body: /[\w-]{16,}/y },
  {
    rule: "openai_key",
    prefix: "sk-",
    body: /(?:proj|svcacct|admin|None)-[\w-]{16,}|(?=[\w-]{0,40}\d)[\w-]{20,}|[A-Za-z0-9]{20,}/y,
  },
  { rule: "stripe_key", prefix: "sk_", body: /(?:live|test)_[A-Za-z0-9]{10,}/y },
  { rule: "stripe_key", prefix: "rk_", body: /(?:live|test)_[A-Za-z0-9]{10,}/y },
  { rule: "stripe_key", prefix: "whsec_", body: /[A-Za-z0-9+/]{24,}={0,2}/y },
  { rule: "github_token", prefix: "ghp_", body: /[A-Za-z0-9]{36,}/y },
  { rule: "github_token", prefix: "gho_", body: /[A-Za-z0-9]{36,}/y },
  { rule: "github_token", prefix: "ghu_", body: /[A-Za-z0-9]{36,}/y },
  { rule: "github_token", prefix: "ghs_", body: /[A-Za-z0-9]{36,}/y },
  { rule: "github_token", prefix: "ghr_", body: /[A-Za-z0-9]{36,}/y },
  { rule: "github_token", prefix: "github_pat_", body: /\w{36,}/y },
  { rule: "slack_token", prefix: "xoxa-", body: /[A-Za-z0-9-]{10,}/y },
  { rule: "slack_token", prefix: "xoxb-", body: /[A-Za-z0-9-]{10,}/y },
  { rule: "slack_token", prefix: "xoxc-", body: /[A-Za-z0-9-]{10,}/y },
  { rule: "slack_token", prefix: "xoxd-", body: /[A-Za-z0-9%/+-]{10,}/y },
  { rule: "slack_token", prefix: "xoxe", body: /[.-][A-Za-z0-9.-]{10,}/y },
  { rule: "slack_token", prefix: "xoxo-", body: /[A-Za-z0-9-]{10,}/y },
  { rule: "slack_token", prefix: "xoxp-", body: /[A-Za-z0-9-]{10,}/y },
  { rule: "slack_token", prefix: "xoxr-", body: /[A-Za-z0-9-]{10,}/y },
  { rule: "slack_token", prefix: "xoxs-", body: /[A-Za-z0-9-]{10,}/y },
  { rule: "slack_token", prefix: "xapp-", body: /\d-[A-Za-z0-9-]{10,}/y },
  {
    rule: "slack_token",
    prefix: "hooks.slack.com/",
    body: /(?:services|workflows|triggers)\/[\w/]{20,}/y,
  },
  { rule: "aws_key", prefix: "AKIA", body: /[A-Z2-7]{16}(?![A-Za-z0-9])/y },
  { rule: "aws_key", prefix: "ASIA", body: /[A-Z2-7]{16}(?![A-Za-z0-9])/y },
  { rule: "google_key", prefix: "AIza", body: /[\w-]{35,}/y },
  { rule: "google_key", prefix: "GOCSPX-", body: /[\w-]{20,}/y },
  { rule: "google_key", prefix: "ya29.", body: /[\w-]{20,}(?:\.[\w-]{8,})*/y },
  { rule: "jwt", prefix: "eyJ", body: /[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*){0,3}/y },
  { rule: "datadog_key", prefix: "pub", body: /[0-9a-f]{32}(?![A-Za-z0-9])/y },
  { rule: "provider_key", prefix: "glpat-", body: /[\w.-]{20,}/y },
  { rule: "provider_key", prefix: "npm_", body: /[A-Za-z0-9]{36,}/y },
  { rule: "provider_key", prefix: "pypi-", body: /[\w-]{50,}/y },
  { rule: "provider_key", prefix: "hf_", body: /[A-Za-z0-9]{30,}/y },
  { rule: "provider_key", prefix: "gsk_", body: /[A-Za-z0-9]{40,}/y },
  { rule: "provider_key", prefix: "xai-", body: /[A-Za-z0-9]{40,}/y },
  { rule: "provider_key", prefix: "pplx-", body: /[A-Za-z0-9]{40,}/y },
  { rule: "provider_key", prefix: "r8_", body: /[A-Za-z0-9]{37,}/y },
  { rule: "provider_key", prefix: "lsv2_", body: /(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}/y },
  { rule: "provider_key", prefix: "SG.", body: /[\w-]{16,32}\.[\w-]{32,64}/y },
  { rule: "provider_key", prefix: "dop_v1_", body: /[a-f0-9]{64}/y },
  { rule: "provider_key", prefix: "shpat_", body: /[a-fA-F0-9]{32}/y },
];
