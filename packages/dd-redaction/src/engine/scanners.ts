import type { RuleIndex, Scanner } from "../detection/scanner.ts";
import { authorizationAnchor } from "../rules/bearer-and-basic.ts";
import { createCommandLineLoginScanner } from "../rules/command-line-login.ts";
import { createEmailScanner } from "../rules/email.ts";
import { healthIdentifierRules } from "../rules/health-identifier.ts";
import { nationalIdRules } from "../rules/national-id.ts";
import { networkAddressRules } from "../rules/network-address.ts";
import { createNumberScanner } from "../rules/number-scanner.ts";
import type { KeyTest } from "../rules/pair-key.ts";
import { createPatternScanner } from "../rules/pattern-scanner.ts";
import { privateKeyAnchor } from "../rules/private-key.ts";
import { createSecretPairScanner, passwordSentenceAnchor } from "../rules/secret-pair.ts";
import { createTokenScanner } from "../rules/token-scanner.ts";
import { createUrlCredentialsScanner } from "../rules/url-credentials.ts";
import { databricksAnchor } from "../rules/vendor-token-shape.ts";
import { createWordScanner, type WordAnchor } from "../rules/word-scanner.ts";

type ScannerFactory = (rule: number) => Scanner;

/** One scanner per rule. URL credentials come first: the e-mail scanner asks what they took. */
const singleRuleScanners: readonly (readonly [name: string, create: ScannerFactory])[] = [
  ["url_credentials", createUrlCredentialsScanner],
  ["email", createEmailScanner],
];

/**
 * The scanners of the built-in rules that are on.
 *
 * @param quotedRules Rules that replace an unquoted JSON value, by backslashes before the quotes.
 */
export function createScanners(
  ruleIndex: RuleIndex,
  quotedRules: readonly number[],
  keys: KeyTest,
): Scanner[] {
  const scanners: Scanner[] = [];
  for (const [name, create] of singleRuleScanners) {
    const rule = ruleIndex(name);
    if (rule >= 0) scanners.push(create(rule));
  }
  const tokens = createTokenScanner(ruleIndex);
  if (tokens !== undefined) scanners.push(tokens);
  const words: WordAnchor[] = [];
  const pair = ruleIndex("secret_pair");
  if (pair >= 0) {
    const datadogRule = ruleIndex("datadog_key");
    const settings = { rule: pair, quotedRules, datadogRule, keys };
    scanners.push(createSecretPairScanner(settings));
    scanners.push(createCommandLineLoginScanner(pair));
    words.push(passwordSentenceAnchor(settings));
  }
  const schemes = { bearer: ruleIndex("bearer_token"), basic: ruleIndex("basic_auth") };
  if (Math.max(schemes.bearer, schemes.basic) >= 0) words.push(authorizationAnchor(schemes));
  const privateKey = ruleIndex("private_key");
  if (privateKey >= 0) words.push(privateKeyAnchor(privateKey));
  const provider = ruleIndex("provider_key");
  if (provider >= 0) words.push(databricksAnchor(provider));
  if (words.length > 0) scanners.push(createWordScanner(words));
  const numbers = {
    paymentCard: ruleIndex("payment_card"),
    socialSecurityNumber: ruleIndex("ssn"),
    phone: ruleIndex("phone"),
    iban: ruleIndex("iban"),
  };
  if (Math.max(...Object.values(numbers)) >= 0) scanners.push(createNumberScanner(numbers));
  for (const definition of [...networkAddressRules, ...nationalIdRules, ...healthIdentifierRules]) {
    const rule = ruleIndex(definition.name);
    if (rule >= 0) scanners.push(createPatternScanner(rule, definition));
  }
  return scanners;
}
