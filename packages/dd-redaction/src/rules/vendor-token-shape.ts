import { hasDigits } from "../detection/character-features.ts";
import { addMatch } from "../detection/match-list.ts";
import { led, shape, type TokenShape, unmistakable } from "./token-shape.ts";
import type { WordAnchor } from "./word-scanner.ts";

const rule = "provider_key";

/** Letters and digits, of both cases and with a digit: no word, and no number. */
const mixed = (length: number): string =>
  `(?=[\\w-]{0,${length - 1}}\\d)(?=[\\w-]{0,${length - 1}}[A-Z])(?=[\\w-]{0,${length - 1}}[a-z])`;
const uuid = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

const models: readonly TokenShape[] = [
  shape(rule, "hf", "_", /[A-Za-z0-9]{30,}/),
  shape(rule, "api", "_", /org_[A-Za-z0-9]{30,}/),
  shape(rule, "gsk", "_", /[A-Za-z0-9]{40,}/),
  shape(rule, "xai", "-", /[A-Za-z0-9]{40,}/),
  shape(rule, "pplx", "-", /[A-Za-z0-9]{40,}/),
  shape(rule, "r8", "_", /[A-Za-z0-9]{37,}/),
  shape(rule, "lsv2", "_", /(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}/),
  shape(rule, "ls", "_", /_[a-f0-9]{32}/),
  shape(rule, "nvapi", "-", /[\w-]{40,}/),
  shape(rule, "csk", "-", /[a-z0-9]{40,}/),
  shape(rule, "tgp", "_", /v\d_[\w-]{32,}/),
  shape(rule, "fw", "_", new RegExp(`${mixed(20)}[A-Za-z0-9]{20,}`)),
  shape(rule, "pa", "-", new RegExp(`${mixed(40)}[\\w-]{40,}`)),
  shape(rule, "pcsk", "_", /[A-Za-z0-9]{4,8}_[A-Za-z0-9]{40,}/),
  shape(rule, "tvly", "-", /(?:dev-|prod-)?[A-Za-z0-9-]{28,}/),
  shape(rule, "sk", "_", /[0-9a-f]{48}(?![0-9a-f])/),
  shape(rule, "fc", "-", /[0-9a-f]{32}(?![\w-])/),
  shape(rule, "jina", "_", /[A-Za-z0-9]{40,}/),
  shape(rule, "e2b", "_", /[0-9a-f]{40}/),
];

const code: readonly TokenShape[] = [
  unmistakable(rule, "glpat", "-", /[\w.-]{20,}/),
  ...[
    "gldt",
    "glrt",
    "glcbt",
    "glptt",
    "glft",
    "glimt",
    "glagent",
    "gloas",
    "glsoat",
    "glffct",
  ].map((stem) => unmistakable(rule, stem, "-", /[\w.-]{20,}/)),
  shape(rule, "npm", "_", /[A-Za-z0-9]{36,}/),
  shape(rule, "pypi", "-", /[\w-]{50,}/),
  shape(rule, "rubygems", "_", /[0-9a-f]{48}/),
  shape(rule, "CLOJARS", "_", /[0-9a-f]{60}/i),
  shape(rule, "dckr", "_", /[op]at_[\w-]{27,}/),
  shape(rule, "CCIPAT", "_", /[A-Za-z0-9]{20,}_[0-9a-f]{40}/),
  shape(rule, "bkua", "_", /[0-9a-f]{40}/),
  shape(rule, "pul", "-", /[0-9a-f]{40}/),
  shape(rule, "", "A", /TATT3[\w=-]{60,}/),
  shape(rule, "", "A", /TCTT3[\w=-]{60,}/),
  shape(rule, "", "A", /TBB[A-Za-z0-9]{32}(?![A-Za-z0-9])/),
  shape(rule, "", "A", /KCp[A-Za-z0-9]{60,}/),
  shape(rule, "snyk", "_", /[us]at\.[\w.-]{40,}/),
  shape(rule, "sntrys", "_", /ey[\w+/=-]{40,}/),
  shape(rule, "sntryu", "_", /[0-9a-f]{64}/),
  shape(rule, "lin", "_", /(?:api|oauth)_[A-Za-z0-9]{32,}/),
  shape(rule, "figd", "_", /[\w-]{36,}/),
  shape(rule, "PMAK", "-", /[0-9a-f]{24}-[0-9a-f]{34}/),
  shape(rule, "secret", "_", new RegExp(`${mixed(43)}[A-Za-z0-9]{43}(?![A-Za-z0-9])`)),
  shape(rule, "ntn", "_", /\d{11}[A-Za-z0-9]{32,}/),
];

const clouds: readonly TokenShape[] = [
  ...["dop", "doo", "dor"].map((stem) => shape(rule, stem, "_", /v1_[a-f0-9]{64}/)),
  shape(rule, "HRKU", "-", /[\w-]{36,}/),
  ...["vcp", "vck", "vci", "vca", "vcr"].map((stem) =>
    shape(rule, stem, "_", new RegExp(`${mixed(24)}[A-Za-z0-9]{24,}`)),
  ),
  shape(rule, "nfp", "_", /[A-Za-z0-9]{36,}/),
  shape(rule, "rnd", "_", new RegExp(`${mixed(28)}[A-Za-z0-9]{28,}`)),
  shape(rule, "fm2", "_", /[\w+/=-]{60,}/),
  shape(rule, "fo1", "_", /[\w+/=-]{40,}/),
  shape(rule, "napi", "_", new RegExp(`${mixed(40)}[a-zA-Z0-9]{40,}`)),
  shape(rule, "sbp", "_", /[0-9a-f]{40}/),
  shape(rule, "sb", "_", /secret_[\w-]{20,}/),
  shape(rule, "pscale", "_", /(?:tkn|pw|oauth)_[\w.=-]{32,}/),
  shape(rule, "", "L", /TAI[A-Za-z0-9]{16,20}(?![A-Za-z0-9])/),
  shape(rule, "hvs", ".", /[\w-]{24,}/),
  shape(rule, "hvb", ".", /[\w-]{60,}/),
  led(
    rule,
    { length: 14, pattern: /^[A-Za-z0-9]{14}$/, ahead: "atlasv1\\." },
    ".",
    /atlasv1\.[\w-]{60,}/,
  ),
  shape(rule, "dp", ".", /(?:pt|st|ct|sa|scim|audit)\.(?:[\w-]{2,35}\.)?[A-Za-z0-9]{40,}/),
  shape(rule, "ops", "_", /ey[\w+/=-]{60,}/),
  shape(rule, "v1.0", "-", /[0-9a-f]{24}-[0-9a-f]{146}/),
  shape(rule, "sha256", "~", /[\w-]{43}(?![\w-])/),
  shape(rule, "AGE", "-", /SECRET-KEY-1[0-9A-Z]{58}/),
];

const observers: readonly TokenShape[] = [
  shape(rule, "NRAK", "-", /[A-Z0-9]{27}/),
  shape(rule, "glsa", "_", /[A-Za-z0-9]{32}_[0-9a-f]{8}/),
  shape(rule, "glc", "_", /ey[\w+/=-]{32,}/),
  shape(rule, "dt0c01", ".", /[A-Z0-9]{24}\.[A-Z0-9]{64}/),
  shape(rule, "hcaik", "_", /[a-z0-9]{58}/),
  shape(rule, "hcxik", "_", /[a-z0-9]{58}/),
  shape(rule, "pnu", "_", /[A-Za-z0-9]{36}/),
  shape(rule, "rdme", "_", /[a-z0-9]{70}/),
];

const commerce: readonly TokenShape[] = [
  ...["shpat", "shpss", "shpca", "shppa"].map((stem) => shape(rule, stem, "_", /[a-fA-F0-9]{32}/)),
  shape(rule, "sq0atp", "-", /[\w-]{22}/),
  shape(rule, "sq0csp", "-", /[\w-]{43}/),
  shape(rule, "access", "_", /token\$(?:production|sandbox)\$[a-z0-9]{16}\$[0-9a-f]{32}/),
  shape(rule, "access", "-", new RegExp(`(?:production|sandbox|development)-${uuid}`)),
  shape(rule, "rzp", "_", /(?:live|test)_[A-Za-z0-9]{14,}/),
  shape(rule, "FLWSECK", "-", /[0-9a-zA-Z]{32}-X/),
  shape(rule, "", "E", /Z[AT]K[A-Za-z0-9]{54}/),
  shape(rule, "duffel", "_", /(?:live|test)_[\w-]{40,}/),
  shape(rule, "CFPAT", "-", /[\w-]{43}/),
];

const messages: readonly TokenShape[] = [
  shape(rule, "", "S", /K[0-9a-f]{32}(?![A-Za-z0-9])/),
  shape(rule, "S", "G", /\.[\w-]{16,32}\.[\w-]{32,64}/),
  // Not the key of a cache, `page-key-…`.
  shape(rule, "key", "-", /(?<![-_]key-)[0-9a-f]{32}(?![\w-])/),
  led(rule, { length: 32, pattern: /^[0-9a-f]{32}$/, ahead: "us\\d" }, "-", /us\d{1,2}(?!\w)/),
  shape(rule, "xkeysib", "-", /[0-9a-f]{64}-[A-Za-z0-9]{16}/),
  shape(rule, "xsmtpsib", "-", /[0-9a-f]{64}-[A-Za-z0-9]{16}/),
  shape(rule, "re", "_", /[A-Za-z0-9]{8}_[A-Za-z0-9]{24}/),
  shape(rule, "tfp", "_", /[\w-]{40,}/),
  // Bots of Telegram: a number, a colon and 35 characters. The search is for the first of these.
  ...[9, 10, 11].map((length) =>
    led(rule, { length, pattern: /^\d+:$/, ahead: "A[\\w-]{33}" }, "A", /A[\w-]{33}(?![\w-])/),
  ),
  // Bots of Discord: the first part is the base64 of a number.
  ...[24, 25, 26, 27, 28].map((length) =>
    led(
      rule,
      {
        length,
        pattern: /^[MNO][DTjz][AEIMQUYcgk][\w-]+$/,
        ahead: "[A-Z][\\w-]{5}\\.[\\w-]{27}",
      },
      ".",
      /[A-Z][\w-]{5}\.[\w-]{27,38}(?![\w-])/,
    ),
  ),
  unmistakable(rule, "discord.com/api/webhooks", "/", /\d{15,20}\/[\w-]{60,}/),
  unmistakable(rule, "discordapp.com/api/webhooks", "/", /\d{15,20}\/[\w-]{60,}/),
  unmistakable(
    rule,
    "webhook.office.com",
    "/",
    /webhookb2\/[\w@-]{36,}\/IncomingWebhook\/[\w/-]{32,}/,
  ),
  unmistakable(rule, "hooks.zapier.com", "/", /hooks\/catch\/\d+\/\w{5,}/),
  // RFC 8959.
  shape(rule, "secret", "-", /token:[\w%~.+-]{8,}/),
];

/**
 * Credentials of vendors that share one rule, by their published prefixes: GitHub's secret scanning patterns
 * (https://docs.github.com/code-security/secret-scanning/introduction/supported-secret-scanning-patterns) and the
 * vendors' own documentation.
 */
export const vendorTokenShapes: readonly TokenShape[] = [
  ...models,
  ...code,
  ...clouds,
  ...observers,
  ...commerce,
  ...messages,
];

const databricks = /dapi(?<!(?<!\\)[A-Za-z0-9]dapi)[0-9a-f]{32}(?:-\d{1,2})?(?![\w-])/y;

/** Tokens of Databricks hold no character that is rare in prose, for which one search for all could look. */
export function databricksAnchor(index: number): WordAnchor {
  return {
    // A letter that another word is looked for by.
    letters: "p",
    ahead: "i[0-9a-f]{32}",
    needs: hasDigits,
    match(text, at, matches) {
      const start = at - 2;
      databricks.lastIndex = start;
      if (start < 0 || !databricks.test(text)) return -1;
      addMatch(matches, start, databricks.lastIndex, index);
      return databricks.lastIndex;
    },
  };
}
