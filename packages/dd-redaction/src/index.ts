export type { ReplacementStyle } from "./engine/replacement.ts";
export type { KeyOptions } from "./keys/key-rules.ts";
export { RedactionConfigurationError } from "./redaction-configuration-error.ts";
export { createRedactor, type Redactor } from "./redactor.ts";
export { type OptionShape, redactorOptionNames } from "./redactor-option-names.ts";
export type {
  KeyPolicy,
  RedactionPreset,
  RedactorOptions,
  RuleSettings,
} from "./redactor-options.ts";
export type { RedactionReport } from "./report.ts";
export { type BuiltInRuleName, builtInRuleNames } from "./rules/catalogue.ts";
export type { CustomRule, TextRange } from "./rules/custom-rule.ts";
export {
  createStreamRedactor,
  type StreamRedactor,
  type StreamRedactorOptions,
} from "./stream/stream-redactor.ts";
export type { RedactionTarget } from "./target.ts";
export { type SerializeOptions, serialize } from "./text/serialize.ts";
export { type TruncateOptions, truncate } from "./text/truncate.ts";
export type { ValueLimits } from "./values/value-limits.ts";
