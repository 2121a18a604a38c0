import {
  type BuiltInRuleName,
  builtInRuleNames,
  createRedactor,
  type RedactionPreset,
  type Redactor,
  type RuleSettings,
} from "@llmdevops/dd-redaction";
import type { CorpusLine, ExpectedRange } from "./corpus.ts";

/** How well one rule did. */
export interface RuleScore {
  readonly rule: string;
  truePositives: number;
  falsePositives: number;
  falseNegatives: number;
}

/** A line on which a rule was wrong. */
export interface Mistake {
  readonly line: CorpusLine;
  readonly output: string;
}

/** Scores per rule, and the lines behind what is missing. */
export interface CorpusScore {
  readonly rules: readonly RuleScore[];
  readonly mistakes: readonly Mistake[];
}

/** Share of what was found that should have been found. */
export function precision({ truePositives, falsePositives }: RuleScore): number {
  return truePositives / (truePositives + falsePositives);
}

/** Share of what should have been found that was found. */
export function recall({ truePositives, falseNegatives }: RuleScore): number {
  return truePositives / (truePositives + falseNegatives);
}

/** Runs the corpus and compares ranges exactly: one character more or less is a mistake twice. */
export function scoreCorpus(lines: readonly CorpusLine[]): CorpusScore {
  const scores = new Map<string, RuleScore>();
  const mistakes: Mistake[] = [];
  const redactors = new Map<string, Redactor>();
  const scoreOf = (rule: string): RuleScore => {
    const score = scores.get(rule) ?? {
      rule,
      truePositives: 0,
      falsePositives: 0,
      falseNegatives: 0,
    };
    scores.set(rule, score);
    return score;
  };
  for (const line of lines) {
    const redactor = redactors.get(line.preset) ?? createLabelled(line.preset);
    redactors.set(line.preset, redactor);
    const output = redactor.redact(line.text);
    const found = foundRanges(line.text, output);
    const hit = (range: ExpectedRange, others: readonly ExpectedRange[]): boolean =>
      others.some(
        ({ rule, start, end }) => rule === range.rule && start === range.start && end === range.end,
      );
    const missed = line.expected.filter((range) => !hit(range, found));
    const wrong = found.filter((range) => !hit(range, line.expected));
    for (const range of line.expected) {
      if (missed.includes(range)) scoreOf(range.rule).falseNegatives++;
      else scoreOf(range.rule).truePositives++;
    }
    for (const { rule } of wrong) scoreOf(rule).falsePositives++;
    if (missed.length + wrong.length > 0) mistakes.push({ line, output });
  }
  return { rules: [...scores.values()], mistakes };
}

const labelPrefix = "[FOUND_";

/** A redactor whose labels name the rule, so that the output shows which rule found what. */
function createLabelled(preset: RedactionPreset): Redactor {
  const rules: Partial<Record<BuiltInRuleName, RuleSettings>> = {};
  for (const name of builtInRuleNames)
    rules[name] = { label: `${labelPrefix}${name.toUpperCase()}]` };
  return createRedactor({ preset, rules });
}

/** Finds the labels in an output and what they replaced in the text. */
function foundRanges(text: string, output: string): ExpectedRange[] {
  const ranges: ExpectedRange[] = [];
  let at = 0;
  let from = 0;
  for (const label of output.matchAll(/\[FOUND_([A-Z0-9_]+)\]/g)) {
    let start = at + label.index - from;
    from = label.index + label[0].length;
    // A bare number in JSON is replaced by a string: its quotes belong to the replacement.
    if (output[label.index - 1] === '"' && text[start - 1] !== '"') {
      start--;
      from++;
    }
    const next = output.indexOf(labelPrefix, from);
    const literal = output.slice(from, next === -1 ? output.length : next);
    at = next === -1 ? text.length - literal.length : text.indexOf(literal, start + 1);
    ranges.push({ rule: (label[1] ?? "").toLowerCase(), start, end: at });
  }
  return ranges;
}
