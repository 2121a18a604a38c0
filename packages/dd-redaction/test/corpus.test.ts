import { describe, expect, it } from "vitest";
import { loadCorpus } from "../corpus/corpus.ts";
import { precision, recall, scoreCorpus } from "../corpus/score.ts";
import { builtInRuleNames } from "../src/index.ts";

describe("corpus", () => {
  const lines = loadCorpus();
  const { rules } = scoreCorpus(lines);

  it("has at least 400 lines and hits for every rule", () => {
    expect(lines.length).toBeGreaterThanOrEqual(400);
    expect(rules.map(({ rule }) => rule).sort()).toEqual([...builtInRuleNames].sort());
  });

  it.each(rules.map((score) => [score.rule, score] as const))(
    "is found by %s with precision and recall of at least 0.98",
    (_, score) => {
      expect(precision(score)).toBeGreaterThanOrEqual(0.98);
      expect(recall(score)).toBeGreaterThanOrEqual(0.98);
    },
  );
});
