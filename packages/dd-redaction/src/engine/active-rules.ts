import { RedactionConfigurationError } from "../redaction-configuration-error.ts";
import type { RedactionPreset, RedactorOptions, RuleSettings } from "../redactor-options.ts";
import { type BuiltInRuleName, type CatalogueEntry, catalogue } from "../rules/catalogue.ts";
import type { CustomRule } from "../rules/custom-rule.ts";
import { type RedactionTarget, redactionTargets } from "../target.ts";
import type { ActiveRule } from "./active-rule.ts";
import type { ReplacementStyle } from "./replacement.ts";

/** A custom rule with its place in the table. */
export interface IndexedCustomRule {
  readonly rule: number;
  readonly definition: CustomRule;
}

/** Every rule that is on, custom rules first. */
export interface RuleTable {
  readonly rules: readonly ActiveRule[];
  readonly index: ReadonlyMap<string, number>;
  /** Variants of `secret_pair` that bring their own quotes, by backslashes in front of them. */
  readonly quotedRules: readonly number[];
  readonly custom: readonly IndexedCustomRule[];
}

const presets: readonly RedactionPreset[] = ["default", "gdpr", "hipaa", "off"];
const styles: readonly ReplacementStyle[] = ["label", "mask", "hash"];
/** Quotes of a JSON string as they stand on the levels a JSON text can be nested. */
const deepestQuote = 7;

/** Collects the rules of the options. */
export function activeRules(options: RedactorOptions): RuleTable {
  const preset = options.preset ?? "default";
  if (!presets.includes(preset)) {
    throw new RedactionConfigurationError(`preset must be one of ${presets.join(", ")}`);
  }
  rejectUnknownRules(options);
  const style = options.replacement ?? "label";
  const rules: ActiveRule[] = [];
  // First, so that they also name what overlaps: a label without quotes would break the JSON.
  const quotedRules = addQuotedRules(rules, preset, options, style);
  const index = new Map<string, number>();
  const custom = (options.customRules ?? []).map((definition) => {
    const label = definition.label ?? `[${String(definition.name).toUpperCase()}_REDACTED]`;
    const rule = rules.push(toActiveRule(definition.name, { ...definition, label }, style)) - 1;
    if (index.has(definition.name) || isBuiltIn(definition.name)) {
      throw new RedactionConfigurationError(`there are two rules named ${definition.name}`);
    }
    index.set(definition.name, rule);
    return { rule, definition };
  });
  for (const entry of catalogue) {
    const settings = settingsOf(entry, preset, options);
    if (settings === undefined) continue;
    index.set(entry.name, rules.push(toActiveRule(entry.name, settings, style)) - 1);
  }
  return { rules, index, quotedRules, custom };
}

function rejectUnknownRules(options: RedactorOptions): void {
  for (const name of Object.keys(options.rules ?? {})) {
    if (!isBuiltIn(name)) throw new RedactionConfigurationError(`there is no rule named ${name}`);
  }
}

function isBuiltIn(name: string): name is BuiltInRuleName {
  return catalogue.some((entry) => entry.name === name);
}

function settingsOf(
  entry: CatalogueEntry,
  preset: RedactionPreset,
  options: RedactorOptions,
): (RuleSettings & { readonly label: string }) | undefined {
  const own = options.rules?.[entry.name];
  const settings: RuleSettings = typeof own === "object" && own !== null ? own : {};
  const byPreset = preset !== "off" && entry.presets.includes(preset);
  const enabled = typeof own === "boolean" ? own : (settings.enabled ?? byPreset);
  return enabled ? { ...settings, label: settings.label ?? entry.label } : undefined;
}

function toActiveRule(
  name: string,
  settings: {
    readonly label: string;
    readonly replacement?: ReplacementStyle;
    readonly targets?: readonly RedactionTarget[];
  },
  style: ReplacementStyle,
): ActiveRule {
  if (typeof name !== "string" || !/^[a-z][a-z0-9_]{0,63}$/.test(name)) {
    throw new RedactionConfigurationError(
      `a rule name is made of lower-case letters, digits and "_", not ${JSON.stringify(name)}`,
    );
  }
  const { label, replacement = style, targets = redactionTargets } = settings;
  if (!/^\[[A-Z][A-Z0-9_]{0,63}\]$/.test(label)) {
    throw new RedactionConfigurationError(
      `the label of ${name} must look like [NAME], not ${label}`,
    );
  }
  if (!styles.includes(replacement)) {
    throw new RedactionConfigurationError(
      `the replacement of ${name} must be one of ${styles.join(", ")}`,
    );
  }
  for (const target of targets) {
    if (!redactionTargets.includes(target)) {
      throw new RedactionConfigurationError(`${name} has an unknown target ${String(target)}`);
    }
  }
  return { name, label, style: replacement, targets, quote: "" };
}

function addQuotedRules(
  rules: ActiveRule[],
  preset: RedactionPreset,
  options: RedactorOptions,
  style: ReplacementStyle,
): number[] {
  const entry = catalogue.find(({ name }) => name === "secret_pair");
  const settings = entry && settingsOf(entry, preset, options);
  if (entry === undefined || settings === undefined) return [];
  const pair = toActiveRule(entry.name, settings, style);
  return Array.from({ length: deepestQuote + 1 }, (_, backslashes) => {
    return rules.push({ ...pair, quote: `${"\\".repeat(backslashes)}"` }) - 1;
  });
}
