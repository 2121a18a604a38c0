import { findPatternProblem } from "../backtracking/check-pattern.ts";
import { refuse } from "../check-options.ts";
import { always } from "../detection/character-features.ts";
import { addMatch, type MatchList } from "../detection/match-list.ts";
import type { Scanner } from "../detection/scanner.ts";
import type { IndexedCustomRule } from "../engine/active-rules.ts";
import { escapePattern } from "../engine/label-pattern.ts";
import { RedactionConfigurationError } from "../redaction-configuration-error.ts";
import type { CustomRule, TextRange } from "./custom-rule.ts";

/** A custom rule failed on a text; the text must not leave. */
export class CustomRuleError extends Error {
  override readonly name = "CustomRuleError";
  /** Name of the rule. */
  readonly rule: string;

  constructor(rule: string, message: string) {
    super(message);
    this.rule = rule;
  }
}

type Find = (text: string, deadline: number) => Iterable<TextRange>;

/** Checks custom rules and joins them to one scanner. */
export function createCustomScanner(
  rules: readonly IndexedCustomRule[],
  budgetMs: number,
): Scanner {
  const finders = rules.map(({ rule, definition }) => ({
    rule,
    name: definition.name,
    find: createFind(definition),
  }));
  return {
    needs: always,
    readsUuids: true,
    minimumLength: 1,
    scan(text, matches) {
      const deadline = Date.now() + budgetMs;
      for (const { rule, name, find } of finders) {
        runRule(text, matches, rule, name, () => find(text, deadline), deadline);
      }
    },
  };
}

function runRule(
  text: string,
  matches: MatchList,
  rule: number,
  name: string,
  find: () => Iterable<TextRange>,
  deadline: number,
): void {
  try {
    for (const { start, end } of find()) {
      if (!Number.isInteger(start) || !Number.isInteger(end)) throw new RangeError("not a range");
      if (start < 0 || end > text.length || start > end) throw new RangeError("outside the text");
      if (start < end) addMatch(matches, start, end, rule);
      if (Date.now() > deadline) throw new RangeError("over its budget of time");
    }
    if (Date.now() > deadline) throw new RangeError("over its budget of time");
  } catch (error) {
    throw new CustomRuleError(name, error instanceof Error ? error.message : "threw");
  }
}

function createFind({ name, pattern, find, words }: CustomRule): Find {
  const option = `customRules.${name}`;
  if ([pattern, find, words].filter((part) => part !== undefined).length !== 1) {
    const given = { pattern, find, words };
    refuse(option, "a rule with exactly one of pattern, find and words", given);
  }
  if (find !== undefined) {
    if (typeof find !== "function") refuse(`${option}.find`, "a function", find);
    return (text) => find(text);
  }
  if (words !== undefined) return findPattern(wordPattern(`${option}.words`, words));
  if (!(pattern instanceof RegExp)) refuse(`${option}.pattern`, "a RegExp", pattern);
  const problem = findPatternProblem(pattern);
  if (problem !== undefined) {
    throw new RedactionConfigurationError(
      `the pattern of ${name} ${problem}. Set the option ${option}.pattern to one that does not.`,
    );
  }
  const flags = pattern.flags.replace(/[gy]/g, "");
  return findPattern(new RegExp(pattern.source, `${flags}g`));
}

function wordPattern(option: string, words: unknown): RegExp {
  const given: readonly unknown[] = Array.isArray(words) ? words : [];
  const usable = given.filter(
    (word): word is string => typeof word === "string" && word.trim() !== "",
  );
  if (usable.length !== given.length || usable.length === 0) {
    refuse(option, "a list of texts, at least one", words);
  }
  // Longer words first, so that "Project X2" is not cut to "Project X".
  const sorted = [...usable].sort((left, right) => right.length - left.length);
  const alternatives = sorted.map((word) => escapePattern(word.trim())).join("|");
  return new RegExp(`(?<![\\p{L}\\p{N}_])(?:${alternatives})(?![\\p{L}\\p{N}_])`, "giu");
}

function findPattern(pattern: RegExp): Find {
  return function* findMatches(text) {
    pattern.lastIndex = 0;
    for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
      const end = found.index + found[0].length;
      yield { start: found.index, end };
      pattern.lastIndex = end > found.index ? end : end + 1;
    }
  };
}
