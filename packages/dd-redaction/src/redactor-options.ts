import type { ReplacementStyle } from "./engine/replacement.ts";
import type { KeyOptions } from "./keys/key-rules.ts";
import type { BuiltInRuleName } from "./rules/catalogue.ts";
import type { CustomRule } from "./rules/custom-rule.ts";
import type { RedactionTarget } from "./target.ts";
import type { ValueLimits } from "./values/value-limits.ts";

/**
 * A set of built-in rules: `default` (credentials, e-mail, phone, SSN, cards, IBAN), `gdpr` (adds
 * IP and MAC addresses and European identity numbers), `hipaa` (adds those Safe Harbor identifiers
 * of 45 CFR 164.514(b)(2) that a pattern can find), `off` (none; sensitive keys still count).
 */
export type RedactionPreset = "default" | "gdpr" | "hipaa" | "off";

/** Settings of one built-in rule; what is left out keeps its default. */
export interface RuleSettings {
  /** Whether the rule is on. @default by preset */
  readonly enabled?: boolean;
  /** What takes the place of a match. @default the redactor's `replacement` */
  readonly replacement?: ReplacementStyle;
  /** Text of the label, in square brackets. @default for example `[EMAIL_REDACTED]` */
  readonly label?: string;
  /** Where the rule applies. @default everywhere */
  readonly targets?: readonly RedactionTarget[];
}

/**
 * What happens to the value under a key: `replace` and `block` treat it as sensitive, `mask` and
 * `hash` replace it whole in that style, `redact` applies the value rules only, `keep` leaves it.
 */
export type KeyPolicy = "replace" | "block" | "mask" | "hash" | "redact" | "keep";

/** Options of `createRedactor`. */
export interface RedactorOptions {
  /** Built-in rules to start from. @default "default" */
  readonly preset?: RedactionPreset;
  /** Built-in rules to turn on (`true`), off (`false`) or change. @default {} */
  readonly rules?: Readonly<Partial<Record<BuiltInRuleName, boolean | RuleSettings>>>;
  /** Your own rules. @default [] */
  readonly customRules?: readonly CustomRule[];
  /** What takes the place of a match unless its rule says otherwise. @default "label" */
  readonly replacement?: ReplacementStyle;
  /** Key of the HMAC; needed where `hash` is used, at least 16 bytes. @default none */
  readonly hashKey?: string | Uint8Array;
  /** Which keys are sensitive. @default built-in words */
  readonly keys?: KeyOptions;
  /**
   * Whether the value under a sensitive key is replaced by `[REDACTED]` or left out with its key.
   *
   * @default "replace"
   */
  readonly sensitiveKeys?: "replace" | "block";
  /** What happens to the values of single keys, written in any spelling. @default {} */
  readonly keyPolicies?: Readonly<Record<string, KeyPolicy>>;
  /** How much of a nested value is looked at. @default see `ValueLimits` */
  readonly limits?: ValueLimits;
  /**
   * Whether results of texts that come again are remembered: at most 512 texts and 1,048,576
   * characters per target, each only from its second appearance on.
   *
   * @default true
   */
  readonly memo?: boolean;
  /**
   * Milliseconds the custom rules may take for one text before it becomes `[REDACTION_FAILED]`.
   *
   * @default 50
   */
  readonly customRuleBudgetMs?: number;
}
