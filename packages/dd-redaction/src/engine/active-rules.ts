import { refuse, shownName } from "../check-options.ts";
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
  const { preset = "default", replacement: style = "label" } = options;
  if (!presets.includes(preset)) {
    refuse("preset", `one of ${presets.join(", ")}`, preset);
  }
  rejectUnknownRules(options);
  const rules: ActiveRule[] = [];
  // First, so that they also name what overlaps: a label without quotes would break the JSON.
  const quotedRules = addQuotedRules(rules, preset, options, style);
  const index = new Map<string, number>();
  const custom = (options.customRules ?? []).map((definition, position) => {
    if (typeof definition !== "object" || definition === null) {
      refuse(`customRules[${position}]`, "a rule", definition);
    }
    checkRuleName(definition.name, position);
    const { label = `[${definition.name.toUpperCase()}_REDACTED]` } = definition;
    const option = `customRules.${definition.name}`;
    const active = toActiveRule(definition.name, { ...definition, label }, style, option);
    const rule = rules.push(active) - 1;
    if (index.has(definition.name) || isBuiltIn(definition.name)) {
      throw new RedactionConfigurationError(
        `there are two rules named ${definition.name} in customRules, or one is built in. Set the option customRules to rules of different names.`,
      );
    }
    index.set(definition.name, rule);
    return { rule, definition };
  });
  for (const entry of catalogue) {
    const settings = settingsOf(entry, preset, options);
    if (settings === undefined) continue;
    const active = toActiveRule(entry.name, settings, style, `rules.${entry.name}`);
    index.set(entry.name, rules.push(active) - 1);
  }
  return { rules, index, quotedRules, custom };
}

function rejectUnknownRules(options: RedactorOptions): void {
  for (const [name, settings] of Object.entries(options.rules ?? {})) {
    if (!isBuiltIn(name)) {
      throw new RedactionConfigurationError(
        `rules may hold built-in rules only, and there is no rule named ${shownName(name)}. Set the option rules to names of builtInRuleNames.`,
      );
    }
    const isSwitch = typeof settings === "boolean" || settings === undefined;
    if (!isSwitch && (typeof settings !== "object" || settings === null)) {
      refuse(`rules.${name}`, "true, false or an object", settings);
    }
    const enabled: unknown = isSwitch ? undefined : settings.enabled;
    if (enabled !== undefined && typeof enabled !== "boolean") {
      refuse(`rules.${name}.enabled`, "true or false", enabled);
    }
  }
}

function checkRuleName(name: unknown, position: number): void {
  if (typeof name === "string" && /^[a-z][a-z0-9_]{0,63}$/.test(name)) return;
  refuse(
    `customRules[${position}].name`,
    'made of at most 64 lower-case letters, digits and "_"',
    name,
  );
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
  const { label = entry.label } = settings;
  return enabled ? { ...settings, label } : undefined;
}

function toActiveRule(
  name: string,
  settings: {
    readonly label: string;
    readonly replacement?: ReplacementStyle;
    readonly targets?: readonly RedactionTarget[];
  },
  style: ReplacementStyle,
  option: string,
): ActiveRule {
  const { label, replacement = style, targets = redactionTargets } = settings;
  if (typeof label !== "string" || !/^\[[A-Z][A-Z0-9_]{0,63}\]$/.test(label)) {
    refuse(`${option}.label`, "like [NAME]", label);
  }
  if (!styles.includes(replacement)) {
    refuse(`${option}.replacement`, `one of ${styles.join(", ")}`, replacement);
  }
  if (!Array.isArray(targets)) refuse(`${option}.targets`, "a list", targets);
  for (const target of targets) {
    if (!redactionTargets.includes(target)) {
      refuse(`${option}.targets`, `a list of ${redactionTargets.join(", ")}`, target);
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
  const pair = toActiveRule(entry.name, settings, style, `rules.${entry.name}`);
  return Array.from({ length: deepestQuote + 1 }, (_, backslashes) => {
    return rules.push({ ...pair, quote: `${"\\".repeat(backslashes)}"` }) - 1;
  });
}
