import { checkOptions, refuse } from "../check-options.ts";
import { createKeyedHash } from "../hash/keyed-hash.ts";
import { HarmlessKeys } from "../keys/harmless-keys.ts";
import { KeyRules } from "../keys/key-rules.ts";
import { keySegments } from "../keys/segments.ts";
import { RedactionConfigurationError } from "../redaction-configuration-error.ts";
import type { KeyPolicy, RedactorOptions } from "../redactor-options.ts";
import type { ReportCounter } from "../report.ts";
import { CustomRuleError, createCustomScanner } from "../rules/custom-scanner.ts";
import { type RedactionTarget, redactionTargets } from "../target.ts";
import { serialize } from "../text/serialize.ts";
import { type ResolvedLimits, resolveLimits } from "../values/value-limits.ts";
import { activeRules, type RuleTable } from "./active-rules.ts";
import { createLabelPattern } from "./label-pattern.ts";
import { Program } from "./program.ts";
import { hashLabel, mask } from "./replacement.ts";
import { createScanners } from "./scanners.ts";

/** Options turned into what runs. */
export interface Compiled {
  readonly programs: Readonly<Record<RedactionTarget, Program>>;
  readonly keyRules: KeyRules;
  readonly limits: ResolvedLimits;
  /** What to do with the value under a key; `redact` when nothing is special about it. */
  readonly policyOf: (key: string) => KeyPolicy;
  /** A whole value as mask or hash. */
  readonly restyle: (style: "mask" | "hash", value: unknown) => string;
  /** Counts a failure under the rule that caused it. */
  readonly onFailure: (error: unknown) => void;
}

/** Checks options and builds the programs. */
export function compile(options: RedactorOptions, counter: ReportCounter): Compiled {
  checkOptions(options);
  const keyRules = new KeyRules(options.keys);
  const table = activeRules(options);
  const hash = resolveHash(options, table);
  return {
    programs: createPrograms(options, table, keyRules, hash, counter),
    keyRules,
    limits: resolveLimits(options.limits),
    policyOf: createPolicyLookup(options, keyRules),
    restyle(style, value) {
      const text = serialize(value);
      return style === "mask" || hash === undefined
        ? mask(text)
        : hashLabel("[REDACTED]", hash(text));
    },
    onFailure: (error) =>
      counter.failure(error instanceof CustomRuleError ? error.rule : "internal"),
  };
}

function createPrograms(
  options: RedactorOptions,
  table: RuleTable,
  keyRules: KeyRules,
  hash: ((text: string) => string) | undefined,
  counter: ReportCounter,
): Record<RedactionTarget, Program> {
  const { rules, custom } = table;
  const settings = {
    rules,
    hash,
    labelPattern: createLabelPattern(rules),
    count: (rule: number) => counter.rule(rules[rule]?.name ?? "unknown"),
  };
  const known = new Map<string, Program>();
  // Without a prototype: a target named `constructor` must not find one.
  const programs = Object.create(null) as Record<RedactionTarget, Program>;
  for (const target of redactionTargets) {
    const active = rules.map((rule) => rule.targets.includes(target));
    const signature = active.map(Number).join("");
    const program = known.get(signature) ?? createProgram(active);
    known.set(signature, program);
    programs[target] = program;
  }
  return programs;

  function createProgram(active: readonly boolean[]): Program {
    const index = (name: string): number => {
      const rule = table.index.get(name) ?? -1;
      return rule >= 0 && active[rule] === true ? rule : -1;
    };
    const scanners = createScanners(index, table.quotedRules, {
      isSensitive: (key) => keyRules.isSensitive(key),
      harmless: new HarmlessKeys(),
    });
    const own = custom.filter(({ rule }) => active[rule] === true);
    if (own.length > 0) scanners.push(createCustomScanner(own, options.customRuleBudgetMs ?? 50));
    return new Program(scanners, settings, options.memo ?? true);
  }
}

const maximumPolicyMemo = 2048;
const maximumMemoKeyLength = 64;

const policies: readonly KeyPolicy[] = ["replace", "block", "mask", "hash", "redact", "keep"];

function createPolicyLookup(
  options: RedactorOptions,
  keyRules: KeyRules,
): (key: string) => KeyPolicy {
  const sensitive = options.sensitiveKeys ?? "replace";
  const own = new Map<string, KeyPolicy>();
  for (const [key, policy] of Object.entries(options.keyPolicies ?? {})) {
    if (!policies.includes(policy)) {
      refuse("keyPolicies", `one of ${policies.join(", ")} for every key`, policy);
    }
    own.set(keySegments(key).join("."), policy);
  }
  if (own.size === 0) return (key) => (keyRules.isSensitive(key) ? sensitive : "redact");
  let memo = new Map<string, KeyPolicy>();
  return (key) => {
    const known = memo.get(key);
    if (known !== undefined) return known;
    const policy =
      own.get(keySegments(key).join(".")) ?? (keyRules.isSensitive(key) ? sensitive : "redact");
    if (memo.size >= maximumPolicyMemo) memo = new Map();
    if (key.length <= maximumMemoKeyLength) memo.set(key, policy);
    return policy;
  };
}

const minimumHashKeyBytes = 16;

function resolveHash(
  options: RedactorOptions,
  { rules }: RuleTable,
): ((text: string) => string) | undefined {
  const { hashKey } = options;
  const used =
    rules.some(({ style }) => style === "hash") ||
    Object.values(options.keyPolicies ?? {}).includes("hash");
  if (hashKey === undefined) {
    if (used) {
      throw new RedactionConfigurationError(
        'hashKey must be set where "hash" is used, not undefined. Set the option hashKey to a secret of at least 16 bytes.',
      );
    }
    return undefined;
  }
  if (hashKey.length < minimumHashKeyBytes) {
    throw new RedactionConfigurationError(
      `hashKey must have at least ${minimumHashKeyBytes} bytes, not ${hashKey.length}. Set the option hashKey to a longer secret.`,
    );
  }
  return createKeyedHash(hashKey);
}
