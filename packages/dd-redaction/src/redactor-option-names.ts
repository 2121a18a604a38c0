import type { KeyOptions } from "./keys/key-rules.ts";
import type { RedactorOptions, RuleSettings } from "./redactor-options.ts";
import type { CustomRule } from "./rules/custom-rule.ts";
import type { ValueLimits } from "./values/value-limits.ts";

/**
 * What is known of one option: `true` for a value that is taken as it is, `plain` for data, the names of a section, or a
 * list or record whose entries are all of one kind.
 */
export type OptionShape =
  | true
  | "plain"
  | { readonly [name: string]: OptionShape }
  | readonly [container: "list" | "record", entries: OptionShape];

type OptionNames<Options> = { readonly [Name in keyof Required<Options>]: OptionShape };

const ruleSettings: OptionNames<RuleSettings> = {
  enabled: true,
  replacement: true,
  label: true,
  targets: "plain",
};

const customRule: OptionNames<CustomRule> = {
  name: true,
  pattern: true,
  find: true,
  words: "plain",
  replacement: true,
  label: true,
  targets: "plain",
};

const keys: OptionNames<KeyOptions> = { block: "plain", allow: "plain", builtIn: true };

const limits: OptionNames<ValueLimits> = {
  maxDepth: true,
  maxWidth: true,
  maxNodes: true,
  maxCharacters: true,
};

/** All options of {@link RedactorOptions} by name, for a package whose options include them. */
export const redactorOptionNames: OptionNames<RedactorOptions> = {
  preset: true,
  rules: ["record", ruleSettings],
  customRules: ["list", customRule],
  replacement: true,
  hashKey: true,
  keys,
  sensitiveKeys: true,
  keyPolicies: "plain",
  limits,
  memo: true,
  customRuleBudgetMs: true,
};
